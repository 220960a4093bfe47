#!/bin/sh
# Runs on the build host with the image's root as $1: packages that lessons have people install lie in the machine as an
# apt repository, so that `apt-get install` works where there is no network. apt itself works out which others they need
# beyond what the image has.
set -eu
root=$1
packages='auditd rootlesskit slirp4netns uidmap'

mkdir -p "$root/srv/apt/partial"
APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get install --yes --download-only \
  --option "Dir::Cache::archives=$root/srv/apt" $packages >&2
rm -rf "$root/srv/apt/partial" "$root/srv/apt/lock"

# An epoch's colon is %3a in the names apt gives to files, and would be decoded on the way back.
cd "$root/srv/apt"
for file in *_*%3a*.deb; do
  [ ! -e "$file" ] || mv "$file" "$(echo "$file" | sed 's/_[0-9]*%3a/_/')"
done
for file in *.deb; do
  chroot "$root" dpkg-deb --field "/srv/apt/$file"
  printf 'Filename: ./%s\nSize: %s\n' "$file" "$(stat -c %s "$file")"
  printf 'SHA256: %s\n\n' "$(sha256sum "$file" | cut -d' ' -f1)"
done > "$root/tmp/Packages"
mv "$root/tmp/Packages" .

rm -rf "$root/etc/apt/sources.list" "$root"/etc/apt/sources.list.d/* "$root"/var/lib/apt/lists/*
cat > "$root/etc/apt/sources.list.d/drydock.sources" <<'SOURCES'
# In this machine, which has no network. Trusted: who could change it is root here anyway.
Types: deb
URIs: file:/srv/apt
Suites: ./
Trusted: yes
SOURCES
chroot "$root" apt-get update >&2
