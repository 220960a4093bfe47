# olga runs this host. Some months ago she opened the API, to use Docker from her laptop.
useradd --create-home --shell /bin/bash olga
gpasswd --add olga docker
printf 'olga ALL=(ALL:ALL) NOPASSWD: ALL\n' > /etc/sudoers.d/olga
chmod 0440 /etc/sudoers.d/olga

mkdir /etc/systemd/system/docker.service.d
cat > /etc/systemd/system/docker.service.d/remote.conf <<'CONF'
# Docker from my laptop. olga
[Service]
ExecStart=
ExecStart=/usr/sbin/dockerd -H fd:// -H tcp://0.0.0.0:2375 --containerd=/run/containerd/containerd.sock
CONF
systemctl daemon-reload
systemctl restart docker

# What the host is there for: a shop for everybody, and its orders for whoever sits at this machine. The first process
# of a container ignores SIGTERM, and every restart of the daemon would wait for it.
mkdir -p /srv/shop /srv/orders
echo 'The shop is open.' > /srv/shop/index.html
docker run --detach --name shop --restart=unless-stopped --stop-signal KILL \
  --publish 80:80 --publish 127.0.0.1:8081:8081 --volume /srv/shop:/shop:ro --volume /srv/orders:/orders:ro \
  local/busybox sh -c 'httpd -p 8081 -h /orders; exec httpd -f -p 80 -h /shop'

# Somebody was here before mallory.
echo '17 * * * * root logger -t miner this could be a miner, too' > /etc/cron.d/logrotate-check
touch --date '100 days ago' /etc/cron.d/logrotate-check /etc/systemd/system/docker.service.d/remote.conf
systemctl enable --now ssh.socket
