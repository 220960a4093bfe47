import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { findListener, listeningInodes } from './listener.ts';
import { examinePort, judgeFreePort, judgeTakenPort } from './port.ts';

const address = { host: '127.0.0.1', port: 4321 };

test('a free port is good', () => {
  assert.equal(judgeFreePort(address).text, '127.0.0.1:4321 is free');
  assert.equal(judgeFreePort({ ...address, port: 0 }).text, 'any free one on 127.0.0.1 (PORT=0)');
});

test('a taken port is a lack that names who has it', () => {
  const fix = 'End it, or choose another port:\n  PORT=4322 npm start';
  assert.deepEqual(judgeTakenPort(address, { pid: 7, command: 'python3 -m' }, []), {
    level: 'lack',
    subject: 'port',
    text: '127.0.0.1:4321 is taken by python3 -m (process 7).',
    fix,
  });
  assert.deepEqual(judgeTakenPort(address, undefined, []), {
    level: 'lack',
    subject: 'port',
    text: "127.0.0.1:4321 is taken by a program of another user's.",
    fix,
  });
});

test('a port that Drydock itself serves is good', () => {
  assert.deepEqual(judgeTakenPort(address, { pid: 7, command: 'node' }, [{ pid: 7, command: 'start' }]), {
    level: 'good',
    subject: 'port',
    text: '127.0.0.1:4321 is served by Drydock already ("npm run start", process 7)',
  });
});

test('whoever listens is found, until it stops', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  assert.equal(findListener(port)?.pid, process.pid);
  const { level, text } = await examinePort({ host: '127.0.0.1', port }, []);
  assert.equal(level, 'lack');
  assert.match(text, new RegExp(`^127\\.0\\.0\\.1:${port} is taken by .*node.* \\(process ${process.pid}\\)\\.$`));
  server.close();
  await once(server, 'close');
  assert.equal(findListener(port), undefined);
});

test('an address that this computer does not have is a lack', async () => {
  assert.deepEqual(await examinePort({ host: '192.0.2.1', port: 4321 }, []), {
    level: 'lack',
    subject: 'port',
    text: 'This computer has no address "192.0.2.1": set HOST to one of its own, or leave it out for 127.0.0.1.',
    fix: 'HOST and PORT are described in docs/configuration.md.',
  });
});

test('only listeners count, not connections', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:10E1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1234 1',
    '   1: 0100007F:10E1 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 5678 1',
    '   2: 0100007F:10E2 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 9999 1',
  ].join('\n');
  assert.deepEqual(listeningInodes(table, 4321), ['1234']);
});
