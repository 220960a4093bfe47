#!/bin/sh
# Runs on the build host with the image's root as $1, after its packages are installed and files/ copied in.
set -eu
root=$1

# Nothing may fire because a fork's clock jumps forward, and nothing here waits for a network.
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
  fstrim.timer logrotate.timer man-db.timer systemd-tmpfiles-clean.timer systemd-timesyncd.service \
  systemd-networkd.service systemd-networkd-wait-online.service systemd-pstore.service \
  getty@tty1.service serial-getty@ttyS0.service console-getty.service; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done

echo dock > "$root/etc/hostname"
printf '127.0.0.1 localhost dock\n::1 localhost\n' > "$root/etc/hosts"
printf '/dev/vda / ext4 defaults,noatime 0 1\n' > "$root/etc/fstab"
: > "$root/etc/resolv.conf"
: > "$root/etc/machine-id"
echo 'LANG=C.UTF-8' > "$root/etc/default/locale"

# One prompt for every user: Debian's skeleton would override it.
rm -f "$root/etc/skel/.bashrc" "$root/root/.bashrc"
echo '. /etc/drydock/prompt.sh' >> "$root/etc/bash.bashrc"

chroot "$root" systemctl enable drydock-agent.service docker.service cron.service
# Here for labs that want them; what runs by default costs every machine its memory.
chroot "$root" systemctl disable ssh.service ssh.socket haproxy.service machines.target
ln -sf /dev/null "$root/etc/systemd/system/systemd-importd.socket"
# systemd would listen for SSH on a Unix socket of its own wherever it finds an sshd.
mkdir -p "$root/etc/systemd/system-generators"
ln -sf /dev/null "$root/etc/systemd/system-generators/systemd-ssh-generator"
# A key of a machine's own is made when SSH is first used there.
rm -f "$root"/etc/ssh/ssh_host_*

"$(dirname "$0")/repository.sh" "$root"
# A package that asks something takes its default, and does not complain that it has no dialog to ask with.
echo 'debconf debconf/frontend select Noninteractive' | chroot "$root" debconf-set-selections

# A first root of two files: the disk's driver is a module in Debian's kernel, everything else is built in.
kernel=$(basename "$root"/lib/modules/*)
initrd=$root/tmp/initrd
mkdir -p "$initrd/bin" "$initrd/dev" "$initrd/root"
cp "$root/usr/bin/busybox" "$initrd/bin/busybox"
chroot "$root" busybox xzcat "/lib/modules/$kernel/kernel/drivers/block/virtio_blk.ko.xz" > "$initrd/virtio_blk.ko"
cat > "$initrd/init" <<'INIT'
#!/bin/busybox sh
busybox insmod /virtio_blk.ko
busybox mount -t devtmpfs dev /dev
until busybox mount -t ext4 -o noatime /dev/vda /root 2>/dev/null; do busybox usleep 20000; done
busybox umount /dev
exec busybox switch_root /root /sbin/init
INIT
chmod 755 "$initrd/init"
chroot "$root" sh -c 'cd /tmp/initrd && find . | busybox cpio -o -H newc 2>/dev/null' > "$root/boot/initrd"
rm -rf "$initrd" "$root"/var/cache/apt/archives/*.deb "$root"/var/log/apt "$root"/var/log/dpkg.log
mv "$root/boot/vmlinuz-$kernel" "$root/boot/vmlinuz"
