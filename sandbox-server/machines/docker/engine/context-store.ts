import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { EngineTls } from './engine-address.ts';

/** The docker CLI's own files: https://docs.docker.com/engine/manage-resources/contexts/ */
const configSchema = z.looseObject({ currentContext: z.string().optional() });
const contextSchema = z.looseObject({
  Endpoints: z.looseObject({
    docker: z.looseObject({ Host: z.string().optional(), SkipTLSVerify: z.boolean().optional() }),
  }),
});

export interface DockerContext {
  readonly host: string;
  readonly tls: EngineTls | null;
}

/** Which context `docker context use` has chosen; `undefined` when none, or there is no such file. */
export async function currentContext(configFolder: string): Promise<string | undefined> {
  const text = await readIfThere(join(configFolder, 'config.json'));
  if (text === undefined) return undefined;
  return configSchema.parse(JSON.parse(text.toString('utf8'))).currentContext || undefined;
}

/** `undefined`: there is no context of that name. */
export async function readContext(configFolder: string, name: string): Promise<DockerContext | undefined> {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = await readIfThere(join(configFolder, 'contexts/meta', id, 'meta.json'));
  if (meta === undefined) return undefined;
  const { Host: host = '', SkipTLSVerify: skips = false } = contextSchema.parse(JSON.parse(meta.toString('utf8')))
    .Endpoints.docker;
  const files = await readTlsFiles(join(configFolder, 'contexts/tls', id, 'docker'));
  return { host, tls: files || skips ? { ...files, verify: !skips } : null };
}

type TlsFiles = Pick<EngineTls, 'ca' | 'cert' | 'key'>;

/** `undefined` when there is none of them. */
export async function readTlsFiles(folder: string): Promise<TlsFiles | undefined> {
  const read = (name: string) => readIfThere(join(folder, `${name}.pem`));
  const [ca, cert, key] = await Promise.all([read('ca'), read('cert'), read('key')]);
  if (!ca && !cert && !key) return undefined;
  return { ...(ca && { ca }), ...(cert && key && { cert, key }) };
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw cause;
  }
}
