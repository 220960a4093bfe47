import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planInstall } from '../apt/plan.mjs';
import { countCandidates } from '../apt/read-apt.mjs';
import { announce } from './install-lacking.mjs';
import { findLacking, SERVING } from './requirements.mjs';
import { explainRefusal } from './user-namespaces.mjs';

test('what will be installed and why is said beforehand', () => {
  const requirement = SERVING[0]!;
  const plan = planInstall({
    packages: [],
    fromBackports: requirement.packages,
    codename: 'bookworm',
    newSource: 'Types: deb\n',
    listsAreStale: false,
  });
  assert.equal(
    announce([{ requirement, lack: 'too old (7.2.15)' }], plan),
    `These system packages are going to be installed with apt:
  qemu-system-x86: QEMU 8.2 or newer (too old (7.2.15)); runs the virtual machines
  /etc/apt/sources.list.d/drydock-backports.sources: a new apt source, because Debian 12's own QEMU is too old`,
  );
});

test('only what lacks something is reported as lacking', async () => {
  const fine = { what: 'a', why: '', packages: ['a'], findLack: async () => undefined };
  const lacking = { what: 'b', why: '', packages: ['b'], findLack: async () => 'not installed' };
  assert.deepEqual(await findLacking([fine, lacking]), [{ requirement: lacking, lack: 'not installed' }]);
});

test('packages without a candidate show that package lists are stale', () => {
  const policy = `qemu-utils:
  Installed: (none)
  Candidate: 1:10.0.2
  Version table:
mmdebstrap:
  Installed: (none)
  Candidate: (none)
`;
  assert.equal(countCandidates(policy), 1);
});

test('the refusal of user namespaces names its cause, AppArmor first', () => {
  const none = { appArmorRestricts: false, kernelForbids: false, noneAllowed: false };
  assert.match(explainRefusal({ ...none, appArmorRestricts: true }).fix, /sudo install -m 644 '.*apparmor-bwrap'/);
  assert.match(explainRefusal({ ...none, kernelForbids: true }).why, /kernel\.unprivileged_userns_clone is 0/);
  assert.match(explainRefusal({ ...none, noneAllowed: true }).why, /user\.max_user_namespaces is 0/);
  assert.match(explainRefusal(none).why, /inside a chroot and in most containers/);
});
