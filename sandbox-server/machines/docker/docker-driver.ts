import type { HostResources } from '../../room.ts';
import { Turns } from '../../turns.ts';
import type {
  Baker,
  DraftMachine,
  DraftOptions,
  Driver,
  ForkOptions,
  HostDisk,
  ImageRef,
  Machine,
  MachineRecord,
  Network,
  TemplateRef,
  ThawOptions,
} from '../driver.ts';
import { namesIn } from '../names-in.ts';
import { driverIdentity } from '../qemu/driver-identity.ts';
import { QemuError } from '../qemu/qemu-process.ts';
import { readDescription, type TemplateDescription } from '../qemu/template-files.ts';
import { adopt } from './adopt.ts';
import type { DockerContext, DockerDriverOptions } from './docker-context.ts';
import { readRecord } from './docker-record.ts';
import { bootDraft, thawDraft } from './draft.ts';
import { pingEngine } from './engine/connect-engine.ts';
import { EngineStore } from './engine-store.ts';
import { endContainers, sweepLeftovers, sweepVolumes } from './find-containers.ts';
import { fork } from './fork.ts';
import { MachineUsers } from './machine-users.ts';
import { placeTemplate } from './placed-template.ts';
import { requireLimits } from './require-limits.ts';
import { SharedCable } from './shared-cable.ts';

/** A fork waits for the engine and for its guest, too. */
const LEAST_AT_ONCE = 2;

/** Machines as QEMU in locked-down containers of a Docker Engine. */
export class DockerDriver implements Driver, Baker {
  readonly kind = 'docker';
  readonly identity: string;
  readonly #context: DockerContext;
  readonly #descriptions = new Map<string, Promise<TemplateDescription>>();
  readonly #machines = new Set<Machine>();
  readonly #turns: Turns;

  private constructor(context: DockerContext) {
    this.#context = context;
    this.identity = driverIdentity(context, context.runner.qemuVersion);
    this.#turns = new Turns(Math.max(LEAST_AT_ONCE, context.processors));
  }

  /** Removes what an earlier process of this owner left half made. */
  static async open(options: DockerDriverOptions): Promise<DockerDriver> {
    const info = await requireLimits(options.engine);
    const context = {
      ...options,
      processors: info.processors,
      memoryBytes: info.memoryBytes,
      users: new MachineUsers({ mapped: info.mapsUsers }),
      removesEnded: info.removesEnded,
    };
    await sweepLeftovers(options);
    return new DockerDriver({ ...context, store: new EngineStore(context) });
  }

  async fork(template: TemplateRef, options: ForkOptions): Promise<Machine> {
    using _turn = await this.#turns.take({ signal: options.signal });
    try {
      return this.#own(await fork(this.#context, await this.#describe(template), template, options));
    } catch (cause) {
      // Somebody may have taken the files away: the next one looks.
      if (cause instanceof QemuError) this.#context.store.forget();
      throw cause;
    }
  }

  /** Brings what a template consists of to the engine, so that nobody's fork has to wait for it. */
  async deliver(template: TemplateRef): Promise<void> {
    await placeTemplate(this.#context.store, template, await this.#describe(template));
  }

  /** For an engine that was away, or lacks what it had. */
  async refresh(): Promise<void> {
    const { engine, renew, store } = this.#context;
    await requireLimits(engine);
    store.forget();
    await renew?.();
  }

  /** Removes from the engine what no start has wanted for long. */
  sweep(): Promise<void> {
    return this.#context.store.sweep();
  }

  network(): Network {
    return new SharedCable(this.#context.engine, this.#context.owner);
  }

  async problem(): Promise<string | undefined> {
    return pingEngine(this.#context.engine).then(
      () => undefined,
      // Strangers may read it: neither its address nor what it said.
      () => 'The Docker Engine does not answer. Is it running? "npm run doctor" says more.',
    );
  }

  /** Unknown: it is another computer's, or a part of this one that only the engine sees. */
  disk(): HostDisk | undefined {
    return undefined;
  }

  hosts(): readonly HostResources[] {
    const { processors, memoryBytes } = this.#context;
    return [{ processors, memoryBytes }];
  }

  async adopt(record: MachineRecord, signal?: AbortSignal): Promise<Machine | undefined> {
    const known = readRecord(record);
    const machine = known && (await adopt(this.#context, known, signal));
    return machine && this.#own(machine);
  }

  endNamed(text: string): Promise<number> {
    const names = namesIn(text);
    return endContainers(this.#context, (id) => names.has(id));
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
    // An engine that was restarted may have removed the container and left its disk.
    void machine.ended
      .then(({ cause }) => (cause === 'crashed' ? sweepVolumes(this.#context) : undefined))
      .catch(() => {});
    return machine;
  }

  #describe({ folder }: TemplateRef): Promise<TemplateDescription> {
    const known = this.#descriptions.get(folder) ?? readDescription(folder);
    this.#descriptions.set(folder, known);
    known.catch(() => this.#descriptions.delete(folder));
    return known;
  }
}
