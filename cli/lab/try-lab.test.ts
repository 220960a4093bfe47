import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Lab, LabCheck, LabLine, LabQuestion, LabStep } from '../../labs/format/lab.ts';
import { Turns } from '../../sandbox-server/turns.ts';
import { type Choice, requireChoice } from './choice.ts';
import { markedEngine } from './marked-engine.ts';
import { findingRow, repeatTable, summary } from './table.ts';
import { tryLab } from './try-lab.ts';

const text = { 'zh-cn': '', en: '' };
const messages = { lost: { expected: text, seen: text, try: text }, other: { expected: text, seen: text, try: text } };

/** In a fake machine goals fail and guards hold, until `pass ID` or `fail ID MESSAGE` is typed. */
function lines(...commands: string[]): LabLine[] {
  return commands.map((command) => ({ terminal: 'alice', command }));
}

function check(id: string, kind: 'goal' | 'guard'): LabCheck {
  return { id, kind, line: text, machine: 'host', script: `ask ${id}`, messages, keeps: true };
}

function labOf(step: Partial<LabStep>): Lab {
  const machine = {
    role: 'host',
    hostname: 'dock',
    setup: '',
    terminals: [{ id: 'alice', user: 'alice' }],
    secrets: [],
  };
  const complete: LabStep = {
    ...{ id: 'one', kind: 'defend', title: text, instruction: text, optional: false, hints: [], verdict: null },
    checks: [check('goal', 'goal'), check('guard', 'guard')],
    solution: lines('pass goal'),
    mutants: [],
    ...step,
  };
  return {
    id: 'lab',
    image: 'debian-docker',
    title: text,
    kit: '',
    machines: [machine],
    steps: [complete],
    questions: [],
  };
}

/** Rows without times: they are the only thing that differs. */
async function rowsOf(lab: Lab, choice: Choice = {}): Promise<string[]> {
  const engine = markedEngine(lab);
  const options = { choice, turns: new Turns(2), signal: AbortSignal.timeout(30_000), onFinding: () => {} };
  const findings = await tryLab(lab, { engine, ...options });
  await engine.driver[Symbol.asyncDispose]();
  return findings.map((finding) => findingRow({ ...finding, ms: null }).replace(/ +/g, ' '));
}

describe('trying a lab', () => {
  it('finds nothing wrong with a lab that keeps its promises', async () => {
    const mutants = [{ id: 'wrong', lines: lines('fail guard lost'), caughtBy: 'guard', message: 'lost' }];
    assert.deepEqual(await rowsOf(labOf({ mutants })), [
      '✓ one goal goal: fails, then passes',
      '✓ one guard guard: holds throughout',
      '✓ one wrong mutant: caught by guard, lost',
    ]);
  });

  it('leaves mutants out, by name, when there is no time for them, and no step', async () => {
    const mutants = [{ id: 'wrong', lines: lines('fail guard lost'), caughtBy: 'guard', message: 'lost' }];
    const lab = labOf({ mutants });
    const engine = markedEngine(lab);
    const leftOut: string[] = [];
    const findings = await tryLab(lab, {
      ...{ engine, turns: new Turns(2), signal: AbortSignal.timeout(30_000), onFinding: () => {} },
      ...{ hasTime: () => false, onLeftOut: (mutant) => leftOut.push(mutant) },
    });
    await engine.driver[Symbol.asyncDispose]();
    assert.deepEqual(leftOut, ['wrong']);
    assert.deepEqual(
      findings.map(({ subject }) => subject),
      ['goal', 'guard'],
    );
  });

  it('finds a goal that the solution does not reach, with what it answered', async () => {
    const rows = await rowsOf(labOf({ solution: lines('fail goal other') }));
    assert.equal(rows[0], '✗ one goal goal: fails, then passes\n after the solution it failed with other');
  });

  it('finds a goal that holds before anybody did anything', async () => {
    const first = labOf({}).steps[0]!;
    const second = { ...first, id: 'two', checks: [check('goal', 'goal')] };
    const rows = await rowsOf({ ...labOf({}), steps: [first, second] });
    assert.equal(rows[2], '✗ two goal goal: fails, then passes\n before the solution it passed');
  });

  it('takes the optional steps before a single one, which may undo what they did', async () => {
    const first = labOf({ id: 'first', optional: true, solution: lines('pass goal', 'fail mess lost') }).steps[0]!;
    const last = { ...first, id: 'last', checks: [check('mess', 'goal')], solution: lines('pass mess') };
    const between = { ...last, id: 'between', optional: false, solution: lines('true') };
    const lab = { ...labOf({}), steps: [{ ...between, id: 'untouched' }, first, between, last] };
    assert.deepEqual(await rowsOf(lab, { step: 'last' }), ['✓ last mess goal: fails, then passes']);
  });

  it('finds a guard that breaks half-way and holds again at the end', async () => {
    const rows = await rowsOf(labOf({ solution: lines('fail guard lost', 'pass guard', 'pass goal') }));
    assert.equal(rows[1], '✗ one guard guard: holds throughout\n after "fail guard lost" it failed with lost');
  });

  it('finds a mutant that nobody catches, and one that is caught with the wrong words', async () => {
    const mutants = [
      { id: 'unseen', lines: lines('true'), caughtBy: 'guard', message: 'lost' },
      { id: 'misnamed', lines: lines('fail guard other'), caughtBy: 'guard', message: 'lost' },
    ];
    assert.deepEqual((await rowsOf(labOf({ mutants }))).slice(2), [
      '✗ one unseen mutant: caught by guard, lost\n guard passed',
      '✗ one misnamed mutant: caught by guard, lost\n guard failed with other',
    ]);
  });

  /** Parts of a verdict hold in a fake machine until they are told to fail, as guards do. */
  const part = (kind: 'use' | 'attack', id: string) => {
    return { id, kind, line: text, tried: text, machine: 'host', script: `ask ${id}`, messages, timeoutMs: 10_000 };
  };
  const verdict = { proof: null, parts: [part('use', 'use'), part('attack', 'attack')] };
  const breakIn = { ...labOf({}).steps[0]!, id: 'zero', checks: [], solution: lines('fail attack lost') };
  const rowsOfVerdict = async (step: Partial<LabStep>, before: readonly LabStep[] = [breakIn]) => {
    const lab = labOf({ checks: [], verdict, ...step });
    return rowsOf({ ...lab, steps: [...before, ...lab.steps] });
  };
  const useMutant = { id: 'shut', lines: lines('fail use lost'), caughtBy: 'use', message: 'lost' };

  it('finds nothing wrong with a verdict whose attack works before, and whose use a mutant breaks', async () => {
    const attackMutant = { id: 'open', lines: lines('fail attack lost'), caughtBy: 'attack', message: 'lost' };
    const mutants = [useMutant, attackMutant];
    assert.deepEqual(await rowsOfVerdict({ solution: lines('pass attack'), mutants }), [
      '✓ one use use: is seen to fail, then passes',
      '✓ one attack attack: is seen to fail, then passes',
      '✓ one verdict verdict: an attack works before',
      '✓ one verdict verdict: leaves no trace',
      '✓ one shut mutant: caught by use, lost',
      '✓ one open mutant: caught by attack, lost',
    ]);
  });

  it('finds a verdict that passes although nothing was defended', async () => {
    assert.deepEqual(await rowsOfVerdict({ solution: [] }, []), [
      '✗ one use use: is seen to fail, then passes\n before the solution it passed, and no mutant is caught by it',
      '✗ one attack attack: is seen to fail, then passes\n before the solution it passed, and no mutant is caught by it',
      '✗ one verdict verdict: an attack works before\n no attack fails with a message before the solution: nothing had to be defended',
      '✓ one verdict verdict: leaves no trace',
    ]);
  });

  it('finds an attack that still works, and a use that broke before any attack could be tried', async () => {
    const [, attack] = await rowsOfVerdict({ solution: [], mutants: [useMutant] });
    assert.match(attack ?? '', /\n after the solution it failed with lost$/);
    const [use, untried] = await rowsOfVerdict({ solution: lines('fail use other'), mutants: [useMutant] });
    assert.match(use ?? '', /\n after the solution it failed with other$/);
    assert.match(untried ?? '', /\n after the solution it was not asked, because a use failed$/);
  });

  it('finds a mutant of an attack that is never tried, since a use fails', async () => {
    const commands = lines('fail use other', 'fail attack lost');
    const mutants = [useMutant, { id: 'down', lines: commands, caughtBy: 'attack', message: 'lost' }];
    const rows = await rowsOfVerdict({ solution: lines('pass attack'), mutants });
    assert.equal(rows.at(-1), '✗ one down mutant: caught by attack, lost\n attack was not asked, because a use failed');
  });

  const where: LabQuestion = {
    ...{
      id: 'where',
      text,
      typed: null,
      answer: 'here',
      machine: 'host',
      script: 'ask where',
      expected: text,
      try: text,
    },
    choices: ['here', 'there'].map((id) => ({ id, text, right: text, wrong: text })),
    mutants: [{ id: 'moved', lines: lines('say where there'), answer: 'there' }],
  };
  const rowsOfQuestion = (more: Partial<LabQuestion>) => {
    return rowsOf({ ...labOf({}), steps: [], questions: [{ ...where, ...more }] });
  };

  it('finds nothing wrong with a question whose right answer changes with the machine', async () => {
    assert.deepEqual(await rowsOfQuestion({}), [
      '✓ questions where question: right is right, all else is wrong',
      '✓ questions moved mutant: where is there',
    ]);
  });

  it('finds a question of which something else is right than its lab says, and a mutant that changes nothing', async () => {
    // The fake machine knows one answer per script: the first question's.
    const other = { ...where, id: 'other', answer: 'there', mutants: [] };
    const rows = await rowsOf({ ...labOf({}), steps: [], questions: [{ ...where, mutants: [] }, other] });
    assert.match(rows[1] ?? '', /^✗ questions other .*\n "there" is wrong; "here" is right$/);
    const unmoved = await rowsOfQuestion({ mutants: [{ id: 'unmoved', lines: lines('true'), answer: 'there' }] });
    assert.equal(unmoved[1], '✗ questions unmoved mutant: where is there\n "there" is wrong; "here" is right');
  });

  it('tries a typed answer, and one that is none', async () => {
    const typed = { typed: { right: text, wrong: text }, choices: null, answer: '2', script: null, mutants: [] };
    assert.deepEqual(await rowsOfQuestion(typed), ['✓ questions where question: right is right, all else is wrong']);
  });

  it('reports a terminal that does not exist and goes on with the mutants', async () => {
    const mutants = [{ id: 'wrong', lines: lines('fail guard lost'), caughtBy: 'guard', message: 'lost' }];
    assert.deepEqual(await rowsOf(labOf({ mutants, solution: [{ terminal: 'bob', command: 'x' }] })), [
      '✗ one solution solution: can be typed\n Lab lab has no terminal "bob".',
      '✓ one wrong mutant: caught by guard, lost',
    ]);
  });

  it('ends at once, with every machine gone, when it is interrupted', async () => {
    const lab = labOf({ solution: lines('sleep 600') });
    const engine = markedEngine(lab);
    const stop = new AbortController();
    const trial = tryLab(lab, { engine, turns: new Turns(1), signal: stop.signal, onFinding: () => {} });
    setImmediate(() => stop.abort(new Error('interrupted')));
    await assert.rejects(trial, { message: 'interrupted' });
    assert.equal(engine.alive.size, 0);
  });
});

describe('the table', () => {
  const good = { step: 's', subject: 'a', promise: 'p', problem: null, ms: 5 };
  const bad = { ...good, subject: 'b', problem: 'why' };

  const timings = [
    { what: 'mutant', ms: 1_000 },
    { what: 'steps', ms: 60_000 },
  ];

  it('sums up in one line, and says where the time went', () => {
    assert.equal(
      summary({ findings: [good, good], timings, ms: 61_400 }),
      'All 2 promises hold (61 s). Sandboxes: steps 60 s, mutant 1 s.',
    );
    assert.match(summary({ findings: [good, bad], timings, ms: 1_000 }), /^1 of 2 promises do not hold \(1 s\)/);
  });

  it('gives of every promise how often it was tried and broken, and how long it took', () => {
    const runs = [
      { findings: [good, bad], timings, ms: 3_000 },
      {
        findings: [
          { ...good, ms: 15 },
          { ...bad, problem: null, ms: null },
        ],
        timings,
        ms: 4_000,
      },
    ];
    assert.equal(
      repeatTable(runs),
      `  promise     runs   broken   median  longest
  s a (p)        2        0    15 ms    15 ms
  s b (p)        2        1     5 ms     5 ms
Broken: 1 of 4 (25.00 %) over 2 runs, which took 3 s, 4 s.`,
    );
  });
});

describe('trying a part of a lab', () => {
  const mutants = ['wrong', 'worse'].map((id) => {
    return { id, lines: lines('fail guard lost'), caughtBy: 'guard', message: 'lost' };
  });
  const first = labOf({}).steps[0]!;
  const lab = { ...labOf({}), steps: [first, { ...first, id: 'two', mutants }] };
  const ofTwo = ['✓ two goal goal: fails, then passes', '✓ two guard guard: holds throughout'];
  const ofMutants = ['✓ two wrong mutant: caught by guard, lost', '✓ two worse mutant: caught by guard, lost'];

  it('tries one step, where it starts, with its mutants', async () => {
    const solved = { ...lab, steps: [{ ...first, checks: [], solution: [] }, ...lab.steps.slice(1)] };
    assert.deepEqual(await rowsOf(solved, { step: 'two' }), [...ofTwo, ...ofMutants]);
  });

  it('tries one mutant and nothing else', async () => {
    assert.deepEqual(await rowsOf(lab, { mutant: 'worse' }), ofMutants.slice(1));
    assert.deepEqual(await rowsOf(lab, { step: 'two', mutant: 'wrong' }), ofMutants.slice(0, 1));
  });

  it('says what there is, where there is no such step or mutant', () => {
    assert.throws(() => requireChoice([lab], { step: 'tow' }), {
      message: 'There is no step "tow".\nThere are: one, two.',
    });
    assert.throws(() => requireChoice([lab], { step: 'one', mutant: 'wrong' }), {
      message: 'There is no mutant "wrong" of step one.\nThere are: none.',
    });
    assert.throws(() => requireChoice([lab], { mutant: 'x' }), /There are: wrong, worse\./);
    requireChoice([lab], { mutant: 'wrong' });
  });
});
