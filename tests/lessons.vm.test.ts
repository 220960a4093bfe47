import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Tryout } from '../cli/lab/tryout.ts';
import { loadLab } from '../labs/format/load-lab.ts';
import { readConfig } from '../sandbox-server/config.ts';
import { openLocalMachines } from '../sandbox-server/local-machines.ts';
import { linesOf, missingFrom, readLessons } from './lessons/fences.ts';

const engine = await openLocalMachines({ env: process.env, config: readConfig(process.env) });
after(() => engine[Symbol.asyncDispose]());

const { signal } = new AbortController();

// The other language shows the same commands and outputs: fences.test.ts compares them.
for (const { id, lab: labId, claims } of readLessons().filter(({ locale }) => locale === 'en')) {
  if (labId === undefined) continue;
  const lab = loadLab(`labs/${labId}`);
  test(`the machine prints what the lesson ${id} says it prints`, async (context) => {
    await using tryout = await Tryout.start(lab, engine, { signal });
    for (const claim of claims) {
      let output = '';
      for (const line of linesOf(claim, lab)) output += (await tryout.type(line)).output;
      await context.test(`${claim.terminal}: ${claim.commands.join('; ')}`, () => {
        assert.deepEqual(missingFrom(output, claim.shown), [], `it printed:\n${output}`);
      });
    }
  });
}
