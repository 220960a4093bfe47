import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MachineBusyError, ScriptRefusedError } from '../../errors.ts';
import type { RunResult } from '../driver.ts';
import { findingsOf, findingsOfError } from './vital-signs.ts';

const ROOM = 'room / 300000 4096 1500000 300000 380000\nroom /run 19000 4096 19661 90000 98304\n';

function look(more: Partial<RunResult> = {}): RunResult {
  return { status: 0, timedOut: false, stdout: ROOM, stderr: '', truncated: false, ...more };
}

const CANNOT = 'cannot run a script as root: ';

describe('findingsOf', () => {
  it('finds nothing in a machine as it should be, nor where nothing is mounted or a place is missing', () => {
    assert.deepEqual(findingsOf(look()), []);
    assert.deepEqual(findingsOf(look({ stdout: `${ROOM}room /dev/shm 0 4096 0 0 0\n` })), []);
  });

  it('says nothing of a machine that did not come to it in time', () => {
    assert.equal(findingsOf(look({ status: null, timedOut: true, stdout: '' })), undefined);
  });

  it('finds a full disk when not a megabyte is left for anybody, or no further file', () => {
    const full = [{ kind: 'full', what: '/' }];
    assert.deepEqual(findingsOf(look({ stdout: 'room / 255 4096 1500000 300000 380000\n' })), full);
    assert.deepEqual(findingsOf(look({ stdout: 'room / 256 4096 1500000 300000 380000\n' })), []);
    assert.deepEqual(findingsOf(look({ stdout: 'room / 300000 4096 1500000 0 380000\n' })), full);
  });

  it('finds a full /run beside a disk with room', () => {
    const stdout = ROOM.replace('/run 19000', '/run 0');
    assert.deepEqual(findingsOf(look({ stdout })), [{ kind: 'full', what: '/run' }]);
  });

  it('tells a disk that cannot be written only as that, full or not', () => {
    const stdout = `${ROOM.replace('/ 300000', '/ 0')}read-only /\n`;
    assert.deepEqual(findingsOf(look({ stdout })), [{ kind: 'read-only', what: '/' }]);
  });

  it('finds programs that are gone, also the one it looks with', () => {
    assert.deepEqual(findingsOf(look({ stdout: `${ROOM}tool find\n` })), [{ kind: 'tool', what: 'find' }]);
    assert.deepEqual(findingsOf(look({ stdout: 'tool stat\n' })), [{ kind: 'tool', what: 'stat' }]);
  });

  it('shows nothing that a machine made up', () => {
    assert.deepEqual(findingsOf(look({ stdout: `${ROOM}tool <b>\nroom /evil 0 1 1 1 1\n` })), []);
  });

  for (const stderr of [
    `${CANNOT}[Errno 2] No such file or directory: '/bin/bash'`,
    `${CANNOT}[Errno 13] Permission denied: '/bin/bash'`,
    '/bin/bash: error while loading shared libraries: libtinfo.so.6: cannot open shared object file',
  ]) {
    it(`finds a broken system where a script cannot start: ${stderr}`, () => {
      assert.deepEqual(findingsOf(look({ status: 127, stdout: '', stderr })), [{ kind: 'system', what: null }]);
    });
  }

  it('finds that no process can start where that is why', () => {
    const processes = [{ kind: 'processes', what: null }];
    const stderr = 'bash: fork: retry: Resource temporarily unavailable\n';
    assert.deepEqual(findingsOf(look({ status: 254, stdout: '', stderr })), processes);
    assert.deepEqual(findingsOf(look({ stdout: '', stderr })), processes);
  });
});

describe('findingsOfError', () => {
  it('tells apart what the agent says when it cannot begin a script', () => {
    const found = (said: string) => findingsOfError(new ScriptRefusedError(said));
    assert.deepEqual(found("KeyError: 'getpwnam(): name not found: root'"), [{ kind: 'system', what: null }]);
    assert.deepEqual(found('BlockingIOError: [Errno 11] Resource temporarily unavailable'), [
      { kind: 'processes', what: null },
    ]);
  });

  it('says nothing of a machine that is busy', () => {
    assert.equal(findingsOfError(new MachineBusyError(1)), undefined);
  });
});
