import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Lab } from '../../labs/format/lab.ts';
import type { RunResult } from '../machines/driver.ts';
import { Metrics } from '../metrics/metrics.ts';
import { QUIET_LOG } from '../testing/quiet-log.ts';
import { TEST_LAB } from '../testing/test-lab.ts';
import { Examiner, type ExaminerOptions } from './examiner.ts';
import { sheetAt, sheetRecordSchema } from './sheet.ts';
import type { Seen } from './witness.ts';

/** A machine of which only the files matter; scripts are told apart by the path in them. */
class Bench {
  readonly files = new Set<string>();
  readonly asked: string[] = [];
  readonly earned = new Set<string>();
  mostAtOnce = 0;
  /** Answers with this instead, once. */
  next: Partial<RunResult> | undefined;
  onRun: (path: string) => void = () => {};
  /** Scripts with this in them fail, whatever there is. */
  lapseFor: string | undefined;
  #running = 0;
  #waiters = new Set<() => void>();
  readonly examiner: Examiner;

  constructor(more: Partial<ExaminerOptions> = {}) {
    this.examiner = new Examiner({
      lab: TEST_LAB,
      kit: '',
      secrets: new Map(),
      checkTimeoutMs: 1_000,
      log: QUIET_LOG,
      metrics: new Metrics(),
      run: (_role, { script }) => this.#run(script),
      earned: () => this.earned,
      onEarned: (step) => {
        this.earned.add(step);
        this.#wake();
      },
      onChange: () => this.#wake(),
      ...more,
    });
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiters.add(resolve));
  }

  status(step: string, check: string): string | undefined {
    const state = this.examiner.states().find(({ id }) => id === step);
    return [...(state?.checks ?? []), ...(state?.verdict ?? [])].find(({ id }) => id === check)?.status;
  }

  async #run(script: string): Promise<RunResult> {
    this.#running += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#running);
    await new Promise(setImmediate);
    this.#running -= 1;
    const path = /test -e (\S+)/.exec(script)?.[1] ?? '';
    this.asked.push(path);
    this.onRun(path);
    const special = this.next;
    this.next = undefined;
    const isThere = this.files.has(path) && !(this.lapseFor && script.includes(this.lapseFor));
    const holds = script.includes('present') ? !isThere : isThere;
    const line = `${script.includes('present') ? 'present' : 'missing'} path=${path}`;
    queueMicrotask(() => this.#wake());
    const base = { timedOut: false, stdout: line, stderr: '', truncated: false };
    return { ...base, status: holds ? 0 : 1, ...special };
  }

  #wake(): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const resolve of waiters) resolve();
  }
}

const STEP = Object.fromEntries(TEST_LAB.steps.map((step) => [step.id, step]));

/** Everything of step "door" holds; only its verdict may not. */
function readyForDoor(bench: Bench): void {
  bench.earned.add('mark');
  for (const path of ['/mark', '/asked']) bench.files.add(path);
}

describe('checks that run by themselves', () => {
  it('ask nothing before anything happened, and only the current step afterwards', async () => {
    const bench = new Bench();
    using _ = bench.examiner;
    assert.deepEqual(bench.asked, []);
    bench.examiner.noteActivity();
    await bench.until(() => bench.status('mark', 'marked') === 'failed');
    assert.deepEqual(bench.asked, ['/mark']);
    assert.equal(bench.status('door', 'door-gone'), 'pending');
  });

  it('wait until the terminal is quiet, but not for ever', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
    const bench = new Bench();
    using _ = bench.examiner;
    for (let elapsed = 0; elapsed < 1_900; elapsed += 100) {
      bench.examiner.noteActivity();
      context.mock.timers.tick(100);
    }
    assert.deepEqual(bench.asked, []);
    bench.examiner.noteActivity();
    context.mock.timers.tick(100);
    await bench.until(() => bench.asked.length === 1);

    const quiet = new Bench();
    using __ = quiet.examiner;
    quiet.examiner.noteActivity();
    context.mock.timers.tick(399);
    await new Promise(setImmediate);
    assert.deepEqual(quiet.asked, []);
    context.mock.timers.tick(1);
    await quiet.until(() => quiet.asked.length === 1);
  });

  it('earn a step without a verdict when all its lines hold, and go on to the next', async () => {
    const bench = new Bench();
    using _ = bench.examiner;
    bench.files.add('/mark');
    bench.examiner.noteActivity();
    await bench.until(() => bench.earned.has('mark'));
    bench.files.add('/door');
    await bench.until(() => bench.status('door', 'door-gone') === 'failed');
    await bench.until(() => bench.status('door', 'mark-kept') === 'passed');
  });

  it('run the verdict once when the lines begin to hold, and again only after one of them failed', async () => {
    const bench = new Bench();
    using _ = bench.examiner;
    readyForDoor(bench);
    bench.files.add('/backdoor');
    bench.examiner.noteActivity();
    await bench.until(() => bench.status('door', 'attack') === 'failed');
    assert.equal(bench.earned.has('door'), false);
    const verdicts = () => bench.asked.filter((path) => path === '/backdoor').length;
    const rounds = () => bench.asked.filter((path) => path === '/door').length;
    bench.examiner.noteActivity();
    await bench.until(() => rounds() === 2);
    bench.files.add('/door');
    bench.examiner.noteActivity();
    await bench.until(() => bench.status('door', 'door-gone') === 'lapsed');
    assert.equal(verdicts(), 1);
    bench.files.delete('/door');
    bench.files.delete('/backdoor');
    bench.examiner.noteActivity();
    await bench.until(() => bench.earned.has('door'));
    assert.equal(verdicts(), 2);
  });

  it('show a line amber only if it held in this sandbox', async () => {
    const bench = new Bench();
    using _ = bench.examiner;
    bench.files.add('/mark');
    bench.examiner.noteActivity();
    await bench.until(() => bench.earned.has('mark'));
    bench.files.delete('/mark');
    bench.examiner.noteActivity();
    await bench.until(() => bench.status('mark', 'marked') === 'lapsed');
    assert.equal(bench.examiner.states()[0]?.earned, true);

    const fresh = new Bench();
    using __ = fresh.examiner;
    fresh.earned.add('mark');
    fresh.examiner.noteActivity();
    await fresh.until(() => fresh.status('mark', 'marked') === 'failed');
  });

  it('after a reset ask the first step that this machine has not seen done, and the first not yet earned', async () => {
    const bench = new Bench();
    using _ = bench.examiner;
    bench.earned.add('mark');
    bench.examiner.noteActivity();
    await bench.until(() => bench.asked.includes('/asked'));
    assert.deepEqual([...new Set(bench.asked)], ['/mark', '/door', '/asked']);
  });

  it('earn what an earlier server saw hold and did not come to earn, though none of its lines is asked again', async () => {
    const lines = { 'once/done': { status: 'passed' as const, report: null } };
    const [mark] = TEST_LAB.steps;
    const [marked] = mark?.checks ?? [];
    assert.ok(mark && marked);
    const once = { ...mark, id: 'once', checks: [{ ...marked, id: 'done', keeps: false }] };
    const lab = { ...TEST_LAB, steps: [once, ...TEST_LAB.steps] };
    const bench = new Bench({ lab, sheet: { lines, held: ['once/done'], prepared: [] } });
    using _ = bench.examiner;
    bench.examiner.noteActivity();
    await bench.until(() => bench.earned.has('once'));

    const prepared = new Bench({ lab, sheet: { lines, held: ['once/done'], prepared: ['once'] } });
    using __ = prepared.examiner;
    prepared.examiner.noteActivity();
    await prepared.until(() => prepared.asked.length === 1);
    prepared.examiner.noteActivity();
    await prepared.until(() => prepared.asked.length === 2);
    assert.equal(prepared.earned.has('once'), false, 'nobody did that here');
  });

  it('run no verdict of a step that was done before the sandbox began; on demand it runs', async () => {
    const bench = new Bench({ sheet: sheetAt(TEST_LAB, 'last') });
    using _ = bench.examiner;
    for (const path of ['/mark', '/asked', '/last']) bench.files.add(path);
    bench.examiner.noteActivity();
    await bench.until(() => bench.earned.has('last'));
    assert.ok(bench.asked.includes('/door'), 'its lines are asked');
    assert.equal(bench.asked.includes('/backdoor'), false);
    bench.examiner.demand(STEP.door!);
    await bench.until(() => bench.status('door', 'attack') === 'passed');
  });

  it('leave a settled line alone', async () => {
    const bench = new Bench();
    using _ = bench.examiner;
    readyForDoor(bench);
    bench.files.add('/door');
    bench.examiner.noteActivity();
    await bench.until(() => bench.status('door', 'asked-once') === 'passed');
    bench.files.delete('/asked');
    bench.asked.length = 0;
    bench.examiner.noteActivity();
    await bench.until(() => bench.asked.length >= 2);
    await bench.until(() => bench.status('door', 'door-gone') === 'failed');
    assert.equal(bench.asked.includes('/asked'), false);
  });

  it('let a further step be skipped, and still ask it', async () => {
    const bench = new Bench();
    using _ = bench.examiner;
    readyForDoor(bench);
    bench.files.add('/last');
    bench.examiner.noteActivity();
    await bench.until(() => bench.earned.has('last'));
    assert.equal(bench.status('extra', 'extra-mark'), 'failed');
    assert.equal(bench.earned.has('extra'), false);
  });

  it('do not rest after a verdict for as long as that took', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
    const bench = new Bench();
    using _ = bench.examiner;
    readyForDoor(bench);
    bench.onRun = (path) => path === '/backdoor' && context.mock.timers.setTime(Date.now() + 20_000);
    bench.examiner.noteActivity();
    context.mock.timers.tick(400);
    await bench.until(() => bench.earned.has('door'));
    bench.files.add('/door');
    for (let elapsed = 0; elapsed < 1_000; elapsed += 100) {
      await new Promise(setImmediate);
      context.mock.timers.tick(100);
    }
    await bench.until(() => bench.status('door', 'door-gone') === 'lapsed');
  });

  it('stay quiet while nobody looks, and catch up when somebody does', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
    const bench = new Bench();
    using _ = bench.examiner;
    bench.examiner.setWatched(false);
    bench.examiner.noteActivity();
    context.mock.timers.tick(60_000);
    assert.deepEqual(bench.asked, []);
    bench.examiner.setWatched(true);
    context.mock.timers.tick(400);
    await bench.until(() => bench.asked.length === 1);
  });

  it('do not change a line because it could not be asked just now', async () => {
    const bench = new Bench();
    using _ = bench.examiner;
    bench.next = { status: 2, stderr: 'busy' };
    bench.examiner.noteActivity();
    await bench.until(() => bench.asked.length === 1);
    assert.equal(bench.status('mark', 'marked'), 'pending');
  });
});

describe('lines out of turn', () => {
  const [, DOOR, , LAST] = TEST_LAB.steps;
  /** Step "last" is the learner's; "door", which has a guard, is not. */
  const lab: Lab = { ...TEST_LAB, steps: [LAST!, { ...DOOR!, verdict: null }] };

  const doneOnce = (step: Lab['steps'][number]) => ({
    ...step,
    checks: step.checks.map((check) => ({ ...check, keeps: false })),
  });

  /** Time goes on, and what is asked meanwhile is answered. */
  async function pass(context: TestContext, ms: number): Promise<void> {
    for (let elapsed = 0; elapsed < ms; elapsed += 100) {
      context.mock.timers.tick(100);
      for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate);
    }
  }

  function begin(context: TestContext, more: Partial<ExaminerOptions> = {}): Bench {
    context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
    return new Bench(more);
  }

  it('are asked after the learner’s own, once each, and show nothing by that', async (context) => {
    const bench = begin(context, { lab });
    using _ = bench.examiner;
    bench.files.add('/mark');
    bench.examiner.noteActivity();
    await pass(context, 1_300);
    assert.deepEqual(bench.asked, ['/last']);
    await pass(context, 30_000);
    assert.deepEqual(bench.asked, ['/last', '/door', '/mark', '/asked']);
    assert.deepEqual(
      ['door-gone', 'mark-kept', 'asked-once'].map((check) => bench.status('door', check)),
      ['pending', 'pending', 'pending'],
    );
  });

  it('earn a step that is done before it is its turn', async (context) => {
    const bench = begin(context);
    using _ = bench.examiner;
    bench.examiner.noteActivity();
    await pass(context, 5_000);
    bench.files.add('/last');
    bench.examiner.noteActivity();
    await pass(context, 10_000);
    assert.deepEqual([...bench.earned], ['last']);
    assert.equal(bench.status('last', 'last-mark'), 'passed');
    bench.files.delete('/last');
    bench.examiner.noteActivity();
    await pass(context, 1_000);
    assert.equal(bench.status('last', 'last-mark'), 'lapsed');
  });

  it('earn nothing by what has held from the beginning, which is nobody’s doing', async (context) => {
    const bench = begin(context);
    using _ = bench.examiner;
    bench.files.add('/last');
    for (let round = 0; round < 3; round += 1) {
      bench.examiner.noteActivity();
      await pass(context, 10_000);
    }
    assert.deepEqual([...bench.earned], []);
    assert.equal(bench.status('last', 'last-mark'), 'pending');
  });

  it('earn what is done once also when nobody has looked before it was done', async (context) => {
    const once: Lab = { ...TEST_LAB, steps: TEST_LAB.steps.map((step) => (step === LAST ? doneOnce(step) : step)) };
    const bench = begin(context, { lab: once });
    using _ = bench.examiner;
    bench.files.add('/last');
    bench.examiner.noteActivity();
    await pass(context, 20_000);
    assert.deepEqual([...bench.earned], ['last']);
  });

  it('show those beside a goal that was reached, as on the step that is current', async (context) => {
    const bench = begin(context, { lab });
    using _ = bench.examiner;
    bench.files.add('/door');
    bench.examiner.noteActivity();
    await pass(context, 5_000);
    bench.files.delete('/door');
    bench.examiner.noteActivity();
    await pass(context, 10_000);
    assert.deepEqual(
      ['door-gone', 'mark-kept', 'asked-once'].map((check) => bench.status('door', check)),
      ['passed', 'failed', 'failed'],
    );
  });

  it('turn amber when a guard is broken that held, and not for a moment’s sake', async (context) => {
    const bench = begin(context, { lab });
    using _ = bench.examiner;
    bench.files.add('/mark');
    bench.examiner.noteActivity();
    await pass(context, 5_000);
    bench.files.delete('/mark');
    bench.examiner.noteActivity();
    await pass(context, 2_000);
    bench.files.add('/mark');
    await pass(context, 10_000);
    assert.equal(bench.status('door', 'mark-kept'), 'pending');
    bench.files.delete('/mark');
    bench.examiner.noteActivity();
    await pass(context, 10_000);
    assert.equal(bench.status('door', 'mark-kept'), 'lapsed');
    bench.files.add('/mark');
    bench.examiner.noteActivity();
    await pass(context, 1_000);
    assert.equal(bench.status('door', 'mark-kept'), 'passed');
  });

  it('are still known to a later server', async (context) => {
    const bench = begin(context);
    bench.examiner.noteActivity();
    await pass(context, 5_000);
    bench.examiner[Symbol.dispose]();
    const later = new Bench({ sheet: sheetRecordSchema.parse(JSON.parse(JSON.stringify(bench.examiner.record))) });
    using _ = later.examiner;
    later.files.add('/last');
    later.examiner.noteActivity();
    await pass(context, 10_000);
    assert.deepEqual([...later.earned], ['last']);
  });
});

describe('checks on demand', () => {
  it('show as running at once, then say what they found', async () => {
    const bench = new Bench();
    using _ = bench.examiner;
    bench.examiner.demand(STEP.mark!);
    assert.equal(bench.status('mark', 'marked'), 'running');
    await bench.until(() => bench.status('mark', 'marked') === 'failed');
    assert.equal(bench.examiner.states()[0]?.checks[0]?.report?.seen.en, 'there is no /mark');
  });

  it('say when they could not be asked', async () => {
    const bench = new Bench();
    using _ = bench.examiner;
    bench.next = { status: 2, stderr: 'no daemon' };
    bench.examiner.demand(STEP.mark!);
    await bench.until(() => bench.status('mark', 'marked') === 'errored');
    assert.equal(bench.examiner.states()[0]?.checks[0]?.report, null);
  });

  it('run the verdict every time all lines hold, and never when one does not', async () => {
    const bench = new Bench();
    using _ = bench.examiner;
    readyForDoor(bench);
    bench.files.add('/door');
    bench.examiner.demand(STEP.door!);
    await bench.until(() => bench.status('door', 'asked-once') === 'passed');
    assert.equal(bench.status('door', 'attack'), 'pending');
    bench.files.delete('/door');
    bench.files.add('/backdoor');
    bench.examiner.demand(STEP.door!);
    await bench.until(() => bench.status('door', 'attack') === 'failed');
    bench.files.delete('/backdoor');
    bench.examiner.demand(STEP.door!);
    await bench.until(() => bench.earned.has('door'));
    assert.equal(bench.status('door', 'attack'), 'passed');
  });

  it('try no attack while a use fails, and show the attack as untried', async () => {
    const bench = new Bench();
    using _ = bench.examiner;
    readyForDoor(bench);
    bench.examiner.demand(STEP.door!);
    await bench.until(() => bench.earned.has('door'));
    assert.deepEqual(
      bench.examiner.states()[1]?.verdict.map(({ status, tried }) => [status, tried?.en]),
      [
        ['passed', 'use: tried …'],
        ['passed', 'attack: tried …'],
      ],
    );
    bench.asked.length = 0;
    bench.lapseFor = 'true; true;';
    bench.examiner.demand(STEP.door!);
    await bench.until(() => bench.status('door', 'use') === 'lapsed');
    await bench.until(() => bench.status('door', 'attack') === 'pending');
    assert.equal(bench.asked.includes('/backdoor'), false);
  });

  it('never run two at a time, however they are asked for', async () => {
    const bench = new Bench();
    using _ = bench.examiner;
    readyForDoor(bench);
    for (const step of TEST_LAB.steps) bench.examiner.demand(step);
    bench.examiner.noteActivity();
    for (const step of TEST_LAB.steps) bench.examiner.demand(step);
    await bench.until(() => bench.status('last', 'last-mark') === 'failed' && bench.earned.has('door'));
    assert.equal(bench.mostAtOnce, 1);
  });

  it('end quietly with their sandbox', async () => {
    const bench = new Bench();
    bench.examiner.demand(STEP.door!);
    bench.examiner[Symbol.dispose]();
    bench.examiner.noteActivity();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    assert.ok(bench.asked.length <= 1);
  });
});

describe('answers to questions', () => {
  const [WHERE] = TEST_LAB.questions;

  it('are marked between checks, one at a time, before checks that nobody waits for', async () => {
    const bench = new Bench();
    using _ = bench.examiner;
    readyForDoor(bench);
    bench.examiner.demand(STEP.door!);
    const marks = ['here', 'there'].map((answer) => bench.examiner.mark(WHERE!, answer));
    bench.examiner.noteActivity();
    const marked = await Promise.all(marks);
    assert.deepEqual(
      marked.map(({ status }) => status),
      ['errored', 'errored'],
      'this machine prints something else',
    );
    await bench.until(() => bench.earned.has('door'));
    assert.equal(bench.mostAtOnce, 1);
  });

  it('are given up with their sandbox, those that wait too', async () => {
    const bench = new Bench();
    const marks = ['here', 'there'].map((answer) => bench.examiner.mark(WHERE!, answer));
    bench.examiner[Symbol.dispose]();
    for (const marked of [...marks, bench.examiner.mark(WHERE!, 'here')]) await assert.rejects(marked);
  });
});

describe('a lab that its author changes', () => {
  const [MARK, ...LATER] = TEST_LAB.steps;
  const asking = (script: string): Lab => {
    const checks = MARK!.checks.map((check) => ({ ...check, script }));
    return { ...TEST_LAB, steps: [{ ...MARK!, checks }, ...LATER] };
  };

  it('is asked anew where it asks something else, in the machine as it is, and only there', async () => {
    const bench = new Bench();
    using _ = bench.examiner;
    bench.files.add('/mark');
    bench.examiner.demand(STEP.mark!);
    await bench.until(() => bench.status('mark', 'marked') === 'passed');
    bench.examiner.revise(asking('test -e /elsewhere'));
    await bench.until(() => bench.status('mark', 'marked') === 'failed');
    assert.deepEqual(bench.asked, ['/mark', '/elsewhere']);
    bench.examiner.revise(asking('test -e /mark'));
    await bench.until(() => bench.status('mark', 'marked') === 'passed');
    bench.examiner.revise({ ...asking('test -e /mark'), title: { 'zh-cn': '新', en: 'new' } });
    await new Promise(setImmediate);
    assert.deepEqual(bench.asked, ['/mark', '/elsewhere', '/mark']);
  });

  it('runs a verdict again that has changed, also where it passed', async () => {
    const bench = new Bench();
    using _ = bench.examiner;
    readyForDoor(bench);
    bench.examiner.demand(STEP.door!);
    await bench.until(() => bench.earned.has('door'));
    const { verdict } = STEP.door!;
    const parts = verdict!.parts.map((part) => ({ ...part, script: `${part.script} # newer` }));
    const steps = TEST_LAB.steps.map((step) =>
      step.id === 'door' ? { ...step, verdict: { ...verdict!, parts } } : step,
    );
    bench.files.add('/backdoor');
    bench.examiner.revise({ ...TEST_LAB, steps });
    await bench.until(() => bench.status('door', 'attack') === 'failed');
  });

  it('has its scripts run one by one for a witness, without a line that changes', async () => {
    const seen: Seen[] = [];
    const bench = new Bench({ witness: (one) => seen.push(one) });
    using _ = bench.examiner;
    bench.examiner.probe({ kind: 'check', step: 'mark', id: 'marked' });
    bench.examiner.probe({ kind: 'part', step: 'door', id: 'attack' });
    bench.examiner.probe({ kind: 'question', step: null, id: 'where' });
    bench.examiner.probe({ kind: 'check', step: 'mark', id: 'no-such' });
    await bench.until(() => seen.length === 3);
    assert.deepEqual(
      seen.map(({ kind, step, id, result }) => [kind, step, id, result?.status]),
      [
        ['check', 'mark', 'marked', 1],
        ['part', 'door', 'attack', 0],
        ['question', null, 'where', 1],
      ],
    );
    assert.equal(bench.status('mark', 'marked'), 'pending');
  });
});
