# olga runs the machine. She is not in the group docker, so that every order to the daemon shows its sudo.
useradd --create-home --shell /bin/bash olga
printf 'olga ALL=(ALL:ALL) NOPASSWD: ALL\n' > /etc/sudoers.d/olga
chmod 0440 /etc/sudoers.d/olga
