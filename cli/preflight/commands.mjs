/**
 * @typedef {'nothing' | 'building' | 'serving' | 'testing'} SystemNeed what the system must provide before a command runs
 *
 * @typedef {object} CommandPlan
 * @property {string} module relative to cli/; exports `run(args, progress)`, which resolves to an exit status
 * @property {(args: readonly string[], env: NodeJS.ProcessEnv) => SystemNeed} system
 * @property {number} steps how many steps of progress the command itself will show
 */

/**
 * Machines on a Docker Engine, or wherever there is something to run them, need only what builds an image. Pretended ones
 * (below) need nothing of the system. @type {CommandPlan['system']}
 */
const toRun = (_args, env) => (env.DRIVER === 'docker' || env.DRIVER === 'auto' ? 'building' : 'serving');

/** @type {CommandPlan['system']} */
const toServe = (args, env) => (env.DRIVER === 'fake' ? 'nothing' : toRun(args, env));

/** @type {CommandPlan['system']} */
const nothing = () => 'nothing';

const STAGES_WITHOUT_MACHINES = ['types', 'lint', 'unit'];
const LAB_COMMANDS_WITHOUT_MACHINES = ['new', 'check', '--help'];

/** @type {Readonly<Record<string, CommandPlan>>} */
export const COMMANDS = {
  start: { module: 'serve.ts', system: toServe, steps: 1 },
  dev: { module: 'dev.ts', system: toServe, steps: 0 },
  test: {
    module: 'test.ts',
    system: (stages) =>
      stages.length > 0 && stages.every((stage) => STAGES_WITHOUT_MACHINES.includes(stage)) ? 'nothing' : 'testing',
    steps: 0,
  },
  bench: { module: 'bench.ts', system: () => 'serving', steps: 0 },
  soak: { module: 'soak.ts', system: toServe, steps: 1 },
  lab: {
    module: 'lab.ts',
    system: (args, env) => (LAB_COMMANDS_WITHOUT_MACHINES.includes(args[0] || '--help') ? 'nothing' : toRun(args, env)),
    steps: 0,
  },
  // It reports what is missing, so it must run without it.
  doctor: { module: 'doctor.ts', system: nothing, steps: 0 },
  clean: { module: 'clean.ts', system: nothing, steps: 0 },
  deploy: { module: 'deploy.ts', system: () => 'building', steps: 0 },
  // It starts no machine.
  gate: { module: 'gate.ts', system: nothing, steps: 0 },
};
