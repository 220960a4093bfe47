for tool in newuidmap newgidmap; do
  command -v "$tool" >/dev/null || fail missing tool="$tool"
done
pass
