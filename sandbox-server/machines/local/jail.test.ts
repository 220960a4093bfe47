import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { ACCELERATORS } from '../qemu/accelerators.ts';
import { machineLimits, NICENESS } from '../qemu/limits.ts';
import { type JailSpec, jailed } from './jail.ts';

const GIB = 1024 ** 3;
const accelerator = ACCELERATORS.tcg;
const spec: JailSpec = {
  readable: { '/template': '/cache/template' },
  writable: { '/run/machine': '/state/run/0/m' },
  accelerator,
  uid: 1_900_000_007,
  limits: machineLimits({ accelerator, memoryMib: 768, maxFileBytes: 3 * GIB }),
  niceness: 12,
  filterFd: 5,
};
const line = (changes: Partial<JailSpec> = {}) => jailed(['qemu', '-S'], { ...spec, ...changes });
const after = (args: string[], option: string) => args[args.indexOf(option) + 1];

describe('the command line of a jail', () => {
  it('drops to the host user before any namespace is made, and reads the filter last', () => {
    const args = line();
    const order = [
      'perl',
      '--as=2147483648:2147483648',
      '--reuid=1900000007',
      '--bounding-set=-all',
      'bwrap',
      '--remount-ro',
      '--seccomp',
      'qemu',
    ];
    const places = order.map((word) => args.indexOf(word));
    assert.ok(!places.includes(-1), String(places));
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    );
    assert.deepEqual(args.slice(-2), ['qemu', '-S']);
  });

  it('makes every namespace, and lets none be made inside', () => {
    for (const option of ['--unshare-all', '--unshare-user', '--disable-userns']) assert.ok(line().includes(option));
    assert.equal(after(line(), '--cap-drop'), 'ALL');
    assert.ok(line().includes('--clearenv'));
  });

  it('bounds address space by guest memory, translated code and one GiB', () => {
    assert.ok(line().includes(`--as=${2 * GIB}:${2 * GIB}`));
    assert.ok(line().includes(`--fsize=${3 * GIB}:${3 * GIB}`));
    const kvm = machineLimits({ accelerator: ACCELERATORS.kvm, memoryMib: 768, maxFileBytes: 0 });
    assert.equal(kvm.addressSpaceBytes, 1.75 * GIB);
  });

  it('counts threads inside its own user namespace only', () => {
    const args = line();
    assert.ok(args.indexOf('--nproc=128:128') > args.indexOf('--seccomp'));
  });

  it('stays the user it is where there is no other to become', () => {
    assert.ok(!line({ uid: null }).includes('setpriv'));
  });

  it('shows neither a shell nor an interpreter, nothing of /etc but the loader’s cache, and no /proc', () => {
    const args = line();
    const shown = args.flatMap((arg, index) => (/^--(ro-|dev-)?bind(-try)?$/.test(arg) ? [args[index + 2] ?? ''] : []));
    assert.deepEqual(shown, [
      '/usr/bin/prlimit',
      '/usr/lib/x86_64-linux-gnu',
      '/usr/lib64',
      '/usr/bin/qemu-system-x86_64',
      '/usr/share/qemu',
      '/usr/share/seabios',
      '/usr/lib/ipxe',
      '/etc/ld.so.cache',
      '/template',
      '/run/machine',
    ]);
    assert.ok(!args.includes('--proc'));
  });

  it('closes what was left open above the descriptor of the filter', () => {
    assert.equal(line()[2], '5');
  });

  it('is as nice as it is told, and a machine being prepared nicer than one in which somebody works', () => {
    const [perl = '', ...prepare] = line({ niceness: 17 }).slice(0, 5);
    const { stdout } = spawnSync('setsid', ['--wait', perl, ...prepare, 'nice'], { encoding: 'utf8' });
    assert.equal(stdout.trim(), '17');
    assert.ok(NICENESS.draft > NICENESS.machine);
  });

  it('enters a control group, where there is one, before anything else', () => {
    assert.equal(line()[4], '-');
    assert.equal(line({ cgroup: '/sys/fs/cgroup/machines/m' })[4], '/sys/fs/cgroup/machines/m');
  });
});
