import type { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import Docker from 'dockerode';
import { DrydockError } from '../../../errors.ts';
import { API_VERSION } from './api-version.ts';
import { type EngineAddress, showAddress } from './engine-address.ts';
import { explainEngineError } from './explain-engine-error.ts';
import type { FoundEngine } from './find-engine.ts';
import { SshAgent } from './ssh-agent.ts';

/** For a question that costs an engine nothing; an ssh has to connect first. */
const ANSWER_MS = 10_000;

/** An engine that answers and is new enough. */
export interface Engine {
  readonly docker: Docker;
  /** For messages. */
  readonly address: string;
  /** Version of the engine, e.g. 26.1.5. */
  readonly version: string;
}

/** Rejects, with what to do about it, when the engine cannot be used. */
export async function connectEngine({ address, source }: FoundEngine): Promise<Engine> {
  const options = dockerodeOptions(address);
  const docker = withoutEnvironment(() => new Docker(options));
  const shown = showAddress(address);
  const { Version: version, ApiVersion: api } = await (docker.version.bind(docker) as Asking<DockerVersion>)(
    inTime(),
  ).catch((cause) => {
    // Whoever tries it again and again leaves no connection behind.
    agentOf(options)?.destroy();
    throw explainEngineError(cause, { address, source });
  });
  if (isOlder(api, API_VERSION)) {
    const message = `The Docker Engine at ${shown} is ${version} and speaks API ${api}; ${API_VERSION} is needed. Upgrade it to Docker 20.10 or newer.`;
    throw new DrydockError('engine-too-old', message);
  }
  return { docker, address: shown, version };
}

/** Rejects when it does not answer, or not in time. */
export async function pingEngine({ docker }: Pick<Engine, 'docker'>): Promise<void> {
  await (docker.ping.bind(docker) as Asking<unknown>)(inTime());
}

interface DockerVersion {
  readonly Version: string;
  readonly ApiVersion: string;
}

/** The library takes the option, its types do not know it. */
type Asking<T> = (options: { readonly abortSignal: AbortSignal }) => Promise<T>;
const inTime = () => ({ abortSignal: AbortSignal.timeout(ANSWER_MS) });

/** Every option that the library below would else take from the environment, by rules of its own. */
function dockerodeOptions(address: EngineAddress): Docker.DockerOptions {
  const nothing = { host: undefined, port: undefined, socketPath: undefined, username: undefined, timeout: undefined };
  const common = { ...nothing, ca: undefined, cert: undefined, key: undefined, version: `v${API_VERSION}` };
  if (address.kind === 'unix') return { ...common, protocol: 'http', socketPath: address.path };
  // The name stands in a header only; the connection is ssh's.
  if (address.kind === 'ssh') return withAgent({ ...common, protocol: 'http', host: 'docker' }, new SshAgent(address));
  const { host, port, prefix, tls } = address;
  const version = [...prefix.split('/').filter(Boolean), common.version].join('/');
  const there = { ...common, host: host.includes(':') ? `[${host}]` : host, port, version };
  if (tls === null) return { ...there, protocol: 'http' };
  const { verify, ...files } = tls;
  // The library hands on no such option to Node, an agent does.
  return withAgent({ ...there, protocol: 'https' }, new HttpsAgent({ ...files, rejectUnauthorized: verify }));
}

/** An option of the library that its types do not know. */
const withAgent = (options: Docker.DockerOptions, agent: Agent): Docker.DockerOptions =>
  Object.assign(options, { agent });

const agentOf = (options: Docker.DockerOptions): Agent | undefined => (options as { agent?: Agent }).agent;

/** The library reads DOCKER_HOST and the files of DOCKER_CERT_PATH whatever it is told, and fails where it cannot. */
function withoutEnvironment<T>(make: () => T): T {
  const names = Object.keys(process.env).filter((name) => name.startsWith('DOCKER_'));
  const hidden = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) delete process.env[name];
  try {
    return make();
  } finally {
    for (const [name, value] of hidden) process.env[name] = value;
  }
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = than.split('.').map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}
