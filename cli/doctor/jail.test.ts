import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeJail, judgeLimits, judgeReach } from './jail.ts';

const host = { appArmorRestricts: false, kernelForbids: false, noneAllowed: false };
const trial = { asRoot: true, user: 'root', refusal: null, host };

test('started as root, each machine has a host user of its own', () => {
  assert.deepEqual(judgeJail(trial), {
    level: 'good',
    subject: 'jail',
    text: 'works. Each machine has a host user of its own: what breaks out of one can touch neither another nor the server.',
  });
});

test('started by a user, machines share that user, and the report says what that means', () => {
  assert.deepEqual(judgeJail({ ...trial, asRoot: false, user: 'ann' }), {
    level: 'note',
    subject: 'jail',
    text: 'works, but all machines share your user (ann): what breaks out of a machine and of its jail too can do what you can do, to the other machines as well.',
    fix: 'Good enough for yourself and people you know. For strangers start it as root: each machine has a host user of its own then.',
  });
});

test('the limits that hold everywhere are named, and control groups where there are some', () => {
  const bounded = 'memory, files, threads, processor and what a machine may ask of the kernel are bounded';
  assert.deepEqual(judgeLimits(null), {
    ...{ level: 'good', subject: 'limits' },
    text: `${bounded} (no control groups here: docs/deploying.md has a unit that brings them).`,
  });
  assert.match(
    judgeLimits('/sys/fs/cgroup/x').text,
    /a control group per machine comes on top, in \/sys\/fs\/cgroup\/x\.$/,
  );
});

test('a refused jail says why and what to do', () => {
  const refusal = 'bwrap: No permissions to create new namespace';
  assert.deepEqual(judgeJail({ ...trial, refusal }), {
    level: 'lack',
    subject: 'jail',
    text: `does not work here: ${refusal}\nUser namespaces are refused, as they are inside a chroot and in most containers.`,
    fix: 'Run Drydock on the machine itself or in a virtual machine. Drydock does not run virtual machines outside a jail.',
  });
  const onUbuntu = judgeJail({ ...trial, refusal, host: { ...host, appArmorRestricts: true } });
  assert.match(onUbuntu.fix ?? '', /^Add it to the list .*:\n {2}sudo install -m 644 .*apparmor-bwrap/);
});

test('a folder that a machine cannot reach is a lack', () => {
  assert.deepEqual(
    judgeReach([
      { folder: '/c', refusal: null },
      { folder: '/s', refusal: null },
    ]),
    { level: 'good', subject: 'files', text: 'The host users of machines can get to /c and /s.' },
  );
  assert.deepEqual(
    judgeReach([
      { folder: '/c', refusal: null },
      { folder: '/root/s', refusal: "bwrap: Can't find source path /root/s: Permission denied" },
    ]),
    {
      level: 'lack',
      subject: 'files',
      text: "The host users of machines cannot get to /root/s (bwrap: Can't find source path /root/s: Permission denied).",
      fix: 'Let everybody pass through the folders above it (chmod o+x), or set XDG_CACHE_HOME and XDG_STATE_HOME to others.',
    },
  );
});
