# What the host is there for, asked by a customer.
page=$(curl --silent --max-time 10 http://dock/) || fail silent status="$?"
[[ $page == *'shop is open'* ]] || fail another-page start="${page:0:60}"
pass
