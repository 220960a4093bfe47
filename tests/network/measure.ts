// node tests/network/measure.ts [SAMPLES]
// What a second machine costs, and what the cable carries. Leave the computer alone meanwhile.
import { pssBelowMib } from '../../cli/bench/processes.ts';
import { type Figure, figure } from '../../cli/bench/statistics.ts';
import { readConfig } from '../../sandbox-server/config.ts';
import { openLocalMachines } from '../../sandbox-server/local-machines.ts';
import type { Machine } from '../../sandbox-server/machines/driver.ts';
import { TerminalTap } from '../../sandbox-server/machines/terminal-tap.ts';
import { Group, output } from './group.ts';
import { ALONE, PAIR } from './lab.ts';

const samples = Number(process.argv[2] ?? 20);
const IDLE_MS = 20_000;
const STREAM_MIB = 64;

await using local = await openLocalMachines({ env: process.env, config: readConfig(process.env) });
const [alone] = (await local.templates.forLab(ALONE)).values();
await local.templates.forLab(PAIR);
if (alone === undefined) throw new Error('The lab of one machine has none.');
let forks = 0;

/** Until the shell has echoed what was typed after the fork. */
async function promptOf(machine: Machine): Promise<void> {
  const [terminal] = machine.terminals;
  if (terminal === undefined) throw new Error(`${machine.id} has no terminal.`);
  const tap = new TerminalTap(terminal);
  await tap.type('echo to""ken\r');
  await tap.seen(/^token\r?$/m);
}

async function forkOne(): Promise<Machine> {
  forks += 1;
  return local.driver.fork(alone as NonNullable<typeof alone>, { id: `measure-${process.pid}-${forks}` });
}

async function timed(start: () => Promise<AsyncDisposable>): Promise<number> {
  const from = performance.now();
  await using _started = await start();
  return performance.now() - from;
}

async function repeated(start: () => Promise<AsyncDisposable>): Promise<Figure> {
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) times.push(await timed(start));
  return figure(times);
}

async function memoryOf(start: () => Promise<AsyncDisposable>): Promise<number> {
  await using _started = await start();
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  return Math.round(pssBelowMib(process.pid));
}

const one = async () => {
  const machine = await forkOne();
  await promptOf(machine);
  return machine;
};
const two = async () => {
  const group = await Group.fork(local, PAIR);
  await Promise.all([promptOf(group.host), promptOf(group.attacker)]);
  return group;
};

const RECEIVE = `rm -f /tmp/receiver; setsid python3 -c '
import socket
server = socket.create_server(("", 9000))
print("listening", flush=True)
peer, _ = server.accept()
buffer = bytearray(1 << 20)
while peer.recv_into(buffer): pass
' > /tmp/receiver 2>&1 & until grep -q listening /tmp/receiver; do sleep 0.1; done`;
const SEND = `python3 -c '
import socket, time
peer = socket.create_connection(("host", 9000))
block = bytes(1 << 16)
begin = time.monotonic()
for _ in range(${STREAM_MIB * 16}): peer.sendall(block)
peer.shutdown(socket.SHUT_WR)
peer.recv(1)
print(time.monotonic() - begin)
'`;

async function streamMibps(): Promise<Figure> {
  await using group = await Group.fork(local, PAIR);
  const speeds: number[] = [];
  for (let sample = 0; sample < 3; sample += 1) {
    await output(group.host, RECEIVE);
    speeds.push(STREAM_MIB / Number(await output(group.attacker, SEND)));
  }
  return figure(speeds);
}

async function pingMs(): Promise<Figure> {
  await using group = await Group.fork(local, PAIR);
  const answers = await output(group.attacker, 'ping -c 50 -i 0.2 host');
  return figure([...answers.matchAll(/time=([\d.]+) ms/g)].map(([, ms]) => Number(ms)));
}

console.log('one machine, fork to prompt, ms', await repeated(one));
console.log('two machines, fork to both prompts, ms', await repeated(two));
console.log('one idle machine, MiB', await memoryOf(one));
console.log('two idle machines, MiB', await memoryOf(two));
console.log('TCP from one to the other, MiB/s', await streamMibps());
console.log('ping, ms', await pingMs());
