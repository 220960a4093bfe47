#!/bin/bash
# Runs once as root in the booted machine, before its memory is frozen as the base template.
set -euo pipefail

systemctl is-system-running --wait >/dev/null || true
systemctl is-active --quiet docker.service cron.service

# The only container image: Debian's static busybox under a name that says where it is from.
root=$(mktemp -d)
mkdir -p "$root"/{bin,etc,tmp}
cp /usr/bin/busybox "$root/bin/busybox"
chroot "$root" /bin/busybox --install -s /bin
echo 'root:x:0:0:root:/:/bin/sh' > "$root/etc/passwd"
echo 'root:x:0:' > "$root/etc/group"
tar --create --directory "$root" . | docker import --change 'CMD ["/bin/sh"]' - local/busybox >/dev/null
rm -rf "$root"

# What a learner will need has run once: its pages are in memory, its first-time work is done.
docker run --rm local/busybox true
docker ps >/dev/null
curl --silent --unix-socket /run/docker.sock http://docker/version >/dev/null
journalctl --flush --rotate --quiet
