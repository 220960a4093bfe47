import { homedir } from 'node:os';
import { join } from 'node:path';
import { DrydockError } from '../../../errors.ts';
import { currentContext, readContext, readTlsFiles } from './context-store.ts';
import type { EngineAddress, EngineTls } from './engine-address.ts';
import { parseHost } from './parse-host.ts';

/** The engine that is meant, and by what. */
export interface FoundEngine {
  readonly address: EngineAddress;
  /** For messages: "DOCKER_HOST", "the context lab". */
  readonly source: string;
}

const NO_CONTEXT = 'default';

/**
 * Which engine the docker CLI would speak to here: DOCKER_HOST; else the context in DOCKER_CONTEXT; else the one that
 * `docker context use` chose; else the local socket. docs/decisions/which-engine.md says how that was found.
 */
export async function findEngine(
  env: NodeJS.ProcessEnv,
  home = homedir(),
  hostSource = 'DOCKER_HOST',
): Promise<FoundEngine> {
  const configFolder = env.DOCKER_CONFIG || join(home, '.docker');
  const name = env.DOCKER_HOST ? NO_CONTEXT : env.DOCKER_CONTEXT || (await chosenContext(configFolder));
  if (name !== NO_CONTEXT) return inContext(configFolder, name);
  const tls = await tlsOf(env, configFolder);
  const source = env.DOCKER_HOST ? hostSource : 'no DOCKER_HOST and no context';
  return { address: parse(env.DOCKER_HOST ?? '', tls, source), source };
}

/**
 * The engines that ENGINES names, by addresses as of DOCKER_HOST or by contexts; else the one above. DOCKER_TLS_VERIFY and
 * DOCKER_CERT_PATH are for all addresses among them.
 */
export async function findEngines(env: NodeJS.ProcessEnv, home = homedir()): Promise<FoundEngine[]> {
  const names = (env.ENGINES ?? '').split(',').map((name) => name.trim());
  const { ENGINES: _, DOCKER_HOST: _host, DOCKER_CONTEXT: _context, ...rest } = env;
  const found = names.filter(Boolean).map((name) => {
    const meant = name.includes('://') ? { DOCKER_HOST: name } : { DOCKER_CONTEXT: name };
    return findEngine({ ...rest, ...meant }, home, 'ENGINES');
  });
  return found.length > 0 ? Promise.all(found) : [await findEngine(env, home)];
}

async function chosenContext(configFolder: string): Promise<string> {
  try {
    return (await currentContext(configFolder)) ?? NO_CONTEXT;
  } catch (cause) {
    const message = `${join(configFolder, 'config.json')} cannot be read: it names the engine. Mend it, or set DOCKER_HOST.`;
    throw new DrydockError('engine-address', message, { cause });
  }
}

async function inContext(configFolder: string, name: string): Promise<FoundEngine> {
  const source = `the context ${name}`;
  const context = await readContext(configFolder, name).catch((cause) => {
    const message = `The context ${name} in ${configFolder} cannot be read. Make it again (docker context create), or set DOCKER_HOST.`;
    throw new DrydockError('engine-address', message, { cause });
  });
  if (context === undefined) {
    const message = `There is no context ${name} in ${configFolder}. List them with "docker context ls", or set DOCKER_HOST.`;
    throw new DrydockError('engine-address', message);
  }
  return { address: parse(context.host, context.tls, source), source };
}

/** Any value of DOCKER_TLS_VERIFY asks for it, "0" and "false" too. DOCKER_TLS: encrypted, whoever is at the other end. */
async function tlsOf(env: NodeJS.ProcessEnv, configFolder: string): Promise<EngineTls | null> {
  const verify = Boolean(env.DOCKER_TLS_VERIFY);
  if (!verify && !env.DOCKER_TLS) return null;
  const folder = env.DOCKER_CERT_PATH || configFolder;
  const files = await readTlsFiles(folder).catch((cause) => {
    const message = `The certificates in ${folder} cannot be read. Set DOCKER_CERT_PATH to a folder with ca.pem, cert.pem and key.pem that you may read.`;
    throw new DrydockError('engine-address', message, { cause });
  });
  // The docker CLI wants it even where it checks nobody.
  if (files?.ca === undefined) {
    const variable = verify ? 'DOCKER_TLS_VERIFY' : 'DOCKER_TLS';
    const message = `${variable} is set, but there is no ca.pem in ${folder}. Set DOCKER_CERT_PATH to the folder that has it.`;
    throw new DrydockError('engine-address', message);
  }
  return { ...files, verify };
}

function parse(host: string, tls: EngineTls | null, source: string): EngineAddress {
  const address = parseHost(host, tls);
  if (address) return address;
  const message = `"${host}" (${source}) is not the address of a Docker Engine. Write unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host.`;
  throw new DrydockError('engine-address', message);
}
