import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DrydockError } from '../../errors.ts';
import { countBytes } from './count-bytes.ts';
import type { DockerDriverOptions, Runner } from './docker-context.ts';
import type { Engine } from './engine/connect-engine.ts';
import { statusOf } from './explain-container-error.ts';

export interface BuiltRunner {
  /** Names what is in it. */
  readonly key: string;
  /** Its root file system. */
  readonly archive: string;
  readonly qemuVersion: string;
}

const REPOSITORY = 'drydock-runner';
const NOT_FOUND = 404;
const FORBIDDEN = 403;

export const runnerImage = (key: string): string => `${REPOSITORY}:${key.replace(/^runner-/, '')}`;
export const RUNNER_IMAGE = new RegExp(`^${REPOSITORY}:[0-9a-f]{8,64}$`);

/** Brings the image that machines run in to an engine, unless it is there. No registry is asked. */
export async function bringRunner(
  engine: Engine,
  { key, archive, qemuVersion }: BuiltRunner,
  onDeliver: DockerDriverOptions['onDeliver'],
): Promise<Runner> {
  const image = runnerImage(key);
  if (!(await isThere(engine, image))) {
    const progress = onDeliver?.(image);
    await load(engine, { archive, image, report: (line) => progress?.report(line) });
    if (!(await isThere(engine, image))) throw missing(engine, image);
    progress?.end();
  }
  return { image, qemuVersion };
}

async function isThere(engine: Engine, image: string): Promise<boolean> {
  try {
    await engine.docker.getImage(image).inspect();
    return true;
  } catch (cause) {
    if (statusOf(cause) === NOT_FOUND) return false;
    if (statusOf(cause) === FORBIDDEN) throw notThroughGate(engine, image, cause);
    throw cause;
  }
}

async function load(
  engine: Engine,
  { archive, image, report }: { archive: string; image: string; report: (line: string) => void },
): Promise<void> {
  const { size } = await stat(archive);
  const file = createReadStream(archive);
  const [repo, tag] = image.split(':');
  try {
    const answers = await engine.docker.importImage(file.pipe(countBytes(size, report)) as never, {
      repo,
      tag,
    });
    let said = '';
    for await (const piece of answers) said += piece;
    const error = /"error":"([^"]*)"/.exec(said)?.[1];
    if (error) throw new Error(error);
  } catch (cause) {
    if (statusOf(cause) === FORBIDDEN) throw notThroughGate(engine, image, cause);
    const text = (cause as Error).message;
    if (!/no space left/i.test(text)) throw missing(engine, image, cause);
    const message = `The Docker Engine at ${engine.address} has no space left for the image that machines run in. Free some on its disk.`;
    throw new DrydockError('engine-no-space', message, { cause });
  } finally {
    file.destroy();
  }
}

function missing(engine: Engine, image: string, cause?: unknown): DrydockError {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  const message = `The image ${image} could not be brought to the Docker Engine at ${engine.address}${why}. Try again; the engine's own log says more.`;
  return new DrydockError('engine-image-missing', message, { cause });
}

/** What is in the image decides what a container's command does, so a gate takes none from a server. */
function notThroughGate(engine: Engine, image: string, cause: unknown): DrydockError {
  const message = `The engine behind the gate at ${engine.address} has no image ${image} for this server, and the gate takes none from it. Run "npm run deploy" and start both again.`;
  return new DrydockError('engine-image-missing', message, { cause });
}
