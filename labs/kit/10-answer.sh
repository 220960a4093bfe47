# How a check answers. Its last line of output is `message-id key=value …`; a value is a bare word, or stands in
# double quotes in which \" and \\ are the only escapes.

# pass [key=value …]: this holds.
pass() {
  answer passed "$@"
  exit 0
}

# fail MESSAGE [key=value …]: this does not hold, and the lab's message says why.
fail() {
  answer "$@"
  exit 1
}

# cannot_ask WHY: neither; the learner is told that it is our fault and asked nothing.
cannot_ask() {
  printf '%s\n' "$*" >&2
  exit 2
}

# A program that is not there proves nothing either way: somebody took it away. bash calls this in a process of its own, so
# the script is told by a signal, which it takes when that one has ended and before its next command.
command_not_found_handle() {
  printf '%s: not found\n' "$1" >&2
  kill -s USR1 "$$"
  return 127
}
trap 'exit 2' USR1

answer() {
  local message=$1 pair
  shift
  printf '%s' "$message"
  for pair in "$@"; do
    printf ' %s=%s' "${pair%%=*}" "$(quoted "${pair#*=}")"
  done
  printf '\n'
}

# Control characters would end the line, or draw on somebody's screen.
quoted() {
  local value=$1
  value=${value//[[:cntrl:]]/ }
  value=${value//\\/\\\\}
  value=${value//\"/\\\"}
  if [[ $value =~ ^[A-Za-z0-9_./:@%+,-]+$ ]]; then printf '%s' "$value"; else printf '"%s"' "$value"; fi
}
