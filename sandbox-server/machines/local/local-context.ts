import { ACCELERATORS, type Accelerator } from '../qemu/accelerators.ts';
import type { TemplateDescription } from '../qemu/template-files.ts';
import type { Cgroups } from './cgroups.ts';
import type { RunFolders } from './run-folder.ts';

export interface LocalDriverOptions {
  readonly stateFolder: string;
  readonly accelerator: Accelerator;
  readonly memoryMib: number;
  /** Largest disk a fork may write, in bytes. */
  readonly maxOverlayBytes: number;
  /** Groups that may open the accelerator's device. */
  readonly groups: readonly number[];
  /** Whether the server runs as root, so that each machine can have a host user of its own. */
  readonly asRoot: boolean;
}

/** What the driver's parts share. */
export interface LocalContext extends LocalDriverOptions {
  readonly runFolders: RunFolders;
  readonly cgroups: Cgroups | null;
  /** An empty qcow2 layer to copy. */
  readonly emptyOverlay: string;
}

export const acceleratorOf = ({ accelerator }: TemplateDescription): Accelerator => ACCELERATORS[accelerator];
