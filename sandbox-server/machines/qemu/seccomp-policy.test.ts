import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { describe, it } from 'node:test';
import { evaluate } from '../../testing/bpf-interpreter.ts';
import { ACCELERATORS } from './accelerators.ts';
import { assemble } from './seccomp.ts';
import { machinePolicy } from './seccomp-policy.ts';
import { SYSCALLS, type Syscall } from './syscalls.ts';

const HEADER = '/usr/include/x86_64-linux-gnu/asm/unistd_64.h';
const { EPERM, EINVAL, ENOTTY, ENOSYS } = constants.errno;

const filters = {
  fork: assemble(machinePolicy({ accelerator: ACCELERATORS.tcg, createsFiles: false })),
  draft: assemble(machinePolicy({ accelerator: ACCELERATORS.tcg, createsFiles: true })),
  kvm: assemble(machinePolicy({ accelerator: ACCELERATORS.kvm, createsFiles: false })),
};

function ask(call: Syscall, values: number[] = [], filter: keyof typeof filters = 'fork') {
  const outcome = evaluate(filters[filter], { number: SYSCALLS[call], arguments: values });
  return typeof outcome === 'string' ? outcome : outcome.errno;
}

const CLONE = { vm: 0x100, files: 0x400, sighand: 0x800, thread: 0x10000, newNet: 0x40000000, newUser: 0x10000000 };
const PTHREAD = 0x3d0f00;

describe('what a machine may ask the kernel for', () => {
  it('numbers its system calls as the kernel does', {
    skip: !existsSync(HEADER) && 'linux-libc-dev is not installed',
  }, () => {
    const header = readFileSync(HEADER, 'utf8');
    const numbers = Object.fromEntries(
      [...header.matchAll(/^#define __NR_(\w+)\s+(\d+)$/gm)].map(([, name = '', number]) => [name, Number(number)]),
    );
    // A header older than a call does not know it; those known agree.
    const known = Object.entries(SYSCALLS).filter(([name]) => name in numbers);
    assert.ok(known.length > 200);
    for (const [name, number] of known) assert.equal(number, numbers[name], name);
  });

  it('makes threads but no processes', () => {
    assert.equal(ask('clone', [PTHREAD]), 'allowed');
    assert.equal(ask('clone', [17 /* SIGCHLD: fork */]), EPERM);
    assert.equal(ask('clone', [CLONE.vm | CLONE.files | CLONE.sighand]), EPERM);
    assert.equal(ask('clone', [PTHREAD | CLONE.newNet]), EPERM);
    assert.equal(ask('clone', [CLONE.newUser | 17]), EPERM);
    assert.equal(ask('fork'), EPERM);
    assert.equal(ask('vfork'), EPERM);
    assert.equal(ask('clone3'), ENOSYS);
  });

  it('listens on local streams and connects to nothing', () => {
    const [UNIX, INET, INET6, NETLINK, PACKET, VSOCK] = [1, 2, 10, 16, 17, 40];
    const [STREAM, DGRAM, CLOEXEC] = [1, 2, 0o2000000];
    assert.equal(ask('socket', [UNIX, STREAM | CLOEXEC]), 'allowed');
    assert.equal(ask('socket', [UNIX, DGRAM]), EPERM);
    for (const family of [INET, INET6, NETLINK, PACKET, VSOCK]) assert.equal(ask('socket', [family, STREAM]), EPERM);
    assert.equal(ask('connect'), EPERM);
    assert.equal(ask('accept4'), 'allowed');
  });

  it('opens files and makes none, unless it is to be frozen', () => {
    const [CREATE_AND_WRITE, TMPFILE] = [0o101, 0o20200002];
    assert.equal(ask('openat', [0, 0, 0o2]), 'allowed');
    for (const flags of [CREATE_AND_WRITE, TMPFILE]) {
      assert.equal(ask('openat', [0, 0, flags]), EPERM);
      assert.equal(ask('open', [0, flags]), EPERM);
      assert.equal(ask('openat', [0, 0, flags], 'draft'), 'allowed');
    }
    for (const call of ['creat', 'mkdir', 'mkdirat', 'mknod', 'link', 'symlink', 'rename', 'openat2'] as const) {
      assert.equal(ask(call), ENOSYS, call);
    }
  });

  it('dies of what only an attack asks for', () => {
    for (const call of ['ptrace', 'mount', 'unshare', 'setns', 'bpf', 'keyctl', 'init_module', 'chroot'] as const) {
      assert.equal(ask(call), 'killed', call);
      assert.equal(ask(call, [], 'draft'), 'killed', call);
    }
    assert.equal(ask('ioctl', [0, 0x5412 /* TIOCSTI */]), 'killed');
    assert.equal(ask('ioctl', [0, 0x541c /* TIOCLINUX */]), 'killed');
  });

  it('does without what a filter could not look into', () => {
    assert.equal(ask('io_uring_setup'), EPERM);
    assert.equal(ask('io_uring_enter'), ENOSYS);
    assert.equal(ask('userfaultfd'), EPERM);
    assert.equal(ask('memfd_create'), EPERM, 'memory that no limit counts');
    assert.equal(ask('prctl', [1 /* PR_SET_PDEATHSIG */]), EINVAL);
    assert.equal(ask('prctl', [15 /* PR_SET_NAME */]), 'allowed');
  });

  it('talks to hardware virtualization only where that is the accelerator', () => {
    const KVM_RUN = 0xae80;
    assert.equal(ask('ioctl', [0, KVM_RUN], 'kvm'), 'allowed');
    assert.equal(ask('ioctl', [0, KVM_RUN]), ENOTTY);
    assert.equal(ask('ioctl', [0, 0x8933 /* SIOCGIFINDEX */], 'kvm'), ENOTTY);
  });

  it('is told that what it does not know does not exist, and may do without', () => {
    for (const call of ['setuid', 'personality', 'kill', 'splice', 'shmget'] as const)
      assert.equal(ask(call), ENOSYS, call);
    assert.deepEqual(evaluate(filters.fork, { number: 9_999 }), { errno: ENOSYS });
  });
});
