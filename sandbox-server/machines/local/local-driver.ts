import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type Baker,
  DISK_BYTES,
  type DraftMachine,
  type DraftOptions,
  type Driver,
  type ForkOptions,
  type ImageRef,
  type Machine,
  type TemplateRef,
} from '../driver.ts';
import { ACCELERATORS, type Accelerator } from './accelerators.ts';
import { bootDraft, thawDraft } from './draft.ts';
import { driverProblem } from './driver-problem.ts';
import { fork } from './fork.ts';
import { commandLine, qemuArguments } from './qemu-arguments.ts';
import { RunFolders } from './run-folder.ts';
import { readDescription, type TemplateDescription } from './template-files.ts';

export interface LocalDriverOptions {
  readonly stateFolder: string;
  readonly accelerator: Accelerator;
  readonly memoryMib: number;
  /** Largest disk a fork may write, in bytes. */
  readonly maxOverlayBytes: number;
  /** Group that may open the accelerator's device; null where there is none. */
  readonly deviceGroup: number | null;
  /** Whether the server runs as root, so that each machine can have a host user of its own. */
  readonly asRoot: boolean;
}

/** What the driver's parts share. */
export interface LocalContext extends LocalDriverOptions {
  readonly runFolders: RunFolders;
  /** An empty qcow2 layer to copy. */
  readonly emptyOverlay: string;
}

/** Machines as jailed QEMU processes on this host. */
export class LocalDriver implements Driver, Baker {
  readonly kind = 'local';
  readonly identity: string;
  readonly #context: LocalContext;
  readonly #descriptions = new Map<string, Promise<TemplateDescription>>();
  readonly #machines = new Set<Machine>();

  private constructor(context: LocalContext, qemuVersion: string) {
    this.#context = context;
    this.identity = driverIdentity(context, qemuVersion);
  }

  static async open(options: LocalDriverOptions): Promise<LocalDriver> {
    const runFolders = await RunFolders.open(options);
    const emptyOverlay = join(runFolders.path, 'empty.qcow2');
    const run = promisify(execFile);
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', emptyOverlay, String(DISK_BYTES)]);
    return new LocalDriver({ ...options, runFolders, emptyOverlay }, await qemuVersion());
  }

  async fork(template: TemplateRef, options: ForkOptions): Promise<Machine> {
    options.signal?.throwIfAborted();
    return this.#own(await fork(this.#context, await this.#describe(template), template, options));
  }

  problem(): Promise<string | undefined> {
    return driverProblem(this.#context);
  }

  async boot(image: ImageRef, options: DraftOptions): Promise<DraftMachine> {
    return this.#own(await bootDraft(this.#context, image, options));
  }

  async thaw(template: TemplateRef, options: DraftOptions): Promise<DraftMachine> {
    return this.#own(await thawDraft(this.#context, await this.#describe(template), template, options));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#machines].map((machine) => machine[Symbol.asyncDispose]()));
    await this.#context.runFolders[Symbol.asyncDispose]();
  }

  #own<M extends Machine>(machine: M): M {
    this.#machines.add(machine);
    void machine.ended.then(() => this.#machines.delete(machine));
    return machine;
  }

  #describe({ folder }: TemplateRef): Promise<TemplateDescription> {
    const known = this.#descriptions.get(folder) ?? readDescription(folder);
    this.#descriptions.set(folder, known);
    known.catch(() => this.#descriptions.delete(folder));
    return known;
  }
}

export async function qemuVersion(): Promise<string> {
  const { stdout } = await promisify(execFile)('qemu-system-x86_64', ['--version']);
  return stdout.split('\n')[0] ?? '';
}

type Identifying = Pick<LocalDriverOptions, 'accelerator' | 'memoryMib'>;

/** What a template made by such a driver fits; known without opening one. */
export function driverIdentity(options: Identifying, qemuVersion: string): string {
  return JSON.stringify([qemuVersion, identifyingArguments(options), commandLine(options.accelerator)]);
}

/** The command line without paths and tuning, so that only what matters to a frozen guest counts. */
function identifyingArguments({ accelerator: { name, ...device }, memoryMib }: Identifying): string[] {
  const disks = [{ path: '', format: 'qcow2' as const }];
  const paths = { memoryPath: '', kernel: 'boot', imageFolder: '', socketFolder: '' } as const;
  const accelerator = { ...device, name, accel: name };
  return qemuArguments({ accelerator, memoryMib, memoryMode: 'private', disks, ...paths, qmpFd: 0, incoming: true });
}

export const acceleratorOf = ({ accelerator }: TemplateDescription): Accelerator => ACCELERATORS[accelerator];

export const deviceGroups = ({ deviceGroup }: LocalContext): { groups?: readonly number[] } =>
  deviceGroup === null ? {} : { groups: [deviceGroup] };
