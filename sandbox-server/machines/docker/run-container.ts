import { setTimeout as delay } from 'node:timers/promises';
import type { Container } from 'dockerode';
import { type ContainerSpec, containerOptions } from './container-options.ts';
import type { DockerContext } from './docker-context.ts';
import { explainContainerError, statusOf } from './explain-container-error.ts';

type Needed = Pick<DockerContext, 'engine' | 'runner' | 'owner' | 'processors' | 'groups'>;

const NOT_FOUND = 404;
const CONFLICT = 409;
const LOOKS = 200;
const LOOK_INTERVAL_MS = 50;

/** A container of these options, not started. */
export async function createContainer(context: Needed, spec: ContainerSpec, name?: string): Promise<Container> {
  const options = { ...containerOptions(context, spec), ...(name !== undefined && { name }) };
  try {
    return await context.engine.docker.createContainer(options);
  } catch (cause) {
    throw explainContainerError(cause, context);
  }
}

export async function startContainer(context: Needed, container: Container): Promise<void> {
  try {
    await container.start();
  } catch (cause) {
    await removeContainer(container).catch(() => {});
    throw explainContainerError(cause, context);
  }
}

/** Resolves when there is no such container, and no volume of its own; rejects when the engine does not answer. */
export async function removeContainer(container: Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (cause) {
    if (statusOf(cause) === NOT_FOUND) return;
    if (statusOf(cause) !== CONFLICT) throw cause;
  }
  // Removed by the engine itself, because it has just ended.
  for (let look = 0; look < LOOKS && (await exists(container)); look += 1) await delay(LOOK_INTERVAL_MS);
}

async function exists(container: Container): Promise<boolean> {
  try {
    await container.inspect();
    return true;
  } catch (cause) {
    if (statusOf(cause) === NOT_FOUND) return false;
    throw cause;
  }
}
