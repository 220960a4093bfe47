import { existsSync } from 'node:fs';
import { DrydockError } from '../../errors.ts';
import { type HostResources, sandboxesThatFit } from '../../room.ts';
import type {
  Baker,
  DraftMachine,
  DraftOptions,
  Driver,
  ForkOptions,
  ImageRef,
  Machine,
  MachineRecord,
  Network,
  TemplateRef,
  ThawOptions,
} from '../driver.ts';

/** The driver of one engine. DockerDriver is one. */
export interface EngineDriver extends Driver, Baker {
  deliver(template: TemplateRef): Promise<void>;
  sweep(): Promise<void>;
}

/** An engine that was named, whether or not it is there. */
export interface NamedEngine {
  /** For messages. */
  readonly name: string;
  /** Rejects, with what to do about it, while it cannot be used. */
  open(): Promise<EngineDriver>;
}

export interface SeveralEnginesOptions {
  readonly memoryMib: number;
  /** Told, for an operator, when an engine is left out and when it is back. */
  readonly onChange?: (text: string) => void;
  /** How often engines that are left out are tried again. Default: 10 s. */
  readonly retryMs?: number;
}

/** An engine, and what is known of it. */
interface Seat {
  readonly engine: NamedEngine;
  /** Undefined until it could be opened once. */
  driver: EngineDriver | undefined;
  /** Why it is left out; undefined: it is used. */
  trouble: string | undefined;
  /** Machines that are there or being started. */
  machines: number;
}

type OpenSeat = Seat & { driver: EngineDriver };

const RETRY_MS = 10_000;

/**
 * Machines on the engine that has the most room. All machines of a sandbox are on the same one. An engine that fails is
 * left out until it answers again and has every template; what ran there ends as the machines of a lone engine do.
 */
export class SeveralEngines implements EngineDriver {
  readonly kind = 'docker';
  readonly identity: string;
  readonly #seats: readonly Seat[];
  readonly #onChange: (text: string) => void;
  readonly #memoryMib: number;
  /** By key: what an engine that comes back must have first. */
  readonly #delivered = new Map<string, TemplateRef>();
  readonly #timer: NodeJS.Timeout;
  #retrying: Promise<void> | undefined;

  private constructor(
    seats: readonly Seat[],
    identity: string,
    { memoryMib, onChange, retryMs }: SeveralEnginesOptions,
  ) {
    this.#seats = seats;
    this.identity = identity;
    this.#memoryMib = memoryMib;
    this.#onChange = onChange ?? (() => {});
    this.#timer = setInterval(() => void this.#retry(), retryMs ?? RETRY_MS).unref();
  }

  /** Rejects with the first engine's reason when none can be used. */
  static async open(engines: readonly NamedEngine[], options: SeveralEnginesOptions): Promise<SeveralEngines> {
    const seats: Seat[] = engines.map((engine) => ({ engine, driver: undefined, trouble: undefined, machines: 0 }));
    const failures: unknown[] = [];
    for (const seat of seats) {
      try {
        seat.driver = await seat.engine.open();
      } catch (cause) {
        failures.push(cause);
        leaveOut(seat, messageOf(cause), options.onChange);
      }
    }
    const [first] = seats.filter(isOpen);
    if (first === undefined) throw failures[0];
    for (const seat of seats.filter(isOpen)) requireSame(seat, first.driver.identity, options.onChange);
    return new SeveralEngines(seats, first.driver.identity, options);
  }

  async fork(template: TemplateRef, options: ForkOptions): Promise<Machine> {
    const { seat, network } = this.#seatOf(options.network, (seats) => this.#leastLoaded(seats));
    const { network: _, ...rest } = options;
    seat.machines += 1;
    try {
      const machine = await seat.driver.fork(template, { ...rest, ...(network && { network }) });
      return this.#count(machine, seat);
    } catch (cause) {
      seat.machines -= 1;
      throw await this.#blame(seat, cause);
    }
  }

  network(): Network {
    return new SeatNetwork();
  }

  /** Of all of them: one that works is enough. */
  async problem(): Promise<string | undefined> {
    await this.#look();
    if (this.#usable().length > 0) return undefined;
    return this.#seats.map(({ trouble }) => trouble).join(' ');
  }

  /** Unknown, as of one engine. */
  disk(): undefined {
    return undefined;
  }

  hosts(): readonly HostResources[] {
    return this.#usable().flatMap(({ driver }) => driver.hosts() ?? []);
  }

  /** Asks each in turn: a record names no engine, a container's name is unique. */
  async adopt(record: MachineRecord, signal?: AbortSignal): Promise<Machine | undefined> {
    const failures: unknown[] = [];
    for (const seat of this.#usable()) {
      try {
        const machine = await seat.driver.adopt(record, signal);
        if (machine === undefined) continue;
        seat.machines += 1;
        return this.#count(machine, seat);
      } catch (cause) {
        failures.push(await this.#blame(seat, cause));
      }
    }
    if (failures.length > 0) throw failures[0];
    return undefined;
  }

  async endNamed(text: string): Promise<number> {
    const counts = await Promise.all(this.#usable().map(({ driver }) => driver.endNamed(text)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** To all that are used; one that cannot take it is left out. Rejects when none could. */
  async deliver(template: TemplateRef): Promise<void> {
    this.#delivered.set(template.key, template);
    const failures: unknown[] = [];
    const bring = async (seat: OpenSeat) => {
      try {
        await seat.driver.deliver(template);
      } catch (cause) {
        failures.push(cause);
        leaveOut(seat, messageOf(cause), this.#onChange);
      }
    };
    await Promise.all(this.#usable().map(bring));
    if (this.#usable().length === 0) throw failures[0] ?? this.#nobody();
  }

  async sweep(): Promise<void> {
    await Promise.all(this.#usable().map(({ driver }) => driver.sweep()));
  }

  /** Drafts are made on the first that works: what they begin with is brought to one engine only. */
  boot(image: ImageRef, options: DraftOptions): Promise<DraftMachine> {
    return this.#draft(options, (driver, own) => driver.boot(image, own));
  }

  thaw(template: TemplateRef, options: ThawOptions): Promise<DraftMachine> {
    return this.#draft(options, (driver, own) => driver.thaw(template, own));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#retrying;
    await Promise.all(this.#seats.filter(isOpen).map(({ driver }) => driver[Symbol.asyncDispose]()));
  }

  async #draft<O extends DraftOptions>(
    options: O,
    make: (driver: EngineDriver, own: O) => Promise<DraftMachine>,
  ): Promise<DraftMachine> {
    const { seat, network } = this.#seatOf(options.network, ([first]) => first);
    const { network: _, ...rest } = options;
    try {
      return await make(seat.driver, { ...rest, ...(network && { network }) } as O);
    } catch (cause) {
      throw await this.#blame(seat, cause);
    }
  }

  /** Where the others of its sandbox are; else where `choose` says. */
  #seatOf(network: Network | undefined, choose: (seats: readonly OpenSeat[]) => OpenSeat | undefined) {
    if (network !== undefined && !(network instanceof SeatNetwork)) {
      throw new TypeError('This network was made by another driver.');
    }
    const seat = network?.seat ?? choose(this.#usable());
    if (seat === undefined) throw this.#nobody();
    return { seat, network: network?.at(seat) };
  }

  /** By what its host has room for: one of twice the size takes twice as many. */
  #leastLoaded(seats: readonly OpenSeat[]): OpenSeat | undefined {
    const room = (host: HostResources) => sandboxesThatFit(host, this.#memoryMib);
    const load = ({ driver, machines }: OpenSeat) =>
      (machines + 1) / (driver.hosts() ?? []).reduce((sum, host) => sum + room(host), 0);
    return seats.toSorted((a, b) => load(a) - load(b))[0];
  }

  /** What failed there is the engine's own trouble if it has any: then it is left out, and the next start goes elsewhere. */
  async #blame(seat: OpenSeat, cause: unknown): Promise<unknown> {
    const trouble = await seat.driver.problem();
    if (trouble === undefined) return cause;
    leaveOut(seat, trouble, this.#onChange);
    return new DrydockError('engine-unreachable', trouble, { cause });
  }

  #count(machine: Machine, seat: Seat): Machine {
    void machine.ended.then(() => {
      seat.machines -= 1;
    });
    return machine;
  }

  #usable(): OpenSeat[] {
    return this.#seats.filter(isOpen).filter(({ trouble }) => trouble === undefined);
  }

  #nobody(): DrydockError {
    const troubles = this.#seats.map(({ trouble }) => trouble).filter(Boolean);
    return new DrydockError('engine-unreachable', `No Docker Engine can be used. ${troubles.join(' ')}`.trim());
  }

  /** Leaves out those that do not answer now. */
  async #look(): Promise<void> {
    const look = async (seat: OpenSeat) => {
      const trouble = await seat.driver.problem();
      if (trouble !== undefined) leaveOut(seat, trouble, this.#onChange);
    };
    await Promise.all(this.#usable().map(look));
  }

  #retry(): Promise<void> {
    this.#retrying ??= Promise.all(
      this.#seats.filter(({ trouble }) => trouble !== undefined).map((seat) => this.#takeBack(seat)),
    )
      .then(() => {})
      .finally(() => {
        this.#retrying = undefined;
      });
    return this.#retrying;
  }

  async #takeBack(seat: Seat): Promise<void> {
    try {
      seat.driver ??= await seat.engine.open();
      const { driver } = seat;
      if (driver.identity !== this.identity || (await driver.problem()) !== undefined) return;
      for (const [key, template] of this.#delivered) {
        if (existsSync(template.folder)) await driver.deliver(template);
        else this.#delivered.delete(key);
      }
      seat.trouble = undefined;
      this.#onChange(`The Docker Engine at ${seat.engine.name} is used again.`);
    } catch {
      // It stays where it is, for the reason it is there for.
    }
  }
}

/** Of the machines of one sandbox: the first that starts decides where. */
class SeatNetwork implements Network {
  seat: OpenSeat | undefined;
  #inner: Network | undefined;

  at(seat: OpenSeat): Network {
    this.seat = seat;
    this.#inner ??= seat.driver.network();
    return this.#inner;
  }

  [Symbol.dispose](): void {
    this.#inner?.[Symbol.dispose]();
  }
}

const isOpen = (seat: Seat): seat is OpenSeat => seat.driver !== undefined;

function leaveOut(seat: Seat, trouble: string, onChange: SeveralEnginesOptions['onChange']): void {
  if (seat.trouble === undefined) onChange?.(`The Docker Engine at ${seat.engine.name} is left out: ${trouble}`);
  seat.trouble = trouble;
}

/** A template made on one must fit them all. */
function requireSame(seat: OpenSeat, identity: string, onChange: SeveralEnginesOptions['onChange']): void {
  if (seat.driver.identity === identity) return;
  leaveOut(seat, 'its machines would differ from those of the first engine. Set ACCELERATOR=tcg.', onChange);
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
