import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import type { Finding } from '../machines/driver.ts';
import { BEATS_UNANSWERED, LOOKS_UNFINISHED, PULSE_MS, Vitals } from './vitals.ts';

const FULL: Finding = { kind: 'full', what: '/' };

/** A machine that a test breaks and puts right. */
class Patient {
  isPaused = false;
  isSilent = false;
  isFailing = false;
  findings: readonly Finding[] | undefined = [];
  asked = 0;
  looks = 0;
  #waiting: (() => void)[] = [];

  async answers(): Promise<void> {
    this.asked += 1;
    if (this.isFailing) throw new Error('the agent failed');
    if (this.isSilent) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async examine(): Promise<readonly Finding[] | undefined> {
    this.looks += 1;
    return this.findings;
  }

  speak(): void {
    this.isSilent = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

const settled = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
};

/** Lets so much time go by, a beat at a time. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1_000) {
    mock.timers.tick(Math.min(left, 1_000));
    await settled();
  }
}

describe('Vitals', () => {
  let patient: Patient;
  let vitals: Vitals;
  let changes: number;
  const kinds = () => vitals.impairments.map(({ kind }) => kind);

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
    patient = new Patient();
    changes = 0;
    const onChange = () => {
      changes += 1;
    };
    vitals = new Vitals({ role: 'host', machine: patient, onChange });
    vitals.setWatched(true);
  });
  afterEach(() => {
    vitals[Symbol.dispose]();
    mock.timers.reset();
  });

  it('says nothing of a machine that answers, and looks at none in which nothing happens', async () => {
    await pass(60_000);
    assert.deepEqual([kinds(), changes, patient.looks], [[], 0, 0]);
    assert.ok(patient.asked > 5);
  });

  it('calls a machine silent after as many beats as it may miss, no sooner, until it answers', async () => {
    patient.isSilent = true;
    await pass(PULSE_MS * BEATS_UNANSWERED);
    assert.deepEqual(kinds(), []);
    await pass(PULSE_MS);
    assert.deepEqual(vitals.impairments, [{ machine: 'host', kind: 'silent', what: null }]);
    patient.speak();
    await settled();
    assert.deepEqual([kinds(), changes], [[], 2]);
  });

  it('does not call one silent that answers late each time, as one that is busy does', async () => {
    for (let beat = 0; beat < 10; beat += 1) {
      patient.isSilent = true;
      await pass(PULSE_MS * BEATS_UNANSWERED);
      patient.speak();
      await settled();
    }
    assert.deepEqual([kinds(), changes], [[], 0]);
  });

  it('does not call one silent that answered with an error', async () => {
    patient.isFailing = true;
    await pass(PULSE_MS);
    patient.isFailing = false;
    await pass(PULSE_MS * (BEATS_UNANSWERED + 2));
    assert.deepEqual([kinds(), changes], [[], 0]);
  });

  it('looks once after something happened, and soon when it goes on happening', async () => {
    vitals.noteActivity();
    await pass(10_000);
    assert.equal(patient.looks, 1);
    for (let second = 0; second < 20; second += 1) {
      vitals.noteActivity();
      await pass(1_000);
    }
    assert.equal(patient.looks, 2);
  });

  it('tells what it found once, and that it is gone when it is', async () => {
    patient.findings = [FULL];
    vitals.noteActivity();
    await pass(20_000);
    assert.deepEqual([vitals.impairments, changes], [[{ machine: 'host', ...FULL }], 1]);
    patient.findings = [];
    await pass(6_000);
    assert.deepEqual([kinds(), changes], [[], 2]);
  });

  it('looks at once when something could not be asked', async () => {
    patient.findings = [{ kind: 'system', what: null }];
    vitals.noteDoubt();
    await pass(1);
    assert.deepEqual(kinds(), ['system']);
  });

  it('keeps what it found when a look tells nothing, and calls a machine busy when the next one tells nothing either', async () => {
    patient.findings = [FULL];
    vitals.noteDoubt();
    await pass(1);
    const { looks } = patient;
    patient.findings = undefined;
    while (patient.looks < looks + LOOKS_UNFINISHED - 1) await pass(1_000);
    assert.deepEqual([kinds(), changes], [['full'], 1]);
    while (patient.looks < looks + LOOKS_UNFINISHED) await pass(1_000);
    assert.deepEqual([kinds(), changes], [['busy'], 2]);
    patient.findings = [];
    await pass(6_000);
    assert.deepEqual([kinds(), changes], [[], 3]);
  });

  it('asks nothing while nobody looks, and looks again when somebody does', async () => {
    patient.findings = [FULL];
    vitals.noteDoubt();
    await pass(1);
    vitals.setWatched(false);
    const { looks, asked } = patient;
    vitals.noteActivity();
    vitals.noteDoubt();
    await pass(60_000);
    assert.deepEqual([patient.looks, patient.asked], [looks, asked]);
    patient.findings = [];
    vitals.setWatched(true);
    await pass(1);
    assert.deepEqual(kinds(), []);
  });

  it('leaves a paused machine alone, which is no sign of anything', async () => {
    patient.isPaused = true;
    patient.isSilent = true;
    vitals.noteDoubt();
    await pass(60_000);
    assert.deepEqual([kinds(), patient.asked, patient.looks], [[], 0, 0]);
  });
});
