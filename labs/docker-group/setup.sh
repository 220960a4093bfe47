# alice develops; olga runs the machine. Both were put into the group docker, as half the guides on the web advise.
for user in alice olga; do
  useradd --create-home --shell /bin/bash "$user"
  gpasswd --add "$user" docker
done
printf 'olga ALL=(ALL:ALL) NOPASSWD: ALL\n' > /etc/sudoers.d/olga
chmod 0440 /etc/sudoers.d/olga
