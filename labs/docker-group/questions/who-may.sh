# By trying, as the kernel sees it: groups, mode and ACL are all in the answer.
may() { as_user "$1" test -w "$docker_socket"; }

if may nobody; then
  echo everybody
elif may alice; then
  if may olga; then echo both; else echo alice; fi
elif may olga; then
  echo olga
else
  echo no-one
fi
