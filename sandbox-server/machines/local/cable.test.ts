import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { CABLE_FD, Cable, type CableEnd } from './cable.ts';

/** A program in a machine's place. */
const running = (script: string) => (end: CableEnd) => {
  const child = spawn('bash', ['-c', script], { stdio: [end, 'pipe', 'inherit'] });
  return child;
};
const outputOf = (child: ChildProcess) => text(child.stdout ?? assert.fail('no output'));

describe('a cable', () => {
  it('joins two processes, both ways', async () => {
    using cable = new Cable();
    const first = cable.plugIn(running(`echo from the first >&${CABLE_FD}; head -n 1 <&${CABLE_FD}`));
    const second = cable.plugIn(running(`echo from the second >&${CABLE_FD}; head -n 1 <&${CABLE_FD}`));
    assert.deepEqual(await Promise.all([outputOf(first), outputOf(second)]), ['from the second\n', 'from the first\n']);
  });

  it('keeps what the first one sends for a second that starts later', async () => {
    using cable = new Cable();
    const first = cable.plugIn(running(`seq 3000 >&${CABLE_FD}; echo sent; sleep 300`));
    await once(first.stdout ?? assert.fail(), 'data');
    const second = cable.plugIn(running(`head -n 3000 <&${CABLE_FD} | tail -n 1`));
    assert.equal(await outputOf(second), '3000\n');
    first.kill();
  });

  it('is gone for those who are left when one ends: this process keeps no end of it', async () => {
    using cable = new Cable();
    const first = cable.plugIn(running(`cat <&${CABLE_FD}; echo over`));
    const second = cable.plugIn(running('true'));
    assert.equal(await outputOf(first), 'over\n');
    assert.equal(second.exitCode ?? 0, 0);
  });

  it('lets a second machine start although the first is gone', async () => {
    using cable = new Cable();
    const first = cable.plugIn(running('true'));
    await once(first, 'close');
    assert.equal(await outputOf(cable.plugIn(running('echo alone'))), 'alone\n');
  });

  it('has two ends', () => {
    using cable = new Cable();
    const children = [cable.plugIn(running('true')), cable.plugIn(running('true'))];
    assert.equal(children.length, 2);
    assert.throws(() => cable.plugIn(running('true')), { message: 'A network joins at most 2 machines.' });
  });
});
