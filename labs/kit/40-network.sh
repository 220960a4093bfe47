# What goes over TCP.

# docker_tcp METHOD URL [--certs FOLDER]: asks a daemon over TCP, as in `docker_tcp GET https://host:2376/version`. In
# FOLDER, ca.pem says whom to trust, cert.pem and key.pem who asks; what is not there is not used. Prints the body.
# Returns 0 for 2xx, 22 for another answer, 7 when nobody listens, 28 without an answer, 60 when the server is not
# trusted, 35 or 56 when it breaks off the handshake (TLS 1.3 refuses clients only after theirs: 56).
docker_tcp() {
  local method=$1 url=$2 tls=()
  if [[ ${3-} == --certs ]]; then
    [[ -e $4/ca.pem ]] && tls+=(--cacert "$4/ca.pem")
    [[ -e $4/cert.pem ]] && tls+=(--cert "$4/cert.pem" --key "$4/key.pem")
  fi
  curl --silent --fail --connect-timeout 5 --max-time 15 --request "$method" "${tls[@]}" "$url"
}

# tcp_listeners PORT: the addresses somebody listens at, one per line, `*` being all of them. Returns 1 for none.
tcp_listeners() {
  ss --no-header --listening --tcp --numeric "sport = :$1" |
    awk '{ sub(/:[0-9]+$/, "", $4); print $4; found = 1 } END { exit !found }'
}

# address_of MACHINE: of another machine of this lab, by its role or its host name.
address_of() {
  getent ahostsv4 "$1" | awk 'NR == 1 { print $1; found = 1 } END { exit !found }'
}
