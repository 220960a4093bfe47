import type { LabMachine } from './lab.ts';
import type { LabFolder } from './lab-folder.ts';
import { MAX_MACHINES } from './lab-schema.ts';

/** Where machines are that say nothing of it: 10.0.0.10, 10.0.0.20. */
const DEFAULT_NETWORK = '10.0.0';
const STEP = 10;

type Written = Pick<LabMachine, 'role' | 'address'>;

/** The network's first 24 bits, which all of its addresses share. */
export const networkOf = (address: string): string => address.slice(0, address.lastIndexOf('.'));

/** An address per machine, by role, in the order of the file. Empty for a machine that is alone: it has no network. */
export function assignAddresses(machines: readonly Written[]): ReadonlyMap<string, string> {
  if (machines.length < 2) return new Map();
  const given = machines.find(({ address }) => address !== undefined)?.address;
  const network = given === undefined ? DEFAULT_NETWORK : networkOf(given);
  return new Map(machines.map(({ role, address }, index) => [role, address ?? `${network}.${(index + 1) * STEP}`]));
}

/** `written` is what the file says, `machines` what came of it. */
export function verifyNetwork(written: readonly Written[], machines: readonly LabMachine[], folder: LabFolder): void {
  const [only, ...others] = written;
  if (others.length >= MAX_MACHINES) {
    const message = `A lab has at most ${MAX_MACHINES} machines: their network is one cable. It has ${machines.length}.`;
    folder.wrong(['machines', machines[MAX_MACHINES]?.role ?? ''], message);
  }
  if (only?.address !== undefined && others.length === 0) {
    const message = `${only.role} has an address, but nobody to talk to: a machine that is alone has no network. Leave it out.`;
    folder.wrong(['machines', only.role, 'address'], message);
  }
  for (const [index, machine] of machines.entries()) verifyPlace(machine, machines.slice(0, index), folder);
}

function verifyPlace({ role, hostname, address }: LabMachine, before: readonly LabMachine[], folder: LabFolder): void {
  const path = ['machines', role];
  const names = before.flatMap((other) => [other.role, other.hostname]);
  const taken = [role, hostname].find((name) => names.includes(name));
  if (taken !== undefined) {
    const message = `Two machines would be called "${taken}": each is known by its role and by its host name.`;
    folder.wrong([...path, 'hostname'], message);
  }
  const [first] = before;
  if (address === undefined || first?.address === undefined) return;
  if (before.some((other) => other.address === address)) {
    folder.wrong([...path, 'address'], `Two machines have the address ${address}.`);
  } else if (networkOf(address) !== networkOf(first.address)) {
    const better = `${networkOf(first.address)}.${address.slice(address.lastIndexOf('.') + 1)}`;
    const message = `${address} is not in the network of ${first.role}, ${networkOf(first.address)}.0/24.`;
    folder.wrong([...path, 'address'], message, `address: ${better}`);
  }
}
