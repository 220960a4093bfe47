import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCELERATORS } from '../../../sandbox-server/machines/qemu/accelerators.ts';
import { machineLimits } from '../../../sandbox-server/machines/qemu/limits.ts';
import { isReady } from '../report.ts';
import { ATTEMPTS } from './attempts.ts';
import { judgeBounds, judgeJailTrials, judgeMachine } from './judge.ts';
import type { Bounds } from './machine-process.ts';
import { attackJson, attackSummary } from './report-attack.ts';
import type { ProbeResult } from './run-probe.ts';
import type { Trial } from './try-jail.ts';

const limits = machineLimits({ accelerator: ACCELERATORS.tcg, memoryMib: 768, maxFileBytes: 3 * 1024 ** 3 });
const bounds: Bounds = {
  ...{ hostUid: 1_900_000_003, pids: 2, capabilities: 0n, noNewPrivileges: true, seccompFilters: 2 },
  ...{ niceness: 10, sessionNiceness: null, oomScore: 800, sharedNamespaces: [] },
  limits: {
    'Max address space': limits.addressSpaceBytes,
    'Max file size': limits.fileBytes,
    'Max open files': limits.openFiles,
    'Max processes': limits.threads,
    ...{ 'Max locked memory': 0, 'Max msgqueue size': 0, 'Max core file size': 0, 'Max realtime priority': 0 },
  },
};
const machine = {
  ...{ bounds, foreignSockets: [], wroteOverDisk: true, changed: [] },
  reached: [{ way: 'tcp' as const, target: '192.0.2.1:80', outcome: 'ENETUNREACH' }],
};

const trialsWith = (name: string, result: Partial<ProbeResult>): Trial[] =>
  ATTEMPTS.map((attempt) => ({
    attempt,
    inJail: { attempt: attempt.name, outcome: 'refused', how: 'EPERM', ...(attempt.name === name && result) },
    withoutJail: { attempt: attempt.name, outcome: 'succeeded', how: '' },
  }));
const lacks = (sections: ReturnType<typeof judgeJailTrials>) =>
  sections.flatMap(({ findings }) => findings).filter(({ level }) => level === 'lack');

test('an attempt that got through is a lack with what to do, and the status says so', () => {
  const sections = judgeJailTrials(trialsWith('fork', { outcome: 'succeeded', how: '' }));
  assert.equal(isReady(sections), false);
  assert.deepEqual(lacks(sections), [
    {
      level: 'lack',
      subject: 'SUCCEEDED',
      text: 'start a process',
      fix: 'The jail shares more with this computer than it should. Bring kernel and bubblewrap up to date (sudo apt-get update && sudo apt-get upgrade) and try again. Do not let strangers in until this is refused, and please report it with the output of --json.',
    },
  ]);
  assert.equal(
    attackSummary(sections),
    'One attempt was not refused, marked ✗: do what the arrow says before anybody you do not know uses this computer.',
  );
});

test('a probe that died of something else than the filter has proven nothing', () => {
  const sections = judgeJailTrials(trialsWith('fork', { outcome: 'unknown', how: 'the probe ended with SIGSEGV' }));
  assert.deepEqual(
    lacks(sections).map(({ subject, text }) => [subject, text]),
    [['not known', 'start a process: the probe ended with SIGSEGV']],
  );
});

test('all refused is said in one sentence; what this computer refuses anyway is a note', () => {
  const trials = trialsWith('fork', {}).map((trial) =>
    trial.attempt.name === 'keys' ? { ...trial, withoutJail: { ...trial.inJail, how: 'ENOSYS' } } : trial,
  );
  const sections = judgeJailTrials(trials);
  assert.equal(isReady(sections), true);
  assert.equal(
    attackSummary(sections),
    'Everything was refused: what breaks out of a machine finds a jail that holds.',
  );
  assert.match(
    sections.at(-1)?.findings[0]?.text ?? '',
    /^61 of these 62 .*\n {2}reach keys in the kernel \(ENOSYS\)$/s,
  );
});

test('each bound of a running machine that is not in force is named', () => {
  const named = (changes: Partial<Bounds>) =>
    judgeBounds({ ...bounds, ...changes }, { asRoot: true, limits })
      .filter(({ level }) => level === 'lack')
      .map(({ subject }) => subject);
  assert.deepEqual(named({}), []);
  assert.deepEqual(named({ hostUid: 0 }), ['user']);
  assert.deepEqual(named({ sharedNamespaces: ['net'] }), ['namespaces']);
  assert.deepEqual(named({ capabilities: 1n << 21n }), ['capabilities']);
  assert.deepEqual(named({ noNewPrivileges: false }), ['privileges']);
  assert.deepEqual(named({ seccompFilters: 1 }), ['seccomp']);
  assert.deepEqual(named({ niceness: 0 }), ['processor']);
  assert.deepEqual(named({ sessionNiceness: 0 }), ['processor']);
  assert.deepEqual(named({ oomScore: 0 }), ['short memory']);
  assert.deepEqual(named({ limits: { ...bounds.limits, 'Max address space': Number.POSITIVE_INFINITY } }), ['memory']);
  assert.deepEqual(named({ limits: { ...bounds.limits, 'Max locked memory': 65_536 } }), ['nothing of']);
});

test('what a machine reached, a socket of its process and a changed template are lacks', () => {
  const judge = (changes: Partial<typeof machine>) =>
    lacks(judgeMachine({ ...machine, ...changes }, { asRoot: true, limits })).map(({ subject }) => subject);
  assert.deepEqual(judge({}), []);
  assert.deepEqual(judge({ reached: [{ way: 'tcp', target: '192.0.2.1:80', outcome: 'ECONNREFUSED' }] }), ['REACHED']);
  assert.deepEqual(judge({ reached: [{ way: 'tcp', target: '192.0.2.1:80', outcome: 'connected ' }] }), ['REACHED']);
  assert.deepEqual(judge({ foreignSockets: ['tcp socket 7'] as never }), ['from outside']);
  assert.deepEqual(judge({ changed: ['/t/memory'] as never }), ['changed']);
  assert.deepEqual(judge({ wroteOverDisk: false }), ['not known']);
});

test('for programs, every attempt has its outcome beside that without the jail', () => {
  const jail = trialsWith('fork', {});
  const sections = [...judgeJailTrials(jail), ...judgeMachine(machine, { asRoot: true, limits })];
  const { held, attempts, machine: told } = JSON.parse(attackJson({ sections, jail, machine }));
  assert.equal(held, true);
  assert.deepEqual(attempts[0], {
    ...{ name: 'read-neighbour-file', outcome: 'refused', how: 'EPERM', withoutJail: 'succeeded' },
  });
  assert.equal(told.bounds.capabilities, '0x0');
});
