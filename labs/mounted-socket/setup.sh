# olga runs the machine. The terminal "runner" is no login on it: its shell is a shell in the container of that name.
useradd --create-home --shell /bin/bash olga
gpasswd --add olga docker
printf 'olga ALL=(ALL:ALL) NOPASSWD: ALL\n' > /etc/sudoers.d/olga
useradd --create-home --shell /usr/local/bin/runner-shell runner
printf 'runner ALL=(root) NOPASSWD: /usr/bin/docker exec -it runner bash\n' > /etc/sudoers.d/runner
chmod 0440 /etc/sudoers.d/{olga,runner}

# The runner's image: busybox, bash and the docker client with the libraries they need.
root=$(mktemp -d)
mkdir -p "$root"/{bin,etc,root,tmp,var/run,work}
cp /usr/bin/busybox "$root/bin"
chroot "$root" /bin/busybox --install -s /bin
cp --remove-destination /usr/bin/docker /usr/bin/bash "$root/bin"
ldd /usr/bin/docker /usr/bin/bash | grep --only-matching '/[^ ]*\.so[^ ]*' | sort --unique |
  while read -r library; do install -D "$library" "$root$library"; done
echo 'root:x:0:0:root:/root:/bin/bash' > "$root/etc/passwd"
echo 'root:x:0:' > "$root/etc/group"
grep --invert-match alias /etc/drydock/prompt.sh > "$root/etc/bash.bashrc"
tar --create --directory "$root" . | docker import --change 'WORKDIR /work' --change 'CMD ["bash"]' - local/runner
rm -rf "$root"

mkdir -p /srv/ci/{work,api}
docker run -d --name backup -e BACKUP_PASSWORD=quiet-heron-42 -v /root:/data:ro local/busybox sleep infinity
docker run -d --name build-41 --label ci local/busybox sleep infinity
docker run -d --name runner --hostname runner -v /srv/ci/work:/work \
  -v /var/run/docker.sock:/var/run/docker.sock local/runner sleep infinity
docker exec runner docker ps
