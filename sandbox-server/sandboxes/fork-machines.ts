import { randomBytes } from 'node:crypto';
import type { Lab } from '../../labs/format/lab.ts';
import { makeSecrets } from '../checks/secrets.ts';
import { DrydockError } from '../errors.ts';
import type { Driver, ForkPart, Machine } from '../machines/driver.ts';
import type { TemplateRefs } from '../machines/templates.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** The machines of one sandbox, and what they do not share with any other. */
export interface ForkedMachines {
  readonly id: string;
  /** By secret id. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly machines: ReadonlyMap<string, Machine>;
}

export interface ForkMachinesOptions {
  readonly lab: Lab;
  readonly driver: Driver;
  readonly metrics: Metrics;
  readonly signal: AbortSignal;
  readonly onPart?: (part: ForkPart) => void;
}

const ID_BYTES = 6;

/**
 * Forks every machine of the lab at once; once more when what they were to run on was lost and there is something else. A
 * failed start frees what it took and rethrows the first cause.
 */
export async function forkMachines(refs: TemplateRefs, options: ForkMachinesOptions): Promise<ForkedMachines> {
  try {
    return await forkTogether(refs, options);
  } catch (cause) {
    const isLost = cause instanceof DrydockError && cause.code === 'engine-unreachable';
    if (!isLost || options.signal.aborted || (await options.driver.problem()) !== undefined) throw cause;
    return await forkTogether(refs, options).catch((second) => {
      throw new DrydockError(cause.code, cause.message, { cause: new AggregateError([cause, second]) });
    });
  }
}

async function forkTogether(refs: TemplateRefs, options: ForkMachinesOptions): Promise<ForkedMachines> {
  const { lab, driver, metrics, signal, onPart } = options;
  const { contents, filesByRole } = makeSecrets(lab.machines);
  const id = `s${randomBytes(ID_BYTES).toString('hex')}`;
  using network = driver.network();
  await using started = new AsyncDisposableStack();
  const forks = lab.machines.map(async ({ role }, index) => {
    const template = refs.get(role);
    if (template === undefined) throw new DrydockError('template-unknown', `Lab ${lab.id}: no template for "${role}".`);
    const files = filesByRole.get(role) ?? [];
    const fork = driver.fork(template, { id: `${id}-${index}`, files, network, signal, ...(onPart && { onPart }) });
    return [role, started.use(await countInFlight(fork, metrics))] as const;
  });
  // All of them settle before a failure is thrown: a fork still under way would escape the stack.
  const settled = await Promise.allSettled(forks);
  const machines = new Map(settled.map(valueOrThrow));
  signal.throwIfAborted();
  started.move();
  return { id, secrets: Object.fromEntries(contents), machines };
}

export async function endMachines({ machines }: ForkedMachines): Promise<void> {
  await Promise.all([...machines.values()].map((machine) => machine[Symbol.asyncDispose]()));
}

async function countInFlight(fork: Promise<Machine>, metrics: Metrics): Promise<Machine> {
  metrics.add('drydock_forks_in_flight', {}, 1);
  try {
    return await fork;
  } finally {
    metrics.add('drydock_forks_in_flight', {}, -1);
  }
}

export function valueOrThrow<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
