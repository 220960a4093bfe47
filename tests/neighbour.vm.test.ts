import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, it } from 'node:test';
import { findMachineProcesses } from '../cli/doctor/attack/machine-process.ts';
import type { Lab } from '../labs/format/lab.ts';
import { readConfig } from '../sandbox-server/config.ts';
import { openLocalMachines } from '../sandbox-server/local-machines.ts';
import type { Machine } from '../sandbox-server/machines/driver.ts';

const text = { 'zh-cn': '', en: '' };
/** The same as the driver's own test has, so that they share its template. */
const lab: Lab = {
  ...{ id: 'contract', image: 'debian-docker', title: text, kit: '', steps: [], questions: [] },
  machines: [
    {
      ...{ role: 'host', hostname: 'dock', setup: 'useradd --create-home --shell /bin/bash alice' },
      ...{ terminals: [{ id: 'alice', user: 'alice' }], secrets: [] },
    },
  ],
};

const local = await openLocalMachines({ env: process.env, config: readConfig({}) });
after(() => local[Symbol.asyncDispose]());
const [template] = (await local.templates.forLab(lab)).values();
let forks = 0;

async function start(): Promise<{ machine: Machine; pid: number }> {
  if (!template) throw new Error('the lab has no machine');
  const known = findMachineProcesses(process.pid);
  forks += 1;
  const machine = await local.driver.fork(template, { id: `neighbour-${process.pid}-${forks}` });
  const pid = findMachineProcesses(process.pid).find((one) => !known.includes(one));
  if (pid === undefined) throw new Error('its process was not found');
  return { machine, pid };
}

/** Everything at once, as root, for as long as the machine lives. The agent is spared by its guest's own kernel only. */
const ATTACK = `
  echo -1000 > /proc/$(pgrep -o -f drydock/agent)/oom_score_adj
  cat > /tmp/attack <<'END'
    touch /tmp/begun
    (while :; do dd if=/dev/zero of=/var/full bs=1M count=200 oflag=direct; done) &
    (while :; do head -c 1G /dev/zero > /dev/shm/full; rm -f /dev/shm/full; done) &
    (while :; do :; done) &
    bomb() { bomb | bomb & }
    bomb
    wait
END
  setsid bash /tmp/attack > /dev/null 2>&1 < /dev/null &
  # What is still of this script's session ends with it.
  until [ -e /tmp/begun ]; do :; done
`;

const BLOCKS = 8;
const KEYS_PER_BLOCK = 25;
/** What else this computer does may spoil a round; a neighbour that matters spoils every one. */
const ROUNDS = 3;
const MAX_FACTOR = 2;

/** One key after the other, each when the one before has come back. */
function typist(machine: Machine) {
  const [terminal] = machine.terminals;
  if (!terminal) throw new Error('the machine has no terminal');
  let typed = 0;
  let heard = () => {};
  terminal.listen({
    output: (offset, bytes) => {
      terminal.acknowledge(offset + bytes.length);
      heard();
    },
    inputApplied: () => {},
    status: () => {},
  });
  return async (key: string): Promise<number> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    heard = resolve;
    const startedAt = performance.now();
    terminal.write(typed, Buffer.from(key));
    typed += key.length;
    await promise;
    return performance.now() - startedAt;
  };
}

const p95 = (samples: number[]) => samples.toSorted((a, b) => a - b)[Math.ceil(0.95 * samples.length) - 1] ?? 0;

/** Time for which its threads ran or wanted to: what else this computer does takes from the first and adds to the second. */
function wantedMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'),
  );
  return threads.reduce((sum, stat) => sum + Number(stat.split(' ')[0]) + Number(stat.split(' ')[1]), 0) / 1e6;
}

/** Echo times with the attacker stopped and running, in turns, so that what else this computer does is in both. */
async function interleave(key: (text: string) => Promise<number>, attacker: number) {
  const times = { quiet: [] as number[], attacked: [] as number[] };
  const spent = { elapsedMs: 0, wantedMs: 0 };
  for (let block = 0; block < 2 * BLOCKS; block += 1) {
    const isOn = block % 2 === 1;
    process.kill(attacker, isOn ? 'SIGCONT' : 'SIGSTOP');
    // A line of a length that does not wrap, and what the other half left under way is through.
    await key('\u0015k');
    await key('k');
    const [startedAt, before] = [performance.now(), wantedMs(attacker)];
    for (let count = 0; count < KEYS_PER_BLOCK; count += 1) times[isOn ? 'attacked' : 'quiet'].push(await key('k'));
    if (!isOn) continue;
    spent.elapsedMs += performance.now() - startedAt;
    spent.wantedMs += wantedMs(attacker) - before;
  }
  process.kill(attacker, 'SIGCONT');
  return { ...times, wanted: spent.wantedMs / spent.elapsedMs };
}

async function startAttacker() {
  const started = await start();
  const end = { cause: '' };
  void started.machine.ended.then(({ cause }) => {
    end.cause = cause;
  });
  await started.machine.run({ script: ATTACK, timeoutMs: 20_000 });
  return { ...started, end };
}

it("a fork bomb that also fills memory, disk and processor leaves a neighbour's echo within twice (p95)", async (t) => {
  const { machine } = await start();
  await using _neighbour = machine;
  const key = typist(machine);
  const factors: number[] = [];
  for (let round = 0; round < ROUNDS && !factors.some((factor) => factor <= MAX_FACTOR); round += 1) {
    const attacker = await startAttacker();
    await using _attacker = attacker.machine;
    const { quiet, attacked, wanted } = await interleave(key, attacker.pid);
    t.diagnostic(
      `p95 ${p95(quiet).toFixed(1)} ms, attacked ${p95(attacked).toFixed(1)} ms; it wanted ${wanted.toFixed(1)} processors`,
    );
    assert.equal(attacker.end.cause, '', 'the attacker lived');
    assert.ok(wanted > 0.7, `it wanted ${wanted.toFixed(1)} processors: that is no attack`);
    factors.push(p95(attacked) / p95(quiet));
  }
  const said = factors.map((factor) => factor.toFixed(1)).join(', ');
  assert.ok(Math.min(...factors) <= MAX_FACTOR, `p95 became ${said} times what it was`);
});
