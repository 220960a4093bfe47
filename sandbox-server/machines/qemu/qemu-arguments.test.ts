import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ACCELERATORS } from './accelerators.ts';
import { type QemuSpec, qemuArguments } from './qemu-arguments.ts';

const spec: QemuSpec = {
  accelerator: ACCELERATORS.tcg,
  memoryMib: 768,
  memoryPath: '/template/memory',
  memoryMode: 'private',
  disks: [
    { path: '/disk0/disk.raw', format: 'raw' },
    { path: '/run/machine/disk.qcow2', format: 'qcow2' },
  ],
  kernel: 'header',
  imageFolder: '/image',
  socketFolder: '/run/machine',
  qmpFd: 3,
  incoming: true,
  card: null,
};
const valuesOf = (option: string, args: string[]) =>
  args.flatMap((arg, index) => (arg === option ? [args[index + 1] ?? ''] : []));

describe('the command line of a machine', () => {
  it('gives a fork memory that no write of its own reaches', () => {
    assert.deepEqual(valuesOf('-object', qemuArguments(spec)), [
      'memory-backend-file,id=memory,size=768M,mem-path=/template/memory,share=off,readonly=on,rom=off',
    ]);
  });

  it('opens every disk but the topmost read-only', () => {
    const nodes = valuesOf('-blockdev', qemuArguments(spec)).map((node) => JSON.parse(node));
    assert.deepEqual(
      nodes.map((node) => [node['node-name'], node['read-only']]),
      [
        ['file0', true],
        ['disk0', true],
        ['file1', false],
        ['disk1', false],
      ],
    );
    assert.equal(nodes[3].backing, 'disk0');
  });

  it('has no network of any kind in a machine that is alone', () => {
    const args = qemuArguments(spec);
    assert.ok(args.includes('-nodefaults'));
    assert.deepEqual(
      args.filter((arg) => /^-(nic|netdev|net)$/.test(arg) || /-net-pci|slirp|,hostfwd/.test(arg)),
      [],
    );
    for (const chardev of valuesOf('-chardev', args)) assert.match(chardev, /^socket,id=[a-z0-9-]+,(path=\/run|fd=)/);
  });

  it('has one card in a machine that has peers, and nothing at its end but an inherited cable', () => {
    const args = qemuArguments({ ...spec, card: { mac: '52:54:0a:00:00:0a', cableFd: 0 } });
    assert.deepEqual(valuesOf('-netdev', args), ['stream,id=cable,server=off,addr.type=fd,addr.str=0']);
    const cards = valuesOf('-device', args).filter((device) => device.includes('-net-'));
    assert.equal(cards.length, 1);
    assert.match(cards[0] ?? '', /^virtio-net-pci,id=card,addr=0x10,mac=52:54:0a:00:00:0a,.*,netdev=cable$/);
    const unplugged = qemuArguments({ ...spec, card: { mac: '52:54:0a:00:00:0a', cableFd: null } });
    assert.deepEqual(valuesOf('-netdev', unplugged), []);
  });

  it('never offers nested virtualization', () => {
    for (const { cpu } of Object.values(ACCELERATORS)) assert.match(cpu, /svm=off/);
    assert.match(ACCELERATORS.kvm.cpu, /vmx=off/);
  });
});
