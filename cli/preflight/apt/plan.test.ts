import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asShell, planInstall } from './plan.mjs';

const APT =
  'env DEBIAN_FRONTEND=noninteractive apt-get install -q --yes --no-install-recommends -o DPkg::Lock::Timeout=120';

test('on Debian 12 the source comes first, then QEMU from it, then the rest', () => {
  const plan = planInstall({
    packages: ['bubblewrap', 'mmdebstrap'],
    fromBackports: ['qemu-system-x86'],
    codename: 'bookworm',
    newSource: 'Types: deb\n',
    listsAreStale: false,
  });
  assert.deepEqual(asShell(plan), [
    "tee /etc/apt/sources.list.d/drydock-backports.sources > /dev/null <<'EOF'\nTypes: deb\nEOF",
    'apt-get update -q',
    `${APT} -t bookworm-backports qemu-system-x86`,
    `${APT} bubblewrap mmdebstrap`,
  ]);
});

test('what a package starts by itself, and nobody asked for, is stopped and stays so', () => {
  const situation = { packages: ['docker.io'], fromBackports: [], codename: 'trixie', newSource: undefined };
  assert.deepEqual(asShell(planInstall({ ...situation, listsAreStale: false, unwantedServices: ['docker.service'] })), [
    `${APT} docker.io`,
    'systemctl disable --now docker.service',
  ]);
});

test('package lists are fetched only when they are stale', () => {
  const situation = { packages: ['bubblewrap'], fromBackports: [], codename: 'trixie', newSource: undefined };
  assert.deepEqual(asShell(planInstall({ ...situation, listsAreStale: false })), [`${APT} bubblewrap`]);
  assert.deepEqual(asShell(planInstall({ ...situation, listsAreStale: true })), [
    'apt-get update -q',
    `${APT} bubblewrap`,
  ]);
});
