import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readHostMemory } from './host-memory.ts';

const folder = mkdtempSync(join(tmpdir(), 'drydock-memory-'));
after(() => rmSync(folder, { recursive: true }));
let hosts = 0;
const MIB = 1024 ** 2;
const MEMINFO = `MemTotal: ${8192 * 1024} kB\nMemFree: 1 kB\nMemAvailable: ${4096 * 1024} kB\n`;

/** A host that is files: what a kernel with such control groups would show. */
function host(files: Readonly<Record<string, string>>): string {
  const root = join(folder, String(hosts++));
  for (const [path, text] of Object.entries({ 'proc/meminfo': MEMINFO, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

describe('the memory that machines may still take', () => {
  it('is what the kernel has available, where no group has a limit', () => {
    const all = { totalBytes: 8192 * MIB, availableBytes: 4096 * MIB };
    assert.deepEqual(readHostMemory(host({})), all);
    const unlimited = { 'proc/self/cgroup': '0::/x\n', 'sys/fs/cgroup/x/memory.max': 'max\n' };
    assert.deepEqual(readHostMemory(host({ ...unlimited, 'sys/fs/cgroup/x/memory.current': '5\n' })), all);
  });

  it('is what the tightest group above has left, its cached files included', () => {
    const root = host({
      'proc/self/cgroup': '0::/system.slice/drydock.service\n',
      'sys/fs/cgroup/system.slice/drydock.service/memory.max': 'max\n',
      'sys/fs/cgroup/system.slice/drydock.service/memory.current': '1\n',
      'sys/fs/cgroup/system.slice/memory.max': `${1024 * MIB}\n`,
      'sys/fs/cgroup/system.slice/memory.current': `${1000 * MIB}\n`,
      'sys/fs/cgroup/system.slice/memory.stat': `anon 1\ninactive_file ${100 * MIB}\nactive_file ${50 * MIB}\n`,
    });
    assert.deepEqual(readHostMemory(root), { totalBytes: 1024 * MIB, availableBytes: 174 * MIB });
  });

  it('is found in a container, whose group is the root of what it sees, and in the older hierarchy', () => {
    const inside = host({
      'proc/self/cgroup': '0::/\n',
      'sys/fs/cgroup/memory.max': `${512 * MIB}\n`,
      'sys/fs/cgroup/memory.current': `${500 * MIB}\n`,
    });
    assert.equal(readHostMemory(inside)?.availableBytes, 12 * MIB);
    const older = host({
      'proc/self/cgroup': '4:memory:/gone\n0::/\n',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': `${512 * MIB}\n`,
      'sys/fs/cgroup/memory/memory.usage_in_bytes': `${600 * MIB}\n`,
      'sys/fs/cgroup/memory/memory.stat': `inactive_file 7\ntotal_inactive_file ${90 * MIB}\n`,
    });
    assert.equal(readHostMemory(older)?.availableBytes, 2 * MIB);
  });

  it('is unknown where there is no /proc', () => {
    assert.equal(readHostMemory(join(folder, 'nowhere')), undefined);
  });
});
