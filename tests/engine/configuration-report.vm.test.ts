import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Tryout } from '../../cli/lab/tryout.ts';
import { loadLab } from '../../labs/format/load-lab.ts';
import { readConfig } from '../../sandbox-server/config.ts';
import { openLocalMachines } from '../../sandbox-server/local-machines.ts';

/**
 * A report on configuration, decided as docker-bench 1.6.0 decides, is no grader: lesson 7 says which of its lines have
 * nothing to do with whether anybody gets in. Here the report is put beside what the daemon of the image really does.
 */

const engine = await openLocalMachines({ env: process.env, config: readConfig(process.env) });
const { signal } = new AbortController();
let tryout: Tryout;

before(async () => {
  tryout = await Tryout.start(loadLab('labs/harden-a-host'), engine, { signal });
});
after(async () => {
  await tryout[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

async function on(machine: 'dock' | 'kali', script: string): Promise<string> {
  // A daemon that starts brings four containers up; on a busy host that takes minutes.
  const { stdout, stderr, status } = await tryout.run(machine, { script, timeoutMs: 600_000 });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

/** What the report says under a number. */
const reported = (number: string) => on('dock', `config-report | awk '$2 == "${number}"'`);

const ask = 'curl --silent --insecure --max-time 10 --output /dev/null --write-out "%{http_code}" ';
const NOT_LISTENING = '[INFO] 2.7    the daemon does not listen on TCP';

const plainFromInside = () => on('dock', `${ask} http://172.17.0.1:2375/_ping || true`);
const stranger = () => on('kali', `${ask} https://dock:2376/_ping || true`);
const thief = () => on('kali', `cd /root/kept; ${ask} --cert cert.pem --key key.pem https://dock:2376/_ping || true`);

test('2.7 sees no address in a daemon.json of several lines, whoever gets in', async () => {
  assert.equal(await reported('2.7'), NOT_LISTENING);
  assert.deepEqual([await plainFromInside(), await thief(), await stranger()], ['200', '200', '000']);
});

test('2.7 misses the verification that daemon.json asks for, once the file is one line', async () => {
  await on(
    'dock',
    'file=/etc/docker/daemon.json; jq --compact-output . $file > /tmp/one-line && cp /tmp/one-line $file',
  );
  assert.equal(await reported('2.7'), '[WARN] 2.7    TCP: no TLS');
  assert.equal(await stranger(), '000', 'nothing has changed for somebody without a certificate');
});

test('5.6 passes a mounted / that can be read only, and all of it can be read', async () => {
  assert.equal(await reported('5.6'), '[PASS] 5.6    a folder of the system mounted, writable: none');
  const seen = await on('kali', "curl --silent 'http://dock:9100/cgi-bin/read?../root/secret.txt'");
  assert.equal(seen, tryout.secrets.get('root')?.trim());
});

test('2.7 says the same of the host when nobody listens any more', async () => {
  await on(
    'dock',
    `systemctl stop docker-tcp.socket docker-tcp.service
    rm /etc/docker/daemon.json /etc/systemd/system/docker.service.d/remote.conf
    systemctl daemon-reload
    systemctl restart docker.service`,
  );
  assert.equal(await reported('2.7'), NOT_LISTENING);
  assert.deepEqual([await plainFromInside(), await thief(), await stranger()], ['000', '000', '000']);
});
