# olga looks after this host. It has been up for years, and others have looked after it before her.
set -e
for user in olga deploy; do
  useradd --create-home --shell /bin/bash "$user"
  gpasswd --add "$user" docker
done
printf 'olga ALL=(ALL:ALL) NOPASSWD: ALL\n' > /etc/sudoers.d/olga
chmod 0440 /etc/sudoers.d/olga

# The API: over TLS for a laptop, plain for a build server, and the socket for whoever had "permission denied" once.
mkdir -p /etc/docker/tls /etc/systemd/system/docker.{service,socket}.d
cd /etc/docker/tls
since=$(date --utc --date '1 hour ago' +%Y%m%d%H%M%SZ)
until=$(date --utc --date '10 years' +%Y%m%d%H%M%SZ)
new="openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -not_before $since -not_after $until"
$new -keyout ca-key.pem -out ca.pem -subj '/CN=dock CA' -addext keyUsage=critical,keyCertSign
$new -keyout server-key.pem -out server-cert.pem -CA ca.pem -CAkey ca-key.pem -subj /CN=dock \
  -addext subjectAltName=DNS:dock,IP:10.0.0.10 -addext extendedKeyUsage=serverAuth -addext basicConstraints=CA:FALSE
chmod 0644 *.pem
jq . > /etc/docker/daemon.json <<'JSON'
{"hosts": ["fd://", "tcp://0.0.0.0:2376"], "tlsverify": true, "tlscacert": "/etc/docker/tls/ca.pem",
 "tlscert": "/etc/docker/tls/server-cert.pem", "tlskey": "/etc/docker/tls/server-key.pem"}
JSON
printf '[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock\n' \
  > /etc/systemd/system/docker.service.d/remote.conf
printf '[Socket]\nSocketMode=0666\n' > /etc/systemd/system/docker.socket.d/mode.conf
systemctl daemon-reload
systemctl restart docker.socket docker.service
systemctl enable --now docker-tcp.socket firewall.service ssh.socket

# The image of jobs: busybox, and curl with its libraries.
root=$(mktemp -d)
mkdir -p "$root"/{bin,etc,tmp,var/run}
cp /usr/bin/busybox "$root/bin"
chroot "$root" /bin/busybox --install -s /bin
cp --remove-destination /usr/bin/curl "$root/bin"
ldd /usr/bin/curl | grep --only-matching '/[^ ]*\.so[^ ]*' | sort --unique |
  while read -r library; do install -D "$library" "$root$library"; done
tar --create --directory "$root" . | docker import --change 'CMD ["/bin/sh"]' - local/curl
rm -rf "$root"

# What the host is there for.
chown -R deploy: /srv/web
mkdir /srv/api
create='docker create --init --restart=unless-stopped'
$create --name web --privileged --publish 80:80 --volume /srv/web:/www local/busybox httpd -f -p 80 -h /www
$create --name metrics --publish 9100:9100 --volume /:/host:ro local/busybox httpd -f -p 9100 -h /host/srv/metrics
$create --name jobs --publish 8080:8080 --volume /srv/jobs:/www:ro --volume /var/run/docker.sock:/var/run/docker.sock:ro \
  local/curl httpd -f -p 8080 -h /www
docker create --name nightly --label job local/busybox true

# What somebody else left, some months ago. The key to the account is made on kali.
useradd --non-unique --uid 0 --gid 0 --home-dir /var/lib/sys-update --create-home --shell /bin/bash sys-update
docker create --init --restart=always --name cadvisor --privileged --pid=host local/busybox sh -c 'while sleep 5; do :; done'
systemctl enable --now apt-news.timer
touch --date '100 days ago' /etc/docker/daemon.json /etc/docker/tls/* /etc/systemd/system/*.d/*.conf \
  /etc/systemd/system/{docker-tcp,apt-news}.*

# Docker gives the process behind a published port some seconds to start; a busy host may need more than one attempt.
for attempt in 1 2 3; do
  docker start web metrics jobs cadvisor && break
done
