import assert from 'node:assert/strict';
import { fork as forkProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { findForeignSockets, findMachineProcesses } from '../../cli/doctor/attack/machine-process.ts';
import { judgeWithoutTrace } from '../../cli/lab/try-verdict.ts';
import { Tryout } from '../../cli/lab/tryout.ts';
import { readConfig } from '../../sandbox-server/config.ts';
import { openLocalMachines } from '../../sandbox-server/local-machines.ts';
import type { Machine, MachineRecord } from '../../sandbox-server/machines/driver.ts';
import { TerminalTap } from '../../sandbox-server/machines/terminal-tap.ts';
import { Group, output } from './group.ts';
import { ALONE, JUDGED, PAIR, SEEN_WHILE_MADE, TEXT, VERDICT } from './lab.ts';

const local = await openLocalMachines({ env: process.env, config: readConfig(process.env) });
// Not in a test's time.
await local.templates.forLab(PAIR);
after(() => local[Symbol.asyncDispose]());

const forkPair = (step?: string) => Group.fork(local, PAIR, step);

describe('the machines of one lab', { concurrency: 1 }, () => {
  it('know each other by role and host name, at the addresses of the lab, and nobody else', async () => {
    await using group = await forkPair();
    for (const [machine, address, hostname] of [
      [group.host, '10.0.0.10', 'dock'],
      [group.attacker, '10.0.0.20', 'kali'],
    ] as const) {
      assert.equal(await output(machine, 'hostname'), `${hostname}\n`);
      const names = await output(machine, 'getent ahostsv4 host dock attacker kali | grep STREAM');
      assert.match(names, /^10\.0\.0\.10 .*dock\n10\.0\.0\.10 .*\n10\.0\.0\.20 .*kali\n10\.0\.0\.20 .*\n$/);
      assert.equal(await output(machine, 'getent hosts example.com || echo none'), 'none\n');
      const addresses = await output(machine, 'ip -json address show dev eth0 | jq -c "[.[0].addr_info[].local]"');
      assert.equal(addresses, `["${address}"]\n`);
      assert.equal(await output(machine, 'ip route show default; ip -6 route show default'), '');
    }
  });

  it('reach each other’s services, and did while the lab was made', async () => {
    await using group = await forkPair();
    assert.match(await output(group.attacker, `cat ${SEEN_WHILE_MADE}`), /"ApiVersion"/);
    assert.match(await output(group.attacker, 'curl --silent --fail http://host:2375/version'), /"ApiVersion"/);
    assert.match(await output(group.attacker, 'docker -H tcp://dock:2375 ps'), /^CONTAINER ID/);
    await output(group.attacker, 'ping -c 1 -W 20 host');
    await output(group.host, 'ping -c 1 -W 20 attacker');
    const listening = 'setsid python3 -c "import http.server as h; h.test(h.SimpleHTTPRequestHandler, port=8000)"';
    await output(
      group.attacker,
      `cd /etc; ${listening} >/dev/null 2>&1 & until curl -sf kali:8000/hostname; do :; done`,
    );
    assert.equal(await output(group.host, 'curl --silent --fail http://attacker:8000/hostname'), 'kali\n');
  });

  it('reach a container’s published port', async () => {
    await using group = await forkPair();
    await output(
      group.host,
      'docker run -d -p 8080:80 local/busybox sh -c "echo from the container > /tmp/index.html; httpd -f -p 80 -h /tmp"',
    );
    const answer = await output(group.attacker, 'curl --silent --fail --retry 20 --retry-all-errors http://host:8080/');
    assert.equal(answer, 'from the container\n');
  });

  it('have their network at a later step as well, and what one did to the other before it', async () => {
    await using group = await forkPair('after');
    assert.equal(await output(group.host, 'docker volume ls -q'), 'mallory-was-here\n');
    assert.equal(await output(group.attacker, 'docker -H tcp://host:2375 volume ls -q'), 'mallory-was-here\n');
  });

  it('are judged by a proof put on one, which an attack from the other brings home, and none of it stays', async () => {
    await using tryout = await Tryout.start(JUDGED, local, { signal: new AbortController().signal });
    const stage = { lab: JUDGED, tryout };
    const { outcomes, left } = await judgeWithoutTrace(stage, VERDICT);
    assert.deepEqual(left, []);
    const listeners = await tryout.runWithKit('host', 'tcp_listeners 2375; tcp_listeners 2376', 20_000);
    assert.deepEqual([listeners.stdout, listeners.status], ['*\n', 1]);
    assert.deepEqual(outcomes.get('use'), {
      status: 'passed',
      answer: { message: 'passed', evidence: {} },
      tried: TEXT,
    });
    const stolen = outcomes.get('attack');
    assert.ok(stolen?.status === 'failed');
    assert.deepEqual(stolen.answer.evidence, { from: '10.0.0.20' });
    assert.equal(await output(tryout.machine('host'), 'docker volume ls -q'), '');

    const late = VERDICT.parts.map((part) => ({ ...part, script: 'sleep 60', timeoutMs: 500 }));
    const over = await judgeWithoutTrace(stage, { ...VERDICT, parts: late }, { everyPart: true });
    assert.deepEqual(
      [...over.outcomes.values()].map(({ status }) => status),
      ['errored', 'errored'],
    );
    assert.deepEqual(over.left, []);
    assert.equal(await output(tryout.machine('host'), 'docker volume ls -q'), '');
  });

  it('go on being connected when their server is killed, and the next one takes them over', async () => {
    const server = forkProcess(join(import.meta.dirname, 'forking-process.ts'), { execArgv: [] });
    const [records] = (await once(server, 'message')) as [MachineRecord[]];
    server.kill('SIGKILL');
    await once(server, 'exit');
    await using adopted = new AsyncDisposableStack();
    const machines: Machine[] = [];
    for (const record of records) machines.push(adopted.use((await local.driver.adopt(record)) ?? assert.fail('gone')));
    const [host, attacker] = machines as [Machine, Machine];
    assert.match(await output(attacker, 'curl --silent --fail http://host:2375/version'), /"ApiVersion"/);
    await output(host, 'ping -c 1 -W 20 attacker');
  });

  it('are not held up by one that is gone', async () => {
    await using group = await forkPair();
    await output(group.host, 'ping -c 1 -W 20 attacker');
    await group.attacker[Symbol.asyncDispose]();
    const { status } = await group.host.run({ script: 'ping -c 1 -W 2 attacker', timeoutMs: 60_000 });
    assert.equal(status, 1);
    assert.equal(await output(group.host, 'echo still here'), 'still here\n');
  });
});

it('a machine that is alone has no network card', async () => {
  const [template] = (await local.templates.forLab(ALONE)).values();
  await using machine = await local.driver.fork(template ?? assert.fail(), { id: `alone-${process.pid}` });
  assert.equal(await output(machine, 'ls /sys/class/net'), 'docker0\nlo\n');
  assert.equal(
    await output(machine, 'echo 1 > /sys/bus/pci/rescan; grep -l 0x02 /sys/bus/pci/devices/*/class || true'),
    '',
  );
});

const FRAMES = readFileSync(join(import.meta.dirname, 'frames.py'), 'utf8');
const frames = (words: string) => `python3 - ${words} <<'PYTHON'\n${FRAMES}\nPYTHON\n`;

/** Records in the background until the mark `end` comes in. */
async function startRecording(machine: Machine, end: string): Promise<void> {
  const script = `cat > /tmp/frames.py <<'PYTHON'\n${FRAMES}\nPYTHON
    setsid python3 /tmp/frames.py record ${end} > /tmp/seen 2>&1 &
    until grep -q recording /tmp/seen; do sleep 0.1; done`;
  await output(machine, script);
}

async function recorded(machine: Machine): Promise<Record<string, number>> {
  const seen = await output(machine, 'tail --pid="$(pgrep -f frames.py)" -f /dev/null; tail -n 1 /tmp/seen');
  return Object.fromEntries(
    seen
      .trim()
      .split(' ')
      .map((word) => [word.split('=')[0], Number(word.split('=')[1])]),
  );
}

/** Of 28 shapes and one whose length is none; the longest may be more than the card sends. */
const ARRIVING_FRAMES = 26;

describe('two sandboxes of one lab at once', { concurrency: 1 }, () => {
  it('never see a frame of each other’s, whatever it claims to be; peers see theirs', async () => {
    await using first = await forkPair();
    await using second = await forkPair();
    const places = Object.entries({ first, second }).flatMap(([sandbox, { host, attacker }]) => [
      { name: `${sandbox}-host`, peer: `${sandbox}-attacker`, machine: host },
      { name: `${sandbox}-attacker`, peer: `${sandbox}-host`, machine: attacker },
    ]);
    await Promise.all(places.map(({ machine, peer }) => startRecording(machine, `end-${peer}`)));
    await Promise.all(
      places.map(({ machine, name }) => output(machine, `ip link set eth0 mtu 65535; ${frames(`send ${name}`)}`)),
    );
    // Everybody has sent by now; what would come from elsewhere is there before the end is.
    await Promise.all(places.map(({ machine, name }) => output(machine, frames(`send end-${name}`))));
    for (const { machine, name, peer } of places) {
      const seen = await recorded(machine);
      assert.deepEqual(Object.keys(seen).sort(), [peer, `end-${peer}`].sort(), `what ${name} has seen`);
      assert.ok((seen[peer] ?? 0) >= ARRIVING_FRAMES, `${name} has seen ${seen[peer]} of its peer's frames`);
    }
  });

  it('hold no network socket on the host', async () => {
    await using first = await forkPair();
    await using second = await forkPair();
    assert.ok(first && second);
    const processes = findMachineProcesses(process.pid);
    assert.equal(processes.length, 4);
    for (const pid of processes) {
      assert.deepEqual(findForeignSockets(pid), []);
      // Header and nothing else: what the jail's network namespace has is its loopback.
      assert.deepEqual(
        readFileSync(`/proc/${pid}/net/dev`, 'utf8')
          .match(/^ *\S+:/gm)
          ?.map((name) => name.trim()),
        ['lo:'],
      );
    }
  });
});

/** Without end, and under way when the script ends. */
const FLOOD = `
  setsid python3 -c '
import socket
card = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
card.bind(("eth0", 0))
while True: card.send(b"\\xff" * 12 + b"\\x88\\xb5" + b"f" * 1400)
  ' >/dev/null 2>&1 &
  until (($(cat /sys/class/net/eth0/statistics/tx_packets) > 5000)); do sleep 0.1; done
`;

it('a machine that floods the network leaves its peer’s terminal usable, and takes no memory for what is on its way', async () => {
  await using group = await forkPair();
  await output(group.attacker, FLOOD);
  const received = 'cat /sys/class/net/eth0/statistics/rx_packets';
  const before = Number(await output(group.host, received));
  const [terminal] = group.host.terminals;
  const tap = new TerminalTap(terminal ?? assert.fail());
  const memory = () => findMachineProcesses(process.pid).map(heapMib);
  const memoryBefore = memory();
  assert.ok(memoryBefore.length === 2 && memoryBefore.every((mib) => mib > 5 && mib < 400), `${memoryBefore} MiB`);
  let trips = 1000;
  const makeTrips = async () => {
    for (const end = trips + 30; trips < end; trips += 1) {
      await tap.type(`echo trip-$((${trips} + 1000))\r`);
      await tap.seen(new RegExp(`^trip-${trips + 1000}\\r?$`, 'm'));
    }
  };
  await makeTrips();
  const arrived = Number(await output(group.host, received)) - before;
  assert.ok(arrived > 1000, `only ${arrived} frames of the flood arrived`);
  // A card that is switched off takes nothing: all of it has to wait.
  await output(group.host, 'ip link set eth0 down');
  await makeTrips();
  for (const [index, after] of memory().entries()) {
    const grown = after - (memoryBefore[index] ?? 0);
    assert.ok(grown < 48, `QEMU has grown by ${grown} MiB beside its guest's memory`);
  }
});

/** Anonymous memory of a process outside its guest's: QEMU's own, translated code included. */
function heapMib(pid: number): number {
  let sum = 0;
  let isGuest = false;
  for (const line of readFileSync(`/proc/${pid}/smaps`, 'utf8').split('\n')) {
    if (/^[0-9a-f]+-[0-9a-f]+ /.test(line)) isGuest = line.endsWith('/memory');
    const [, kib] = /^Anonymous: +(\d+) kB/.exec(line) ?? [];
    if (!isGuest && kib) sum += Number(kib) / 1024;
  }
  return sum;
}
