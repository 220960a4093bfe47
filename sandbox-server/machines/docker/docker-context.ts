import type { Accelerator } from '../qemu/accelerators.ts';
import type { Engine } from './engine/connect-engine.ts';
import type { EngineStore } from './engine-store.ts';
import type { MachineUsers } from './machine-users.ts';

export interface DockerDriverOptions {
  readonly engine: Engine;
  /** The image that machines run in. */
  readonly runner: Runner;
  readonly accelerator: Accelerator;
  readonly memoryMib: number;
  /** Largest disk a fork may write, in bytes. */
  readonly maxOverlayBytes: number;
  /** Groups that may open the accelerator's device on the engine's host. */
  readonly groups: readonly number[];
  /** Names whoever made a container: the same for all servers of one state folder, one after another. */
  readonly owner: string;
  /** Brings the runner again where it is missing. */
  readonly renew?: () => Promise<unknown>;
  /** Empty folder for what passes through; may be missing. */
  readonly onDeliver?: (what: string) => { report(line: string): void; end(): void };
}

export interface Runner {
  /** What the engine calls it. */
  readonly image: string;
  readonly qemuVersion: string;
}

/** What the driver's parts share. */
export interface DockerContext extends DockerDriverOptions {
  readonly store: EngineStore;
  readonly users: MachineUsers;
  /** Of the engine's host. */
  readonly processors: number;
  readonly memoryBytes: number;
  /** Whether the engine may be told to remove a machine's container that has ended. */
  readonly removesEnded: boolean;
}

/** Labels of everything that is made on an engine. */
export const LABELS = {
  /** Whose it is. */
  owner: 'drydock.owner',
  /** machine, draft, helper, probe; of volumes: files, disk, cable. */
  kind: 'drydock.kind',
  /** The machine's id. */
  machine: 'drydock.machine',
} as const;

export type ContainerKind = 'machine' | 'draft' | 'helper' | 'probe';

/** One for all of an engine, whoever's: what is in it is named by its digest. */
export const FILES_VOLUME = 'drydock-files';

/** Where things are inside a machine's container, besides those of qemu/mounts.ts. */
export const CONTAINER = {
  /** The engine's volume of images and templates. */
  files: '/files',
  /** A machine's own disk layer. */
  disk: '/disk',
  /** The socket that two machines share. */
  cable: '/cable',
  programs: '/usr/lib/drydock',
} as const;
