/**
 * @typedef {object} CommandPlan
 * @property {string} module relative to cli/; exports `run(args, progress)`, which resolves to an exit status
 * @property {'nothing' | 'serving' | 'testing'} system what the system must provide first
 * @property {number} steps how many steps of progress the command itself will show
 */

/** @type {Readonly<Record<string, CommandPlan>>} */
export const COMMANDS = {
  start: { module: 'serve.ts', system: 'serving', steps: 3 },
  dev: { module: 'dev.ts', system: 'serving', steps: 2 },
  test: { module: 'test.ts', system: 'testing', steps: 0 },
  bench: { module: 'bench.ts', system: 'serving', steps: 0 },
  lab: { module: 'lab.ts', system: 'serving', steps: 0 },
  // It reports what is missing, so it must run without it.
  doctor: { module: 'doctor.ts', system: 'nothing', steps: 0 },
  clean: { module: 'clean.ts', system: 'nothing', steps: 0 },
};
