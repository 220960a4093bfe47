# Runs once as root, while the lab's template is made. Secrets are not there yet: they differ per sandbox.
useradd --create-home --shell /bin/bash alice
useradd --create-home --shell /bin/bash keeper
