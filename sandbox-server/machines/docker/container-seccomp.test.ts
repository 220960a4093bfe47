import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCELERATORS } from '../qemu/accelerators.ts';
import { machinePolicy } from '../qemu/seccomp-policy.ts';
import { containerProfile } from './container-seccomp.ts';

interface Profile {
  readonly defaultAction: string;
  readonly syscalls: readonly { names: string[]; action: string; args?: { value: number; valueTwo: number }[] }[];
}

for (const accelerator of Object.values(ACCELERATORS)) {
  const profile: Profile = JSON.parse(containerProfile(accelerator));
  const byAction = (action: string) => profile.syscalls.filter((rule) => rule.action === action);
  const allowed = byAction('SCMP_ACT_ALLOW');
  const whole = allowed.filter(({ args }) => args === undefined).flatMap(({ names }) => names);

  test(`a container on ${accelerator.name} allows all that a machine's own filter allows`, () => {
    assert.equal(profile.defaultAction, 'SCMP_ACT_ERRNO');
    const { rules } = machinePolicy({ accelerator, createsFiles: true });
    const names = new Set(allowed.flatMap(({ names }) => names));
    for (const { call, verdict } of rules) if (verdict === 'allow') assert.ok(names.has(call), call);
  });

  test(`a container on ${accelerator.name} allows nothing that reaches beyond it`, () => {
    const hostile = ['mount', 'unshare', 'setns', 'ptrace', 'bpf', 'keyctl', 'init_module', 'reboot', 'io_uring_setup'];
    for (const name of hostile) assert.ok(!whole.includes(name), name);
    for (const name of ['socket', 'clone', 'ioctl']) assert.ok(!whole.includes(name), `${name} without a condition`);
    const killed = byAction('SCMP_ACT_KILL_PROCESS').flatMap(({ names }) => names);
    for (const name of ['mount', 'unshare', 'ptrace', 'bpf']) assert.ok(killed.includes(name), name);
  });

  test(`a container on ${accelerator.name} makes no namespaces, and sockets of this computer only`, () => {
    const conditions = (name: string) => allowed.filter(({ names }) => names.includes(name)).map(({ args }) => args);
    assert.deepEqual(conditions('clone'), [[{ index: 0, op: 'SCMP_CMP_MASKED_EQ', value: 0x7e020000, valueTwo: 0 }]]);
    const [family] = conditions('socket')[0] ?? [];
    assert.deepEqual([family?.value, family?.valueTwo], [0xffffffff, 1]);
  });
}
