import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ask } from '../../checks/ask.ts';
import { mark } from '../../checks/mark.ts';
import { parseFacts } from '../../map/facts.ts';
import { SCRIPTS } from '../../map/scripts.ts';
import { TEST_LAB } from '../../testing/test-lab.ts';
import { rehearse } from './rehearsal.ts';

const [, DOOR] = TEST_LAB.steps;

/** A fake machine of the test lab, its first terminal, and what its checks answer. */
async function makeStage() {
  const { driver, templates } = rehearse(new Map([[TEST_LAB.id, TEST_LAB]]));
  const template = (await templates.forLab(TEST_LAB)).get('host');
  assert.ok(template);
  const machine = await driver.fork(template, { id: 'one' });
  let typed = 0;
  let applied = () => {};
  machine.terminals[0]?.listen({ output: () => {}, status: () => {}, inputApplied: () => applied() });
  return {
    type: async (line: string) => {
      const bytes = Buffer.from(`${line}\r`);
      await new Promise<void>((resolve) => {
        applied = resolve;
        machine.terminals[0]?.write(typed, bytes);
      });
      typed += bytes.length;
    },
    statuses: async () => {
      const statuses: string[] = [];
      for (const question of [...DOOR!.checks, ...DOOR!.verdict!.parts]) {
        const run = (_role: string, request: Parameters<typeof machine.run>[0]) => machine.run(request);
        const outcome = await ask(question, { kit: TEST_LAB.kit, secrets: new Map(), timeoutMs: 1_000, run });
        statuses.push(outcome.status === 'failed' ? outcome.answer.message : outcome.status);
      }
      return statuses;
    },
    survey: async () => {
      const { stdout } = await machine.run({ script: SCRIPTS.survey, timeoutMs: 1_000 });
      const facts = parseFacts(stdout);
      const members = facts?.groups.find(({ name }) => name === 'docker')?.members;
      return { members, places: facts?.listeners.map(({ place }) => place) };
    },
    mark: async (answer: string) => {
      const run = (_role: string, request: Parameters<typeof machine.run>[0]) => machine.run(request);
      const options = { kit: TEST_LAB.kit, secrets: new Map(), timeoutMs: 1_000, run };
      return (await mark(TEST_LAB.questions[0]!, answer, options)).status;
    },
    [Symbol.asyncDispose]: () => driver[Symbol.asyncDispose](),
  };
}

describe('a rehearsal', () => {
  it('begins with goals failing and guards and verdicts holding', async () => {
    await using stage = await makeStage();
    assert.deepEqual(await stage.statuses(), ['missing', 'passed', 'missing', 'passed', 'passed']);
  });

  it('lets a line pass or fail as it is told in a terminal', async () => {
    await using stage = await makeStage();
    await stage.type('pass door-gone; fail mark-kept; fail attack present');
    assert.deepEqual(await stage.statuses(), ['passed', 'missing', 'missing', 'passed', 'present']);
    await stage.type('pass');
    assert.deepEqual(await stage.statuses(), ['passed', 'passed', 'passed', 'passed', 'passed']);
    await stage.type('fail');
    assert.deepEqual(await stage.statuses(), ['missing', 'missing', 'missing', 'missing', 'missing']);
  });

  it('finds right what is right in a fresh machine, until it is told otherwise', async () => {
    await using stage = await makeStage();
    assert.deepEqual([await stage.mark('here'), await stage.mark('there')], ['right', 'wrong']);
    await stage.type('say where there');
    assert.deepEqual([await stage.mark('here'), await stage.mark('there')], ['wrong', 'right']);
  });

  it('has a daemon for the host map, which follows gpasswd and listen', async () => {
    await using stage = await makeStage();
    const { type, survey } = stage;
    assert.deepEqual(await survey(), { members: ['alice'], places: ['/run/docker.sock'] });
    await type('sudo gpasswd -d alice docker');
    await type('listen 2375');
    assert.deepEqual(await survey(), { members: [], places: ['/run/docker.sock', '*:2375'] });
  });
});
