# Those of packages lie in /usr/lib.
for file in /etc/systemd/system/*.timer; do
  [[ -f $file ]] || continue
  unit=${file##*/}
  systemctl --quiet is-active "$unit" && fail active unit="$unit"
  systemctl --quiet is-enabled "$unit" && fail enabled unit="$unit"
  fail file unit="$unit"
done
systemctl --quiet is-active apt-news.timer && fail active unit=apt-news.timer
pass
