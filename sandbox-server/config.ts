import { availableParallelism, totalmem } from 'node:os';
import { DrydockError } from './errors.ts';
import { type HostResources, sandboxesThatFit } from './room.ts';
import { SETTINGS, type Setting, type SettingName, type SettingValues } from './settings.ts';

const MIB = 1024 * 1024;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

export type Config = ReturnType<typeof toConfig>;

/** Reads and checks every setting. Throws one `config-invalid` error that names all problems at once. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const { values, problems } = checkSettings(env);
  if (problems.length > 0) throw new DrydockError('config-invalid', describe(problems));
  return toConfig(values as Parsed);
}

/** The same problems, one sentence each, for whoever lists them among others. */
export function findConfigProblems(env: NodeJS.ProcessEnv): string[] {
  return checkSettings(env).problems;
}

type Worked = 'MAX_SANDBOXES' | 'ENGINES' | 'PUBLIC_ORIGINS' | 'METRICS_PORT';
type Parsed = Omit<SettingValues, Worked> & Partial<Pick<SettingValues, Worked>>;

function checkSettings(env: NodeJS.ProcessEnv) {
  const { values, problems } = parseSettings(env);
  return { values, problems: [...problems, ...conflicts(values, env)] };
}

function parseSettings(env: NodeJS.ProcessEnv) {
  const values: Partial<Record<SettingName, unknown>> = {};
  const problems: string[] = [];
  for (const [name, setting] of Object.entries(SETTINGS) as [SettingName, Setting<unknown>][]) {
    // An empty value counts as left out: that is how shells and unit files unset one.
    const text = env[name] || setting.fallback;
    if (text === null) continue;
    const parsed = setting.schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${name} is "${text}": allowed is ${setting.allowed}${fallbackNote(setting)}.`);
  }
  return { values: values as Partial<SettingValues>, problems };
}

function fallbackNote({ fallback }: Setting<unknown>): string {
  return fallback === null ? '' : `; leave it out for ${fallback}`;
}

function conflicts(values: Partial<SettingValues>, env: NodeJS.ProcessEnv): string[] {
  const problems: string[] = [];
  const { HOST, SANDBOX_MINUTES, SANDBOX_MAX_MINUTES } = values;
  if (values.ENGINES !== undefined && values.DRIVER !== 'docker') {
    problems.push(`ENGINES is "${values.ENGINES}": it is for DRIVER=docker. Set that, or leave ENGINES out.`);
  }
  if (HOST !== undefined && !isLoopback(HOST) && values.ALLOW_REMOTE === false) {
    problems.push(
      `HOST is "${HOST}": others can reach that address, and whoever does gets root in machines on this computer, ` +
        'without TLS and without a login. If that is what you want, set ALLOW_REMOTE=1; leave HOST out for 127.0.0.1.',
    );
  }
  if (HOST !== undefined && !isLoopback(HOST) && !env.PUBLIC_ORIGINS) {
    problems.push(
      `PUBLIC_ORIGINS is missing: with HOST "${HOST}" it must list the addresses at which learners open the site, ` +
        'such as https://lab.example.org.',
    );
  }
  if (values.METRICS_PORT !== undefined && values.METRICS_PORT > 0 && values.METRICS_PORT === values.PORT) {
    problems.push(`METRICS_PORT is "${values.METRICS_PORT}": allowed is any port but the one in PORT.`);
  }
  if (SANDBOX_MINUTES !== undefined && SANDBOX_MAX_MINUTES !== undefined && SANDBOX_MAX_MINUTES < SANDBOX_MINUTES) {
    problems.push(
      `SANDBOX_MAX_MINUTES is "${SANDBOX_MAX_MINUTES}": allowed is no less than SANDBOX_MINUTES (${SANDBOX_MINUTES}).`,
    );
  }
  return problems;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function describe(problems: readonly string[]): string {
  const count = problems.length === 1 ? 'one setting is' : `${problems.length} settings are`;
  return [
    `Drydock cannot start: ${count} not allowed.`,
    ...problems.map((problem) => `  - ${problem}`),
    'Settings come from the environment; docs/configuration.md lists them all.',
  ].join('\n');
}

/** Sandboxes alive at once on these hosts: as MAX_SANDBOXES says, or as many as fit. */
export function sandboxesOn(
  { maxSandboxes, machineMemoryMib }: Pick<Config, 'maxSandboxes' | 'machineMemoryMib'>,
  hosts: readonly HostResources[] = [thisHost()],
): number {
  return maxSandboxes ?? hosts.reduce((sum, host) => sum + sandboxesThatFit(host, machineMemoryMib), 0);
}

const thisHost = (): HostResources => ({ memoryBytes: totalmem(), processors: availableParallelism() });

function toConfig(values: Parsed) {
  return {
    host: values.HOST,
    port: values.PORT,
    metricsPort: values.METRICS_PORT ?? null,
    remote: !isLoopback(values.HOST),
    publicOrigins: values.PUBLIC_ORIGINS ?? [],
    trustProxy: values.TRUST_PROXY,
    driver: values.DRIVER,
    accelerator: values.ACCELERATOR,
    logLevel: values.LOG_LEVEL,
    /** Null: as many as fit. */
    maxSandboxes: values.MAX_SANDBOXES ?? null,
    machineMemoryMib: values.MACHINE_MEMORY_MIB,
    checkpointBytes: values.CHECKPOINTS_MIB * MIB,
    sandboxLifetimeMs: values.SANDBOX_MINUTES * MINUTE_MS,
    extensionMs: values.EXTENSION_MINUTES * MINUTE_MS,
    sandboxMaxLifetimeMs: values.SANDBOX_MAX_MINUTES * MINUTE_MS,
    poolMax: values.POOL_MAX,
    pauseAfterMs: values.PAUSE_AFTER_SECONDS * SECOND_MS,
    onStop: values.ON_STOP,
    idleMs: values.IDLE_MINUTES * MINUTE_MS,
    queueGraceMs: values.QUEUE_GRACE_SECONDS * SECOND_MS,
    checkTimeoutMs: values.CHECK_TIMEOUT_SECONDS * SECOND_MS,
    terminalHistoryBytes: values.TERMINAL_HISTORY_KIB * 1024,
    ticketLifetimeMs: values.TICKET_SECONDS * SECOND_MS,
    helloTimeoutMs: values.HELLO_SECONDS * SECOND_MS,
    messagesPerSecond: values.MESSAGES_PER_SECOND,
    requestsPerMinute: values.REQUESTS_PER_MINUTE,
    maxConnections: values.MAX_CONNECTIONS,
    connectionsPerAttempt: values.CONNECTIONS_PER_ATTEMPT,
    sandboxesPerLearner: values.SANDBOXES_PER_LEARNER,
    sandboxesPerAddress: values.SANDBOXES_PER_ADDRESS,
    keepProgressMs: values.KEEP_PROGRESS_DAYS * DAY_MS,
    resetsPerMinute: values.RESETS_PER_MINUTE,
  };
}
