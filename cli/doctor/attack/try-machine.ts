import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Driver, Machine, TemplateRef } from '../../../sandbox-server/machines/driver.ts';
import { hashFiles } from './hash-files.ts';
import { type Bounds, findForeignSockets, findMachineProcesses, readBounds } from './machine-process.ts';
import { gateways, ownAddress } from './own-network.ts';

export interface MachineTrialOptions {
  readonly driver: Driver;
  readonly template: TemplateRef;
  /** Whose contents must be the same after the attack. */
  readonly templateFiles: readonly string[];
}

export interface MachineTrial {
  readonly bounds: Bounds;
  readonly foreignSockets: readonly string[];
  /** What a machine tried to reach, and what came of it. */
  readonly reached: readonly Reach[];
  /** Whether its root really wrote over its disk: otherwise `changed` says nothing. */
  readonly wroteOverDisk: boolean;
  /** Files of the template that are not what they were. */
  readonly changed: readonly string[];
}

export interface Reach {
  readonly way: 'tcp' | 'udp';
  readonly target: string;
  /** An error's name, or "connected" and what was heard. */
  readonly outcome: string;
}

/** Attacks from inside a real machine, and looks at its process from outside. */
export async function tryMachine({ driver, template, templateFiles }: MachineTrialOptions): Promise<MachineTrial> {
  const before = await hashFiles(templateFiles);
  const known = findMachineProcesses(process.pid);
  await using hostile = await driver.fork(template, { id: `attack-${process.pid}` });
  const pid = findMachineProcesses(process.pid).find((one) => !known.includes(one));
  if (pid === undefined) throw new Error('The QEMU process of a machine that runs was not found below this process.');
  await using neighbour = await driver.fork(template, { id: `attacked-${process.pid}` });
  const looks = { bounds: readBounds(pid), foreignSockets: findForeignSockets(pid) };
  const reached = await reachFrom(hostile, neighbour);
  const wroteOverDisk = await writeOverEverything(hostile);
  const after = await hashFiles(templateFiles);
  return { ...looks, reached, wroteOverDisk, changed: templateFiles.filter((path) => before[path] !== after[path]) };
}

const METADATA = '169.254.169.254';
const REACH_PROGRAM = join(import.meta.dirname, 'reach.pl');
const REACH_TIMEOUT_MS = 60_000;
const BANNER = 'drydock-was-reached';

async function reachFrom(machine: Machine, neighbour: Machine): Promise<Reach[]> {
  const host = ownAddress();
  await using server = createServer((socket) => socket.on('error', () => {}).end(BANNER));
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const [own, others] = await Promise.all([addressesOf(machine), addressesOf(neighbour)]);
  const targets = [`${METADATA}:80`, ...gateways().flatMap((one) => [`${one}:53`, `${one}:80`]), `${host}:${port}`];
  targets.push(...others.map((one) => `${one}:22`));
  // What is its own it may reach.
  const foreign = targets.filter((target) => !own.includes(target.split(':')[0] ?? ''));
  const program = await readFile(REACH_PROGRAM, 'utf8');
  const script = `perl - ${foreign.join(' ')} <<'PROGRAM'\n${program}\nPROGRAM\n`;
  const { stdout } = await machine.run({ script, timeoutMs: REACH_TIMEOUT_MS });
  return parseReach(stdout);
}

export function parseReach(output: string): Reach[] {
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [way = '', target = '', ...outcome] = line.split(' ');
      return { way: way as Reach['way'], target, outcome: outcome.join(' ').trim() };
    });
}

async function addressesOf(machine: Machine): Promise<string[]> {
  const { stdout } = await machine.run({ script: 'hostname -I', timeoutMs: REACH_TIMEOUT_MS });
  return stdout.split(/\s+/).filter((address) => /^[\d.]+$/.test(address));
}

/** As root: some hundred MiB of its memory, and its disk from the beginning. The machine does not survive it. */
const WRITE_OVER_EVERYTHING = `
  yes drydock | head -c 250M > /dev/shm/full
  sync
  yes drydock | dd of=/dev/vda bs=1M count=100 iflag=fullblock conv=notrunc oflag=direct
  dd if=/dev/vda bs=4096 count=1 iflag=direct | head -c 7
`;

async function writeOverEverything(machine: Machine): Promise<boolean> {
  const { stdout } = await machine.run({ script: WRITE_OVER_EVERYTHING, timeoutMs: REACH_TIMEOUT_MS });
  return stdout === 'drydock';
}
