import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCELERATORS } from '../../sandbox-server/machines/qemu/accelerators.ts';
import { judgeAccelerator } from './accelerator.ts';

const MEMORY = '/c/accelerator.json';
const ISOLATION = {
  level: 'note',
  subject: 'isolation',
  text: "Emulation is not a security boundary by QEMU's own policy. What holds a machine there is the jail.",
};

test('hardware that has been seen to work is good', () => {
  const choice = { accelerator: ACCELERATORS.kvm, reason: 'a kernel booted on it' };
  assert.deepEqual(judgeAccelerator(choice, 'open', MEMORY), [
    { level: 'good', subject: 'accelerator', text: 'hardware virtualization (KVM): a kernel booted on it.' },
  ]);
});

test('emulation works, is slower, and is no security boundary', () => {
  const choice = { accelerator: ACCELERATORS.tcg, reason: 'this computer offers no /dev/kvm' };
  assert.deepEqual(judgeAccelerator(choice, 'absent', MEMORY), [
    {
      level: 'note',
      subject: 'accelerator',
      text: 'emulation (TCG), because this computer offers no /dev/kvm. Everything works; commands in machines take several times as long as on hardware.',
      fix: 'For hardware: switch virtualization on in the firmware or, in a virtual machine, "nested virtualization" in the settings of its host.',
    },
    ISOLATION,
  ]);
});

test('a remembered failure can be tried again', () => {
  const [finding] = judgeAccelerator({ accelerator: ACCELERATORS.tcg, reason: 'it hung' }, 'open', MEMORY);
  assert.equal(
    finding?.fix,
    "This is remembered until kernel or QEMU change. To have it tried again:\n  rm '/c/accelerator.json'",
  );
});

test('a device that this user may not open needs no advice beside its reason', () => {
  const [finding] = judgeAccelerator({ accelerator: ACCELERATORS.tcg, reason: 'you may not' }, 'forbidden', MEMORY);
  assert.equal(finding?.fix, undefined);
});

test('before the first start it is not known whether /dev/kvm works', () => {
  assert.deepEqual(judgeAccelerator(undefined, 'open', MEMORY), [
    {
      level: 'note',
      subject: 'accelerator',
      text: '/dev/kvm is there. Whether it works is known after the first start, which boots a kernel on it.',
    },
  ]);
});
