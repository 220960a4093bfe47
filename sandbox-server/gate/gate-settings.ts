import * as z from 'zod';
import { DrydockError } from '../errors.ts';

/** What the gate is told besides MACHINE_MEMORY_MIB and LOG_LEVEL, which it shares with the server. */
const settingsSchema = z.object({
  /** Where it listens. */
  GATE_SOCKET: z.string().startsWith('/').default('/run/drydock-gate/docker.sock'),
  /** On all that is made through it. */
  GATE_OWNER: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_.-]{0,62}$/)
    .default('drydock'),
  GATE_MAX_CONTAINERS: z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(1).max(10_000)).default(200),
});

const ALLOWED: Readonly<Record<string, string>> = {
  GATE_SOCKET: 'a path that begins with /',
  GATE_OWNER: 'a name of lower-case letters, digits, dots, dashes and underscores',
  GATE_MAX_CONTAINERS: 'a whole number from 1 to 10000',
};

export interface GateSettings {
  readonly socket: string;
  readonly owner: string;
  readonly maxContainers: number;
}

export function readGateSettings(env: NodeJS.ProcessEnv): GateSettings {
  // An empty value counts as left out.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const { data, error } = settingsSchema.safeParse(given);
  if (data) return { socket: data.GATE_SOCKET, owner: data.GATE_OWNER, maxContainers: data.GATE_MAX_CONTAINERS };
  const problems = error.issues.map(
    ({ path }) => `${String(path[0])} is "${env[String(path[0])]}": allowed is ${ALLOWED[String(path[0])]}.`,
  );
  throw new DrydockError('config-invalid', `The gate cannot start. ${problems.join(' ')}`);
}
