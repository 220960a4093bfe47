import { randomBytes } from 'node:crypto';
import type { MountSettings } from 'dockerode';
import type { Network } from '../driver.ts';
import { CONTAINER, LABELS } from './docker-context.ts';
import type { Engine } from './engine/connect-engine.ts';

/** What this driver's network is; null where a machine is alone. */
export function cableOf(network: Network | undefined): SharedCable | null {
  if (network === undefined) return null;
  if (network instanceof SharedCable) return network;
  throw new TypeError('This network was made by another driver.');
}

export interface CableEnd {
  readonly volume: string;
  readonly mount: MountSettings;
  /** The first machine listens on the socket, the second connects to it. */
  readonly listens: boolean;
}

export const CABLE_VOLUME = /^drydock-cable-[0-9a-f]{16}$/;
/** Of memory, and of no more than a socket needs. */
export const CABLE_MEMORY = {
  ...{ type: 'tmpfs', device: 'tmpfs', o: 'size=64k,nr_inodes=16,mode=1777,nosuid,nodev,noexec' },
};

const SOCKET = `${CONTAINER.cable}/cable.sock`;
const MAX_MACHINES = 2;
const NAME_BYTES = 8;

/**
 * Joins the network cards of two machines: a socket in a volume of memory that only their two containers mount. Neither
 * the server nor the engine hands anything on, so it works without them, too.
 */
export class SharedCable implements Network {
  readonly volume = `drydock-cable-${randomBytes(NAME_BYTES).toString('hex')}`;
  readonly #engine: Engine;
  readonly #owner: string;
  #machines = 0;
  #made: Promise<unknown> | undefined;

  constructor(engine: Engine, owner: string) {
    this.#engine = engine;
    this.#owner = owner;
  }

  async plugIn(): Promise<CableEnd> {
    if (this.#machines === MAX_MACHINES) throw new Error(`A network joins at most ${MAX_MACHINES} machines.`);
    this.#machines += 1;
    const listens = this.#machines === 1;
    this.#made ??= this.#engine.docker.createVolume({
      Name: this.volume,
      Labels: { [LABELS.owner]: this.#owner, [LABELS.kind]: 'cable' },
      Driver: 'local',
      DriverOpts: CABLE_MEMORY,
    });
    await this.#made;
    return { volume: this.volume, mount: cableMount(this.volume), listens };
  }

  /** What is plugged in stays so. */
  [Symbol.dispose](): void {
    if (this.#made) void this.#made.then(() => removeVolume(this.#engine, this.volume)).catch(() => {});
  }
}

export const cableMount = (volume: string): MountSettings => ({
  ...{ Type: 'volume', Source: volume, Target: CONTAINER.cable },
});

/** As the mux takes it. */
export const cableSetting = ({ listens }: CableEnd): string => `cable=${listens ? 'listen' : 'connect'}:${SOCKET}`;

/** Does nothing while a container has it. */
export async function removeVolume(engine: Engine, volume: string): Promise<void> {
  await engine.docker
    .getVolume(volume)
    .remove()
    .catch(() => {});
}
