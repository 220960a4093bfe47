import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, type TestContext, test } from 'node:test';
import { LABS_FOLDER } from '../cli/lab/find-lab.ts';
import { makeLab } from '../cli/lab/new.ts';
import { whereTimeWent } from '../cli/lab/table.ts';
import { SANDBOXES_AT_ONCE } from '../cli/lab/test.ts';
import { type Timing, tryLab } from '../cli/lab/try-lab.ts';
import { Tryout } from '../cli/lab/tryout.ts';
import type { Lab } from '../labs/format/lab.ts';
import { loadLab } from '../labs/format/load-lab.ts';
import { loadLabs } from '../labs/format/load-labs.ts';
import { readConfig } from '../sandbox-server/config.ts';
import { openLocalMachines } from '../sandbox-server/local-machines.ts';
import { Turns } from '../sandbox-server/turns.ts';

const engine = await openLocalMachines({ env: process.env, config: readConfig(process.env) });
after(() => engine[Symbol.asyncDispose]());

const { signal } = new AbortController();
/** Labs overlap: while the last sandbox of one is at work, the next one has the other processors. */
const turns = new Turns(SANDBOXES_AT_ONCE);

/**
 * What the labs may take of the half hour that `npm test` has. On a slow computer mutants that have not had their turn by
 * then are skipped, and counted as such; steps never are. `npm run lab -- test` tries everything, however long it takes.
 */
const MINUTES_FOR_MUTANTS = 15;
const timeIsUp = AbortSignal.timeout(MINUTES_FOR_MUTANTS * 60_000);
const hasTime = () => !timeIsUp.aborted;

/** Every promise of the lab is a test of its own, named as in the table of `npm run lab -- test`. */
async function prove(lab: Lab, context: TestContext): Promise<void> {
  const timings: Timing[] = [];
  const onSandbox = (timing: Timing) => timings.push(timing);
  const leftOut: string[] = [];
  const onLeftOut = (mutant: string) => leftOut.push(mutant);
  const findings = await tryLab(lab, { engine, turns, signal, onFinding: () => {}, onSandbox, hasTime, onLeftOut });
  const totalS = Math.round(timings.reduce((sum, { ms }) => sum + ms, 0) / 1000);
  context.diagnostic(`${lab.id}: ${totalS} s of sandboxes: ${whereTimeWent(timings)}`);
  for (const finding of findings) {
    const { step, subject, promise, problem } = finding;
    await context.test(`${step} ${subject}: ${promise}`, () => assert.equal(problem, null));
  }
  for (const mutant of leftOut) {
    const skip = `the labs have taken ${MINUTES_FOR_MUTANTS} minutes`;
    await context.test(`the mutant ${mutant} is caught`, { skip }, () => {});
  }
}

describe('the labs, at the same time', { concurrency: true }, () => {
  for (const lab of loadLabs(LABS_FOLDER).values()) {
    test(`the lab ${lab.id} keeps its promises on real machines`, (context) => prove(lab, context));
  }
});

test('a lab that was just made keeps its promises as it is', async (context) => {
  const labs = mkdtempSync(join(tmpdir(), 'labs-'));
  context.after(() => rmSync(labs, { recursive: true }));
  for (const folder of ['kit', 'images']) cpSync(join(LABS_FOLDER, folder), join(labs, folder), { recursive: true });
  makeLab(['just-made'], { labsFolder: labs, say: () => {} });
  await prove(loadLab(join(labs, 'just-made')), context);
});

test('a verdict that leaves something behind is found out', async () => {
  const lab = loadLabs(LABS_FOLDER).get('docker-group');
  assert.ok(lab);
  const step = lab.steps.find(({ verdict }) => verdict !== null);
  const attack = step?.verdict?.parts.find(({ kind }) => kind === 'attack');
  assert.ok(step && attack);
  const untidy = { ...attack, script: 'touch /etc/cron.d/miner; useradd mallory; fail daemon-down' };
  const verdict = { proof: null, parts: [untidy] };
  const spoilt = { ...lab, steps: [{ ...step, checks: [], solution: [], mutants: [], verdict }] };
  const findings = await tryLab(spoilt, { engine, turns: new Turns(1), signal, onFinding: () => {} });
  const left = findings.find(({ promise }) => promise === 'verdict: leaves no trace');
  assert.match(left?.problem ?? '', /it left a trace on host: \+ \/etc\/cron\.d\/miner /);
  assert.match(left?.problem ?? '', /it left a trace on host: \+ mallory:x:/);
});

test('each sandbox has a secret of its own', async () => {
  const lab = loadLabs(LABS_FOLDER).get('docker-group');
  assert.ok(lab);
  const read = async () => {
    await using tryout = await Tryout.start(lab, engine, { signal });
    const { stdout } = await tryout.run('host', { script: 'cat /root/secret.txt', timeoutMs: 20_000 });
    assert.equal(stdout, tryout.secrets.get('root'));
    return stdout;
  };
  assert.notEqual(await read(), await read());
});
