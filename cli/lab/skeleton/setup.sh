# Runs once as root, while the lab's template is made. Secrets are not there yet: they differ per sandbox.
set -e
useradd --create-home --shell /bin/bash alice
useradd --create-home --shell /bin/bash keeper
