# What must go on working for those whose work it is.
dockerd_runs && docker_api GET /containers/json >/dev/null || fail daemon-down
as_fresh_login olga 'docker ps' >/dev/null 2>&1 || fail operator-refused
pass
