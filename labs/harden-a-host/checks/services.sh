# As customers see it: from another machine. A container that is just being replaced has a moment.
ask() { curl --silent --fail --retry 3 --retry-delay 1 --retry-connrefused --max-time 6 "http://dock$1"; }
page=$(ask /) || fail silent name=web port=80 status="$?"
[[ $page == *open* ]] || fail another-answer name=web start="${page:0:60}"
load=$(ask ':9100/cgi-bin/read?loadavg') || fail silent name=metrics port=9100 status="$?"
[[ $load =~ ^[0-9]+\.[0-9]+\  ]] || fail another-answer name=metrics start="${load:0:60}"
list=$(ask :8080/cgi-bin/list) || fail silent name=jobs port=8080 status="$?"
[[ $list == *nightly* ]] || fail another-answer name=jobs start="${list:0:60}"
pass
