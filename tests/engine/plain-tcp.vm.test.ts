import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Tryout } from '../../cli/lab/tryout.ts';
import { loadLab } from '../../labs/format/load-lab.ts';
import { readConfig } from '../../sandbox-server/config.ts';
import { openLocalMachines } from '../../sandbox-server/local-machines.ts';

/**
 * Docker's list of deprecated features has the end of plain TCP in a version long past; lesson 2 teaches what the
 * engine of the image does. Another engine may do something else, and then the lesson has to say so.
 */

const engine = await openLocalMachines({ env: process.env, config: readConfig(process.env) });
const { signal } = new AbortController();
let tryout: Tryout;

before(async () => {
  tryout = await Tryout.start(loadLab('labs/exposed-api'), engine, { signal });
});
after(async () => {
  await tryout[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

async function onDock(script: string): Promise<string> {
  const { stdout, stderr, status } = await tryout.run('dock', { script, timeoutMs: 60_000 });
  assert.equal(status, 0, stderr);
  return stdout;
}

/** What comes first when a daemon of its own starts with these arguments: the pause, or its containers. */
function firstOf(name: string, listen: string): Promise<string> {
  const own = `--data-root /tmp/${name}/data --exec-root /tmp/${name}/exec --pidfile /tmp/${name}.pid`;
  const apart = '--bridge none --iptables=false --containerd /run/containerd/containerd.sock';
  return onDock(`
    dockerd ${own} ${apart} ${listen} >/tmp/${name}.log 2>&1 &
    until grep --max-count=1 --only-matching -E 'slowed down|Loading containers' /tmp/${name}.log; do
      kill -0 $! || exit 3
      sleep 0.2
    done
    kill -KILL $!
  `);
}

test('a daemon told to listen on plain TCP says so, waits fifteen seconds, and listens', async () => {
  const journal = await onDock('journalctl --unit docker --output short-unix --no-pager');
  const at = (words: string) =>
    Number(
      journal
        .split('\n')
        .find((line) => line.includes(words))
        ?.split(' ')[0],
    );
  const paused = at('Startup is intentionally being slowed down');
  const listening = at('API is accessible on http://0.0.0.0:2375 without encryption');
  assert.ok(listening - paused >= 15, journal);
  assert.equal(await onDock('curl --silent http://127.0.0.1:2375/_ping'), 'OK');
});

test('the pause is for addresses that others can reach, and for whoever does not mention TLS', async () => {
  assert.equal(await firstOf('plain', '-H tcp://0.0.0.0:2399'), 'slowed down\n');
  assert.equal(await firstOf('meant', '-H tcp://0.0.0.0:2398 --tls=false'), 'Loading containers\n');
  assert.equal(await firstOf('local', '-H tcp://127.0.0.1:2397'), 'Loading containers\n');
});
