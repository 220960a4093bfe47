import type { LabMachine } from '../../labs/format/lab.ts';
import { type HostMap, MAP_LIMITS, type MapHost } from '../../protocol/host-map.ts';
import { drawHost, isLocal, type KnockAnswer, type PortAnswer } from './draw-map.ts';
import type { Facts, ListenerFact } from './facts.ts';

/** A daemon that began so long ago has opened what it opens: over plain TCP it waits fifteen seconds first. */
const SETTLED_AFTER_S = 20;

/** A port to be asked, with the name that its answer is kept under. */
export interface OpenQuestion {
  readonly key: string;
  readonly place: string;
}

/**
 * All that surveys of one sandbox have found, and the answers that listeners have given: they are asked once, not in
 * every survey. Immutable, so that forks of one template can share it.
 */
export class Known {
  readonly #machines: readonly LabMachine[];
  readonly #facts: ReadonlyMap<string, Facts>;
  readonly #ports: ReadonlyMap<string, PortAnswer>;
  readonly #knocks: ReadonlyMap<string, KnockAnswer>;
  /** Roles of machines that have had a daemon: they stay on the map. */
  readonly #hosts: readonly string[];

  constructor(
    machines: readonly LabMachine[],
    { facts = new Map(), ports = new Map(), knocks = new Map(), hosts = [] }: Findings = {},
  ) {
    this.#machines = machines;
    this.#facts = facts;
    this.#ports = ports;
    this.#knocks = knocks;
    const found = machines.map(({ role }) => role).filter((role) => hosts.includes(role) || hasDaemon(facts.get(role)));
    this.#hosts =
      found.length > 0 || facts.size < machines.length ? found : machines.slice(0, 1).map(({ role }) => role);
  }

  /** Roles of the machines that are drawn. */
  get hosts(): readonly string[] {
    return this.#hosts;
  }

  get map(): HostMap {
    const hosts = this.#machines.flatMap((machine) => this.#draw(machine) ?? []);
    return { kind: 'drawn', hosts: hosts.slice(0, MAP_LIMITS.hosts) };
  }

  /** Every port has said what it wants. */
  get isAnswered(): boolean {
    return this.#machines.every(({ role }) => this.portQuestions(role).length === 0);
  }

  /** Nothing is about to change by itself, as far as one can tell. */
  get isSettled(): boolean {
    const isCalm = [...this.#facts.values()].every(
      ({ daemons, containers, uptimeS }) =>
        daemons.every(({ startedAt }) => uptimeS - startedAt / 100 > SETTLED_AFTER_S) &&
        containers.every(({ isRestarting }) => !isRestarting),
    );
    return isCalm && this.isAnswered;
  }

  withFacts(found: ReadonlyMap<string, Facts>): Known {
    return this.#with({ facts: new Map([...this.#facts, ...found]) });
  }

  /** What is not known of the ports of a machine: what answers there. */
  portQuestions(role: string): OpenQuestion[] {
    const listeners = this.#portsOf(role);
    return listeners
      .map((listener) => ({ key: portKey(role, listener), place: askedAt(listener.place) }))
      .filter(({ key }) => !this.#ports.has(key));
  }

  /** Silence is no answer: the daemon may be about to start. */
  withPorts(answers: ReadonlyMap<string, PortAnswer>): Known {
    const kept = [...answers].filter(([, answer]) => answer !== 'silent');
    return this.#with({ ports: new Map([...this.#ports, ...kept].slice(-MOST_ANSWERS)) });
  }

  /** What is not known of the ports of other machines: whether one gets there from here. */
  knockQuestions(from: string): OpenQuestion[] {
    const others = this.#machines.filter(({ role, address }) => role !== from && address !== undefined);
    return others
      .flatMap(({ role, address = '' }) =>
        this.#portsOf(role).flatMap((listener) => {
          const place = reachedAt(listener.place, address);
          return place === undefined ? [] : [{ key: this.#knockKey(from, role, listener), place }];
        }),
      )
      .filter(({ key }) => !this.#knocks.has(key));
  }

  withKnocks(answers: ReadonlyMap<string, KnockAnswer>): Known {
    return this.#with({ knocks: new Map([...this.#knocks, ...answers].slice(-MOST_ANSWERS)) });
  }

  #with(findings: Findings): Known {
    const mine = { facts: this.#facts, ports: this.#ports, knocks: this.#knocks, hosts: this.#hosts };
    return new Known(this.#machines, { ...mine, ...findings });
  }

  #portsOf(role: string): ListenerFact[] {
    const { listeners = [], daemons = [] } = this.#facts.get(role) ?? {};
    const apart = new Set(daemons.filter(({ isApart }) => isApart).map(({ pid }) => pid));
    return listeners.filter(({ kind, pid }) => kind === 'tcp' && !apart.has(pid)).slice(0, MAP_LIMITS.doors);
  }

  #draw({ role, hostname }: LabMachine): MapHost | undefined {
    const facts = this.#facts.get(role);
    if (facts === undefined || !this.#hosts.includes(role)) return undefined;
    return drawHost({
      ...{ machine: role, hostname, facts },
      neighbours: this.#machines
        .filter((other) => other.role !== role)
        .map((other) => ({ machine: other.role, hostname: other.hostname })),
      port: (listener) => this.#ports.get(portKey(role, listener)),
      knock: (from, listener) => this.#knocks.get(this.#knockKey(from, role, listener)),
    });
  }

  /** Asked anew when the listener is another one, or the packet filter of its machine has changed. */
  #knockKey(from: string, role: string, { inode, place }: ListenerFact): string {
    return [from, role, inode, place, this.#facts.get(role)?.firewall].join(' ');
  }
}

/** Of listeners that are gone, too; one that is forgotten is asked again. */
const MOST_ANSWERS = 256;

interface Findings {
  readonly facts?: ReadonlyMap<string, Facts>;
  readonly ports?: ReadonlyMap<string, PortAnswer>;
  readonly knocks?: ReadonlyMap<string, KnockAnswer>;
  readonly hosts?: readonly string[];
}

function hasDaemon(facts: Facts | undefined): boolean {
  return facts !== undefined && (facts.daemons.length > 0 || facts.listeners.length > 0);
}

function portKey(role: string, { pid, inode, place }: ListenerFact): string {
  return [role, pid, inode, place].join(' ');
}

/** From the machine itself. */
function askedAt(place: string): string {
  return place.replace(/^\*:/, '127.0.0.1:');
}

/** From another machine, whose network knows only the one address. */
function reachedAt(place: string, address: string): string | undefined {
  if (isLocal(place)) return undefined;
  const port = place.slice(place.lastIndexOf(':') + 1);
  const isThere = place.startsWith('*:') || place === `${address}:${port}`;
  return isThere ? `${address}:${port}` : undefined;
}
