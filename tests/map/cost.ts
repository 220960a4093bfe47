import { Tryout } from '../../cli/lab/tryout.ts';
import { loadLab } from '../../labs/format/load-lab.ts';
import { readConfig } from '../../sandbox-server/config.ts';
import { openLocalMachines } from '../../sandbox-server/local-machines.ts';
import { SCRIPTS } from '../../sandbox-server/map/scripts.ts';

/** What a survey takes of a machine, beside a script that does nothing: `node tests/map/cost.ts [lab]`. */
const ROUNDS = 30;
const WARM_UP = 5;

const { signal } = new AbortController();
const lab = loadLab(`labs/${process.argv[2] ?? 'docker-group'}`);
await using engine = await openLocalMachines({ env: process.env, config: readConfig(process.env) });
await using tryout = await Tryout.start(lab, engine, { signal });

for (const { role } of lab.machines) {
  for (const [name, script] of Object.entries({ nothing: 'exit 0', survey: SCRIPTS.survey })) {
    const run = () => tryout.run(role, { script, timeoutMs: 60_000 });
    for (let round = 0; round < WARM_UP; round += 1) await run();
    const processorBefore = (await tryout.machine(role).usage())?.processorMs ?? Number.NaN;
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const begun = performance.now();
      await run();
      times.push(performance.now() - begun);
    }
    const processorAfter = (await tryout.machine(role).usage())?.processorMs ?? Number.NaN;
    const processorMs = Math.round((processorAfter - processorBefore) / ROUNDS);
    const median = Math.round(times.sort((a, b) => a - b)[ROUNDS / 2] ?? Number.NaN);
    process.stdout.write(`${lab.id} ${role}: ${name}, median ${median} ms, ${processorMs} ms of the processor\n`);
  }
}
