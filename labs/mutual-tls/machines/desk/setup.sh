# A machine that people share and work from: Docker's client, no daemon, homes that others may look into.
for user in olga mallory; do
  useradd --create-home --shell /bin/bash "$user"
  chmod 0755 "/home/$user"
done
systemctl disable --now docker.socket docker.service containerd.service
ip link delete docker0

install --directory --mode 0700 --owner olga --group olga /home/olga/.ssh
(umask 077 && timeout 20 bash -c 'cat < /dev/tcp/dock/999' > /home/olga/.ssh/id_ed25519)
# The host key of dock is another one in every sandbox.
printf 'Host dock\n  StrictHostKeyChecking accept-new\n' > /home/olga/.ssh/config
chown -R olga:olga /home/olga/.ssh
[[ -s /home/olga/.ssh/id_ed25519 ]]
