import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LabVerdict } from '../../labs/format/lab.ts';
import type { RunResult } from '../machines/driver.ts';
import { TEST_LAB } from '../testing/test-lab.ts';
import type { Outcome } from './ask.ts';
import { type JudgeOptions, judge } from './judge.ts';

const { parts } = TEST_LAB.steps[1]!.verdict!;
const VERDICT: LabVerdict = { proof: { machine: 'safe', script: 'case $1 in put) ;; esac' }, parts };

const FAILED = { status: 'failed' } as Outcome;
const PASSED: Outcome = { status: 'passed', answer: undefined };

/** What is done in the machines, in order, and the proofs handed out. */
class Bench {
  readonly done: string[] = [];
  readonly proofs = new Set<string | undefined>();
  readonly problems: string[] = [];
  readonly options: JudgeOptions;

  constructor(outcomes: Record<string, Outcome> = {}, results: Record<string, Partial<RunResult>> = {}) {
    const fine = { status: 0, timedOut: false, stdout: '', stderr: '', truncated: false };
    this.options = {
      kit: '# the kit',
      secrets: new Map([['door-key', 'key-1']]),
      run: async (machine, { script, env }) => {
        const [kit, call = '', own] = script.split('\n');
        assert.deepEqual([kit, own, env?.DRYDOCK_SECRET_DOOR_KEY], ['# the kit', VERDICT.proof?.script, 'key-1']);
        this.proofs.add(env?.DRYDOCK_PROOF);
        this.done.push(`${machine}: ${call}`);
        return { ...fine, ...results[call] };
      },
      ask: async ({ id }, proof) => {
        this.proofs.add(proof);
        this.done.push(id);
        return outcomes[id] ?? PASSED;
      },
      proofFailed: (detail) => this.problems.push(detail),
    };
  }

  async run(verdict = VERDICT, more: Partial<JudgeOptions> = {}): Promise<string[]> {
    const said: string[] = [];
    const judged = judge(verdict, { ...this.options, ...more });
    for await (const { part, outcome } of judged) said.push(`${part.id} ${outcome.status}`);
    return said;
  }
}

describe('judging', () => {
  it('puts a proof, asks uses and attacks with it, and removes it', async () => {
    const bench = new Bench();
    assert.deepEqual(await bench.run(), ['use passed', 'attack passed']);
    assert.deepEqual(bench.done, ['safe: set -- put', 'use', 'attack', 'safe: set -- remove']);
    assert.equal(bench.proofs.size, 1);
    assert.match([...bench.proofs][0] ?? '', /^[0-9a-f]{24}$/);
    await bench.run();
    assert.equal(bench.proofs.size, 2, 'the next run has another');
  });

  it('tries no attack while a use fails or cannot be asked, unless every part is wanted', async () => {
    assert.deepEqual(await new Bench({ use: FAILED }).run(), ['use failed']);
    assert.deepEqual(await new Bench({ use: { status: 'errored', detail: '' } }).run(), ['use errored']);
    const bench = new Bench({ use: FAILED });
    assert.deepEqual(await bench.run(VERDICT, { everyPart: true }), ['use failed', 'attack passed']);
  });

  it('goes on to the next attack when one of them works', async () => {
    const [use, attack] = parts;
    const verdict = { proof: null, parts: [use!, attack!, { ...attack!, id: 'attack-again' }] };
    const bench = new Bench({ attack: FAILED });
    assert.deepEqual(await bench.run(verdict), ['use passed', 'attack failed', 'attack-again passed']);
    assert.deepEqual(bench.done, ['use', 'attack', 'attack-again'], 'without a proof nothing is put');
  });

  it('asks nothing of a learner when the proof could not be put, and removes what there may be of it', async () => {
    const bench = new Bench({}, { 'set -- put': { status: 1, stderr: 'no space left\n' } });
    assert.deepEqual(await bench.run(), ['use errored']);
    assert.deepEqual(bench.done, ['safe: set -- put', 'safe: set -- remove']);
    assert.deepEqual(bench.problems, ['the proof: put ended with status 1: no space left']);
  });

  it('removes the proof when a machine ends under it, when asking is given up, and says when it cannot', async () => {
    const ended = new Bench();
    const ask = () => Promise.reject(new Error('the machine ended'));
    await assert.rejects(ended.run(VERDICT, { ask }), /the machine ended/);
    assert.equal(ended.done.at(-1), 'safe: set -- remove');

    const left = new Bench();
    for await (const _ of judge(VERDICT, left.options)) break;
    assert.deepEqual(left.done, ['safe: set -- put', 'use', 'safe: set -- remove']);

    const stuck = new Bench({}, { 'set -- remove': { status: null, timedOut: true } });
    assert.deepEqual(await stuck.run(), ['use passed', 'attack passed']);
    assert.deepEqual(stuck.problems, ['the proof: remove ended with its time']);
  });
});
