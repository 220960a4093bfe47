import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { TestBrowser } from './testing/test-browser.ts';

const state = mkdtempSync(join(tmpdir(), 'drydock-main-'));
after(() => rmSync(state, { recursive: true }));

function start(env: Record<string, string>): ChildProcess {
  const base = { PATH: process.env.PATH, DRIVER: 'fake', PORT: '0', XDG_STATE_HOME: state };
  return spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], { env: { ...base, ...env } });
}

async function origin({ stdout }: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: stdout! })) {
    const { msg, origin } = JSON.parse(line) as { msg: string; origin: string };
    if (msg === 'ready') return origin;
  }
  throw new Error('the server ended before it was ready');
}

async function failure(env: Record<string, string>): Promise<string> {
  const child = start(env);
  let text = '';
  child.stderr?.on('data', (data) => {
    text += data;
  });
  const [status] = await once(child, 'close');
  assert.equal(status, 1);
  return text;
}

describe('the server as a program', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`ends with status 0 on ${signal}, and tells the pages`, async () => {
      const child = start({});
      const page = await new TestBrowser({ origin: await origin(child), lab: 'docker-group' }).open();
      await page.running();
      child.kill(signal);
      const [[status]] = await Promise.all([once(child, 'close'), page.closed]);
      assert.equal(status, 0);
      assert.equal((await page.closed).code, 1001);
    });
  }

  it('leaves its machines on SIGTERM when told to keep them, and ends them on Ctrl-C all the same', async () => {
    for (const [signal, kept] of [
      ['SIGTERM', 1],
      ['SIGINT', 0],
    ] as const) {
      const child = start({ ON_STOP: 'keep' });
      await (await new TestBrowser({ origin: await origin(child), lab: 'docker-group' }).open()).running();
      child.kill(signal);
      assert.equal((await once(child, 'close'))[0], 0);
      using store = new DatabaseSync(join(state, 'drydock/drydock.sqlite'));
      assert.equal(store.prepare('SELECT count(*) AS count FROM sandboxes').get()?.count, kept);
    }
  });

  it('says which settings are wrong and stops', async () => {
    assert.match(
      await failure({ PORT: 'x' }),
      /^Drydock cannot start: one setting is not allowed\.\n {2}- PORT is "x"/,
    );
  });

  it('says that its port is taken and what to do', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as { port: number };
    const text = await failure({ PORT: String(port) });
    squatter.close();
    assert.equal(
      text,
      `Port ${port} is taken: another program, perhaps another Drydock, listens on 127.0.0.1:${port}. End it, or ` +
        `choose another port: PORT=${port + 1} npm start\n`,
    );
  });

  it('does not pretend to have real machines', async () => {
    assert.match(
      await failure({ DRIVER: 'local' }),
      /^Real machines need an image first: start the server with "npm start"/,
    );
  });
});
