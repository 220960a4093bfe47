import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Config } from './config.ts';
import { openDockerMachines } from './docker-machines.ts';
import { DrydockError } from './errors.ts';
import type { TemplatesOptions } from './images/templates.ts';
import { openLocalMachines } from './local-machines.ts';
import type { Baker, Driver } from './machines/driver.ts';
import type { AcceleratorName } from './machines/qemu/accelerators.ts';
import type { Templates } from './machines/templates.ts';

export interface RealMachinesOptions {
  /** Says where cache and state are, and the engine. */
  readonly env: NodeJS.ProcessEnv;
  readonly config: Pick<Config, 'driver' | 'machineMemoryMib' | 'accelerator' | 'checkpointBytes'>;
  /** Default: tells nobody. */
  readonly onPrepare?: TemplatesOptions['onPrepare'];
  readonly signal?: AbortSignal;
  /** As DockerMachinesOptions'. */
  readonly onEngine?: (text: string) => void;
}

/** A driver that makes real machines, wherever, and the templates it forks. */
export interface RealMachines extends AsyncDisposable {
  readonly driver: Driver & Baker;
  readonly templates: Templates;
  readonly accelerator: AcceleratorName;
  readonly acceleratorReason: string;
  /** Removes from where machines run what no start has wanted for long. */
  tidyUp?(): Promise<void>;
}

/** As the setting DRIVER says. */
export async function openRealMachines(options: RealMachinesOptions): Promise<RealMachines> {
  const { driver } = options.config;
  if (driver === 'docker') return openDockerMachines(options);
  if (driver !== 'auto' || (await hasQemu(options.env))) return openLocalMachines(options);
  return openDockerMachines(options).catch((cause) => {
    if (!(cause instanceof DrydockError)) throw cause;
    const text = `DRIVER is "auto": QEMU and bubblewrap are not installed here, and no Docker Engine can be used. ${cause.message}`;
    throw new DrydockError(cause.code, text, { cause });
  });
}

const PROGRAMS = ['qemu-system-x86_64', 'qemu-img', 'bwrap'];

/** What the local driver starts; with all of it there, `auto` uses it. */
export async function hasQemu(env: NodeJS.ProcessEnv): Promise<boolean> {
  const folders = (env.PATH ?? '').split(delimiter);
  const isThere = async (program: string) => {
    for (const folder of folders) {
      const can = await access(join(folder, program), constants.X_OK).then(
        () => true,
        () => false,
      );
      if (can) return true;
    }
    return false;
  };
  return (await Promise.all(PROGRAMS.map(isThere))).every(Boolean);
}
