import type { ContainerInfo } from 'dockerode';
import { type DockerDriverOptions, LABELS } from './docker-context.ts';
import { removeContainer } from './run-container.ts';
import { removeVolume } from './shared-cable.ts';

type Owned = Pick<DockerDriverOptions, 'engine' | 'owner'>;

/** A younger one may be just being started, or a cable's containers made. */
const SWEPT_AFTER_MS = 60_000;

/** Containers that run, or should: their ids as machines, and the engine's. */
export async function listContainers({ engine, owner }: Owned): Promise<ContainerInfo[]> {
  return engine.docker.listContainers({ all: true, filters: { label: [`${LABELS.owner}=${owner}`] } });
}

/** Resolves, when nothing of them is left, to how many there were. */
export async function endContainers(owned: Owned, isMeant: (id: string) => boolean = () => true): Promise<number> {
  const found = (await listContainers(owned)).filter(({ Labels }) => isMeant(Labels[LABELS.machine] ?? ''));
  await Promise.all(found.map(({ Id }) => removeContainer(owned.engine.docker.getContainer(Id))));
  return found.length;
}

/** What a process that was killed, or an engine, left: containers that do not run, volumes that none has. */
export async function sweepLeftovers(owned: Owned, now = Date.now()): Promise<void> {
  const { docker } = owned.engine;
  for (const { Id, State, Created, Labels } of await listContainers(owned)) {
    // A probe has no mux that would end it: its time is up after seconds, and its server may be gone.
    const isWanted = State === 'running' && Labels[LABELS.kind] !== 'probe';
    if (isWanted || now - Created * 1000 < SWEPT_AFTER_MS) continue;
    await removeContainer(docker.getContainer(Id));
  }
  await sweepVolumes(owned, now);
}

/** Cables that nobody is plugged into, and disks that an engine forgot to remove with their containers. */
export async function sweepVolumes({ engine, owner }: Owned, now = Date.now()): Promise<void> {
  const filters = { dangling: ['true'], label: [`${LABELS.owner}=${owner}`] };
  const { Volumes } = await engine.docker.listVolumes({ filters });
  for (const { Name, CreatedAt } of (Volumes ?? []) as { Name: string; CreatedAt?: string }[]) {
    if (now - Date.parse(CreatedAt ?? '') >= SWEPT_AFTER_MS) await removeVolume(engine, Name);
  }
}
