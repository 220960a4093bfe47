import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { readConfig } from '../../config.ts';
import { FIRST_IMAGE, openLocalMachines } from '../../local-machines.ts';
import { ACCELERATORS } from '../qemu/accelerators.ts';
import { bootsKernel } from './boots-kernel.ts';

const local = await openLocalMachines({ env: process.env, config: readConfig(process.env) });
after(() => local[Symbol.asyncDispose]());
const image = await local.templates.image(FIRST_IMAGE);
const asRoot = process.getuid?.() === 0;
const accelerator = ACCELERATORS.tcg;

/** Real ids of the jails under way that boot a kernel. */
function jailUsers(): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (!line.startsWith('bwrap\0') || !line.includes('id=console')) return [];
      return /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? [];
    } catch {
      return [];
    }
  });
}

describe('trying an accelerator', () => {
  it('sees a kernel get far enough to panic, as a host user that nobody else has meanwhile', async () => {
    // Emulated, two at once, beside whatever else runs: what is asked is whether, not how soon.
    const boots = [1, 2].map(() => bootsKernel({ image, accelerator, groups: [], asRoot, timeoutMs: 180_000 }));
    let isOver = false;
    const results = Promise.all(boots).finally(() => {
      isOver = true;
    });
    const users = new Set<string>();
    while (!isOver && users.size < 2) {
      for (const user of jailUsers()) users.add(user);
      await setTimeout(10);
    }
    if (asRoot) assert.equal(users.size, 2, [...users].join(' '));
    assert.deepEqual(await results, [true, true]);
  });

  it('sees when it gets nowhere', async () => {
    const nowhere = { ...accelerator, cpu: 'no-such-processor' };
    assert.equal(await bootsKernel({ image, accelerator: nowhere, groups: [], asRoot }), false);
  });
});
