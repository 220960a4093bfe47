[[ -e /var/lib/systemd/linger/testuser ]] || fail ends-with-the-login
[[ -L /home/testuser/.config/systemd/user/default.target.wants/docker.service ]] || fail not-started
pass
