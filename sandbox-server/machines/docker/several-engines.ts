import { setTimeout as delay } from 'node:timers/promises';
import { DrydockError } from '../../errors.ts';
import { type HostResources, sandboxesThatFit } from '../../room.ts';
import type {
  DraftMachine,
  DraftOptions,
  ForkOptions,
  ImageRef,
  Machine,
  MachineRecord,
  Network,
  TemplateRef,
  ThawOptions,
} from '../driver.ts';
import { type DeliveringDriver, type EngineDriver, EngineSeat, type NamedEngine, SeatNetwork } from './engine-seat.ts';
import { whileItAnswers } from './while-it-answers.ts';

export interface SeveralEnginesOptions {
  readonly memoryMib: number;
  /** Told, for an operator, when an engine is left out and when it is back. */
  readonly onChange?: (text: string) => void;
  /** How often engines that are left out are tried again; ever more seldom while they fail. Default: 10 s. */
  readonly retryMs?: number;
  /** How long a start waits for further engines once one is there. Default: 30 s. */
  readonly patienceMs?: number;
}

interface Place {
  readonly seat: EngineSeat;
  readonly driver: EngineDriver;
}

const RETRY_MS = 10_000;
const PATIENCE_MS = 30_000;

/**
 * Machines on the engine that has the most room. All machines of a sandbox are on the same one. An engine that fails is
 * left out until it answers again and has what machines are made of; what ran there ends as the machines of a lone engine
 * do. One that is slow to answer is waited for by nobody who can go elsewhere.
 */
export class SeveralEngines implements DeliveringDriver {
  readonly kind = 'docker';
  readonly identity: string;
  readonly #seats: readonly EngineSeat[];
  readonly #memoryMib: number;
  readonly #patienceMs: number;
  /** By key: what an engine that comes back must have first. */
  readonly #delivered = new Map<string, TemplateRef>();
  readonly #timer: NodeJS.Timeout;

  private constructor(seats: readonly EngineSeat[], identity: string, options: SeveralEnginesOptions) {
    const { memoryMib, retryMs = RETRY_MS, patienceMs = PATIENCE_MS } = options;
    this.#seats = seats;
    this.identity = identity;
    this.#memoryMib = memoryMib;
    this.#patienceMs = patienceMs;
    this.#timer = setInterval(() => this.#retry(), retryMs).unref();
  }

  /** Rejects with the first engine's reason when none can be used. Those that are late join when they are there. */
  static async open(engines: readonly NamedEngine[], options: SeveralEnginesOptions): Promise<SeveralEngines> {
    const { onChange: tell = () => {}, retryMs = RETRY_MS, patienceMs = PATIENCE_MS } = options;
    const seats = engines.map((engine) => new EngineSeat(engine, { tell, retryMs }));
    const failures = new Map<EngineSeat, unknown>();
    const openings = seats.map((seat) =>
      seat.open().catch((cause: unknown) => {
        failures.set(seat, cause);
        seat.leaveOut(cause instanceof Error ? cause.message : String(cause));
      }),
    );
    await Promise.race([
      Promise.all(openings),
      anyOpen(seats, openings).then(() => delay(patienceMs, undefined, { ref: false })),
    ]);
    for (const seat of seats) seat.goOnWithout();
    const identity = seats.find(({ driver }) => driver !== undefined)?.driver?.identity;
    if (identity === undefined) throw seats.map((seat) => failures.get(seat)).find(Boolean);
    return new SeveralEngines(seats, identity, options);
  }

  async fork(template: TemplateRef, options: ForkOptions): Promise<Machine> {
    const usable = this.#usable();
    const having = usable.filter(({ seat }) => seat.lack(template) === undefined);
    const { seat, driver, network } = this.#placeOf(options.network, () =>
      this.#leastLoaded(having.length > 0 ? having : usable),
    );
    const { network: _, ...rest } = options;
    seat.machines += 1;
    const started = driver.fork(template, { ...rest, ...(network && { network }) });
    try {
      return this.#count(await whileItAnswers(driver, started), seat);
    } catch (cause) {
      seat.machines -= 1;
      // It may come too late for whoever wanted it.
      void started.then((late) => late[Symbol.asyncDispose]()).catch(() => {});
      throw await seat.blame(cause);
    }
  }

  network(): Network {
    return new SeatNetwork();
  }

  /** Of all of them: one that works is enough. */
  async problem(): Promise<string | undefined> {
    const look = async ({ seat, driver }: Place) => {
      const trouble = await driver.problem();
      if (trouble !== undefined) seat.leaveOut(trouble);
    };
    await Promise.all(this.#usable().map(look));
    return this.#usable().length > 0 ? undefined : 'No Docker Engine answers. "npm run doctor" says more.';
  }

  /** Unknown, as of one engine. */
  disk(): undefined {
    return undefined;
  }

  hosts(): readonly HostResources[] {
    return this.#usable().flatMap(({ driver }) => driver.hosts() ?? []);
  }

  /**
   * Asks each in turn: a record names no engine, a container's name is unique. While one is left out nobody knows whether
   * the machine is over: it is waited for a while.
   */
  async adopt(record: MachineRecord, signal?: AbortSignal): Promise<Machine | undefined> {
    const machine = await this.#adoptNow(record, signal);
    if (machine !== undefined || this.#usable().length === this.#seats.length) return machine;
    const back = Promise.all(this.#seats.map((seat) => seat.takeBack(this.#delivered.values())));
    await Promise.race([back, delay(this.#patienceMs, undefined, { ref: false, ...(signal && { signal }) })]);
    const later = await this.#adoptNow(record, signal);
    if (later !== undefined || this.#usable().length === this.#seats.length) return later;
    throw this.#nobody();
  }

  /** On those that are left out, when they are back. */
  async endNamed(text: string): Promise<number> {
    const counts = await Promise.all(this.#seats.map((seat) => seat.endNamed(text)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** To all that are used. Rejects when none of them has it now. */
  async deliver(template: TemplateRef): Promise<void> {
    this.#delivered.set(template.key, template);
    const places = this.#usable();
    if (places.length === 0) throw this.#nobody();
    const results = await Promise.allSettled(places.map(({ seat }) => seat.deliver(template)));
    if (results.some(({ status }) => status === 'fulfilled')) return;
    throw results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))[0];
  }

  async sweep(): Promise<void> {
    await Promise.allSettled(this.#usable().map(({ driver }) => driver.sweep()));
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
    await Promise.all(this.#seats.map((seat) => seat[Symbol.asyncDispose]()));
  }

  async #draft<O extends DraftOptions>(
    options: O,
    make: (driver: EngineDriver, own: O) => Promise<DraftMachine>,
  ): Promise<DraftMachine> {
    const { seat, driver, network } = this.#placeOf(options.network, () => this.#usable()[0]);
    const { network: _, ...rest } = options;
    try {
      return await whileItAnswers(driver, make(driver, { ...rest, ...(network && { network }) } as O));
    } catch (cause) {
      throw await seat.blame(cause);
    }
  }

  async #adoptNow(record: MachineRecord, signal: AbortSignal | undefined): Promise<Machine | undefined> {
    const failures: unknown[] = [];
    for (const { seat, driver } of this.#usable()) {
      try {
        const machine = await whileItAnswers(driver, driver.adopt(record, signal));
        if (machine === undefined) continue;
        seat.machines += 1;
        return this.#count(machine, seat);
      } catch (cause) {
        failures.push(await seat.blame(cause));
      }
    }
    if (failures.length > 0) throw failures[0];
    return undefined;
  }

  /** Where the others of its sandbox are; else where `choose` says. */
  #placeOf(network: Network | undefined, choose: () => Place | undefined) {
    if (network !== undefined && !(network instanceof SeatNetwork)) {
      throw new TypeError('This network was made by another driver.');
    }
    const seat = network?.seat ?? choose()?.seat;
    const driver = seat?.driver;
    if (seat === undefined || driver === undefined) throw this.#nobody();
    return { seat, driver, network: network?.at(seat, driver) };
  }

  /** By what its host has room for: one of twice the size takes twice as many. One that failed just now comes last. */
  #leastLoaded(places: readonly Place[]): Place | undefined {
    const room = (host: HostResources) => sandboxesThatFit(host, this.#memoryMib);
    const load = ({ seat, driver }: Place) =>
      (seat.machines + 1) / (driver.hosts() ?? []).reduce((sum, host) => sum + room(host), 0);
    const doubt = ({ seat }: Place) => (seat.isDoubted() ? 1 : 0);
    return places.toSorted((a, b) => doubt(a) - doubt(b) || load(a) - load(b))[0];
  }

  #count(machine: Machine, seat: EngineSeat): Machine {
    void machine.ended.then(() => {
      seat.machines -= 1;
    });
    return machine;
  }

  #usable(): Place[] {
    return this.#seats.flatMap((seat) => (seat.driver === undefined ? [] : [{ seat, driver: seat.driver }]));
  }

  #nobody(): DrydockError {
    const troubles = this.#seats.flatMap(({ engine, trouble }) => (trouble ? [`${engine.name}: ${trouble}`] : []));
    return new DrydockError(
      'engine-unreachable',
      `${this.#usable().length === 0 ? 'No' : 'Not every'} Docker Engine can be used. ${troubles.join(' ')}`.trim(),
    );
  }

  #retry(): void {
    for (const seat of this.#seats) void seat.takeBack(this.#delivered.values());
  }
}

/** Resolves when one has been opened, or all have failed. */
async function anyOpen(seats: readonly EngineSeat[], openings: readonly Promise<void>[]): Promise<void> {
  const opened = openings.map(async (opening, index) => {
    await opening;
    if (seats[index]?.driver === undefined) throw new Error('not this one');
  });
  await Promise.any(opened).catch(() => {});
}
