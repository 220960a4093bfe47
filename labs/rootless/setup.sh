set -e

# testuser comes first and so has uid 1000. olga runs the machine; alice uses its Docker, as a member of the group.
for user in testuser olga alice; do
  useradd --create-home --shell /bin/bash "$user"
done
echo testuser:testuser | chpasswd
printf 'olga ALL=(ALL:ALL) NOPASSWD: ALL\n' > /etc/sudoers.d/olga
chmod 0440 /etc/sudoers.d/olga
gpasswd --add alice docker

# A daemon of somebody's own begins without images.
mkdir -p /srv/images
docker save --output /srv/images/busybox.tar local/busybox
chmod 0644 /srv/images/busybox.tar

# get.docker.com is this machine itself, under a certificate of an authority that nobody has the key of any more.
cd /usr/local/lib/get.docker.com
since=$(date --utc --date '1 hour ago' +%Y%m%d%H%M%SZ)
until=$(date --utc --date '10 years' +%Y%m%d%H%M%SZ)
authority=/usr/local/share/ca-certificates/this-machine.crt
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout ca.key -out "$authority" \
  -subj '/CN=This machine alone' -not_before "$since" -not_after "$until" -addext keyUsage=critical,keyCertSign
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout server.key -out server.pem \
  -CA "$authority" -CAkey ca.key -subj /CN=get.docker.com -not_before "$since" -not_after "$until" \
  -addext subjectAltName=DNS:get.docker.com -addext extendedKeyUsage=serverAuth -addext basicConstraints=CA:FALSE
rm ca.key
chgrp www-data server.key
chmod 0640 server.key
update-ca-certificates
echo '127.18.3.3 get.docker.com' >> /etc/hosts
systemctl enable --now get-docker-com.socket
curl --silent --show-error --fail --output /dev/null https://get.docker.com/rootless
systemctl stop get-docker-com.service
