import { execFile } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Turns } from '../../turns.ts';
import {
  type Baker,
  DISK_BYTES,
  type DraftMachine,
  type DraftOptions,
  type Driver,
  type ForkOptions,
  type HostDisk,
  type ImageRef,
  type Machine,
  type MachineRecord,
  type Network,
  type TemplateRef,
  type ThawOptions,
} from '../driver.ts';
import { namesIn } from '../names-in.ts';
import { driverIdentity } from '../qemu/driver-identity.ts';
import { readDescription, type TemplateDescription } from '../qemu/template-files.ts';
import { adopt } from './adopt.ts';
import { Cable } from './cable.ts';
import { Cgroups } from './cgroups.ts';
import { bootDraft, thawDraft } from './draft.ts';
import { driverProblem } from './driver-problem.ts';
import { fork } from './fork.ts';
import type { LocalContext, LocalDriverOptions } from './local-context.ts';
import { readRecord } from './local-record.ts';
import { endMachines, RunFolders } from './run-folder.ts';

/** A fork waits for files and for its guest, too. */
const LEAST_AT_ONCE = 2;

/** Machines as jailed QEMU processes on this host. */
export class LocalDriver implements Driver, Baker {
  readonly kind = 'local';
  readonly identity: string;
  readonly #context: LocalContext;
  readonly #descriptions = new Map<string, Promise<TemplateDescription>>();
  readonly #machines = new Set<Machine>();
  /**
   * Thirty forks side by side on two processors take half as long again as two at a time: 9.4 s and 6.2 s, measured.
   * And the first of them need not wait for the last.
   */
  readonly #turns = new Turns(Math.max(LEAST_AT_ONCE, availableParallelism()));

  private constructor(context: LocalContext, qemuVersion: string) {
    this.#context = context;
    this.identity = driverIdentity(context, qemuVersion);
  }

  static async open(options: LocalDriverOptions): Promise<LocalDriver> {
    const runFolders = await RunFolders.open(options);
    const emptyOverlay = join(runFolders.path, 'empty.qcow2');
    if (!existsSync(emptyOverlay)) await makeEmptyOverlay(emptyOverlay);
    const cgroups = await Cgroups.open();
    return new LocalDriver({ ...options, runFolders, emptyOverlay, cgroups }, await qemuVersion());
  }

  async fork(template: TemplateRef, options: ForkOptions): Promise<Machine> {
    using _turn = await this.#turns.take({ signal: options.signal });
    return this.#own(await fork(this.#context, await this.#describe(template), template, options));
  }

  network(): Network {
    return new Cable();
  }

  problem(): Promise<string | undefined> {
    return driverProblem(this.#context);
  }

  disk(): HostDisk | undefined {
    const { runFolders, maxOverlayBytes } = this.#context;
    try {
      const { bavail, bsize } = statfsSync(runFolders.path);
      return { freeBytes: bavail * bsize, machineBytes: maxOverlayBytes };
    } catch {
      return undefined;
    }
  }

  hosts(): undefined {
    return undefined;
  }

  async adopt(record: MachineRecord, signal?: AbortSignal): Promise<Machine | undefined> {
    const known = readRecord(record);
    const machine = known && (await adopt(this.#context, known, signal));
    return machine && this.#own(machine);
  }

  endNamed(text: string): Promise<number> {
    const names = namesIn(text);
    return endMachines({ stateFolder: this.#context.stateFolder, isMeant: (id) => names.has(id) });
  }

  async boot(image: ImageRef, options: DraftOptions): Promise<DraftMachine> {
    return this.#own(await bootDraft(this.#context, image, options));
  }

  async thaw(template: TemplateRef, options: ThawOptions): Promise<DraftMachine> {
    // Whoever waits for a fork is a learner who sees nothing yet.
    using _turn = await this.#turns.take({ signal: options.signal, isPatient: true });
    return this.#own(await thawDraft(this.#context, await this.#describe(template), template, options));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#machines].map((machine) => machine[Symbol.asyncDispose]()));
  }

  /** Until nothing of it is left, or it is somebody else's. */
  #own<M extends Machine>(machine: M): M {
    this.#machines.add(machine);
    void machine.ended
      .then(({ cause }) => (cause === 'released' ? undefined : machine[Symbol.asyncDispose]()))
      .catch(() => {})
      .then(() => this.#machines.delete(machine));
    return machine;
  }

  #describe({ folder }: TemplateRef): Promise<TemplateDescription> {
    const known = this.#descriptions.get(folder) ?? readDescription(folder);
    this.#descriptions.set(folder, known);
    known.catch(() => this.#descriptions.delete(folder));
    return known;
  }
}

/** Under another name first: a process beside this one may be copying it. */
async function makeEmptyOverlay(path: string): Promise<void> {
  const partial = `${path}.${process.pid}`;
  await promisify(execFile)('qemu-img', ['create', '-q', '-f', 'qcow2', partial, String(DISK_BYTES)]);
  await rename(partial, path);
}

export async function qemuVersion(): Promise<string> {
  const { stdout } = await promisify(execFile)('qemu-system-x86_64', ['--version']);
  return stdout.split('\n')[0] ?? '';
}
