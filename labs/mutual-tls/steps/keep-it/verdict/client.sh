# What it is all for: olga, who has just logged in at her desk.
said=$(as_fresh_login olga 'timeout 30 docker --context dock ps' 2>&1) && pass
[[ $said == *'context "dock"'* || $said == *'context not found'* ]] && fail no-context
fail refused said="$(tail -n 1 <<<"$said" | cut -c 1-200)"
