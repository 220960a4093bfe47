crash_container metrics || fail stays-down
seen=$(curl --silent --retry 10 --retry-delay 1 --retry-all-errors --retry-max-time 45 --max-time 10 'http://10.0.0.10:9100/cgi-bin/read?loadavg')
[[ $seen =~ ^[0-9]+\.[0-9]+\  ]] || fail no-number start="${seen:0:60}"
pass load="${seen%% *}"
