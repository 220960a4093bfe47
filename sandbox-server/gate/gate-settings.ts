import * as z from 'zod';
import { DrydockError } from '../errors.ts';
import { RUNNER_IMAGE } from '../machines/docker/bring-runner.ts';
import type { AcceleratorName } from '../machines/qemu/accelerators.ts';

/** What the gate is told besides MACHINE_MEMORY_MIB and LOG_LEVEL, which it shares with the server. */
const settingsSchema = z.object({
  /** Where it listens. */
  GATE_SOCKET: z.string().startsWith('/').default('/run/drydock-gate/docker.sock'),
  /** On all that is made through it. */
  GATE_OWNER: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_.-]{0,62}$/)
    .default('drydock'),
  /** The one image of what is made through it. */
  GATE_RUNNER: z.string().regex(RUNNER_IMAGE),
  /** With kvm containers may have the host's device. */
  GATE_ACCELERATOR: z.enum(['tcg', 'kvm']).default('tcg'),
  GATE_MAX_CONTAINERS: z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(1).max(10_000)).default(200),
});

const ALLOWED: Readonly<Record<string, string>> = {
  GATE_SOCKET: 'a path that begins with /',
  GATE_OWNER: 'a name of lower-case letters, digits, dots, dashes and underscores',
  GATE_RUNNER: 'the image that machines run in, which "npm run deploy" brings to the engine and names',
  GATE_ACCELERATOR: 'tcg or kvm',
  GATE_MAX_CONTAINERS: 'a whole number from 1 to 10000',
};

export interface GateSettings {
  readonly socket: string;
  readonly owner: string;
  readonly runner: string;
  readonly accelerator: AcceleratorName;
  readonly maxContainers: number;
}

export function readGateSettings(env: NodeJS.ProcessEnv): GateSettings {
  // An empty value counts as left out.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const { data, error } = settingsSchema.safeParse(given);
  if (data) {
    return {
      ...{ socket: data.GATE_SOCKET, owner: data.GATE_OWNER, runner: data.GATE_RUNNER },
      ...{ accelerator: data.GATE_ACCELERATOR, maxContainers: data.GATE_MAX_CONTAINERS },
    };
  }
  const problems = error.issues.map(({ path }) => {
    const name = String(path[0]);
    return `${name} is ${given[name] === undefined ? 'not set' : `"${given[name]}"`}: allowed is ${ALLOWED[name]}.`;
  });
  throw new DrydockError('config-invalid', `The gate cannot start. ${problems.join(' ')}`);
}
