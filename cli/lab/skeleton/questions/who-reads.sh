# Prints the choice that is right of this machine, as it is now.
if as_user nobody test -r /srv/key.txt; then echo everybody; else echo keeper; fi
