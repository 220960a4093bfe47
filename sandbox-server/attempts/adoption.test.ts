import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import type { FakeMachine } from '../machines/fake/fake-machine.ts';
import type { TestBrowser } from '../testing/test-browser.ts';
import type { TestPage } from '../testing/test-page.ts';
import { startTestServer, type TestServerOptions } from '../testing/test-server.ts';
import { ADOPTIONS_AT_ONCE } from './registry.ts';

const folder = mkdtempSync(join(tmpdir(), 'drydock-adoption-'));
after(() => rmSync(folder, { recursive: true }));
let hosts = 0;

/** A computer whose machines outlive its servers. */
function makeHost() {
  const stateFolder = join(folder, String(hosts++));
  const host = new Set<FakeMachine>();
  return {
    host,
    store: () => new DatabaseSync(join(stateFolder, 'drydock.sqlite')),
    serve: ({ driver, ...more }: TestServerOptions = {}) =>
      startTestServer({ stateFolder, driver: { host, ...driver }, ...more }),
  };
}

/** The same learner at the next server. */
function moved(browser: TestBrowser, server: { port: number; browser(): TestBrowser }): TestBrowser {
  const there = server.browser();
  there.cookie = `drydock-${server.port}=${browser.cookie?.split('=')[1]}`;
  return there;
}

const isLive = ({ phase }: { phase: { kind: string } }) => phase.kind === 'running' || phase.kind === 'ended';

async function command(page: TestPage, text: string, seen: RegExp): Promise<void> {
  page.type('alice', `${text}\r`);
  await page.shows('alice', seen);
}

describe('a sandbox whose server stopped and left it', () => {
  it('is the same for the page that comes back: every byte, keys numbered on, what holds, what was earned', async () => {
    const { host, serve } = makeHost();
    const first = await serve();
    const browser = first.browser();
    const page = await browser.open();
    const before = await page.running();
    await command(page, 'touch /mark; echo on""e', /^one\r$/m);
    await page.stateWhere(({ steps }) => steps[0]?.earned === true);
    await first.server.leave();
    assert.equal((await page.closed).code, 1001);
    assert.equal(host.size, 1);

    await using second = await serve();
    const back = await moved(browser, second).open({ continues: page });
    const { state } = await back.message('state');
    assert.deepEqual([state.sandbox?.id, state.sandbox?.epoch], [before.sandbox?.id, before.sandbox?.epoch]);
    assert.deepEqual([state.steps[0]?.earned, state.steps[0]?.checks[0]?.status], [true, 'passed']);
    assert.equal(state.terminals[0]?.input, 'touch /mark; echo on""e\r'.length);
    await command(back, 'rm /mark; echo tw""o', /^two\r$/m);
    assert.equal(back.fault, undefined);
    assert.equal(back.snapshots('alice'), 0, 'it goes on where the page stood');
    assert.equal(back.text('alice').match(/^one\r$/gm)?.length, 1);
    await back.stateWhere(({ steps }) => steps[0]?.checks[0]?.status === 'lapsed');
    assert.equal(host.size, 1);
  });

  it('still knows its secrets and its deadline', async () => {
    const { host, serve } = makeHost();
    const asked: (string | undefined)[] = [];
    const driver = {
      answer: async ({ env }: { env?: Readonly<Record<string, string>> }) => {
        if (env?.DRYDOCK_SECRET_DOOR_KEY !== undefined) asked.push(env.DRYDOCK_SECRET_DOOR_KEY);
        return undefined;
      },
    };
    const config = { sandboxLifetimeMs: 600_000, extensionMs: 300_000, sandboxMaxLifetimeMs: 900_000 };
    const first = await serve({ driver, config });
    const browser = first.browser();
    const page = await browser.open();
    await page.running();
    page.send({ type: 'extend' });
    await page.stateWhere(({ sandbox }) => sandbox?.extensionMs === 0);
    await first.server.leave();
    await using second = await serve({ driver, config });
    const back = await moved(browser, second).open({ resume: page.resume });
    const { sandbox } = await back.running();
    assert.equal(sandbox?.extensionMs, 0);
    assert.ok((sandbox?.remainingMs ?? 0) > 800_000);
    back.send({ type: 'check', step: 'door' });
    await back.stateWhere(({ steps }) => steps[1]?.checks[0]?.status === 'failed');
    const [machine] = host;
    assert.equal(asked.at(-1), machine?.files.get('/door'));
  });

  it('is there at once for whoever opens the lab anew, and takes its room', async () => {
    const { host, serve } = makeHost();
    const first = await serve();
    const browsers = [first.browser(), first.browser()];
    for (const browser of browsers) await (await browser.open()).running();
    await first.server.leave();
    await using second = await serve({ config: { maxSandboxes: 1 } });
    const [mine] = browsers;
    assert.ok(mine);
    const back = await moved(mine, second).open();
    await back.running();
    const stranger = await second.browser().open();
    await stranger.stateWhere(({ phase }) => phase.kind === 'queued');
    back.send({ type: 'stop' });
    await back.stateWhere(({ phase }) => phase.kind === 'ended');
    assert.equal(stranger.state?.phase.kind, 'queued', 'two lived where one fits: one end makes no room');
    for (const machine of host) machine.kill();
    await stranger.running();
  });

  it('whose machine has ended meanwhile is told as lost with its server, with its progress, and frees its room', async () => {
    const { host, serve } = makeHost();
    const first = await serve();
    const browser = first.browser();
    const page = await browser.open();
    await page.running();
    await command(page, 'touch /mark; echo on""e', /^one\r$/m);
    await page.stateWhere(({ steps }) => steps[0]?.earned === true);
    await first.server.leave();
    for (const machine of host) machine.kill();
    await using second = await serve({ config: { maxSandboxes: 1 } });
    const back = await moved(browser, second).open({ resume: page.resume });
    const state = await back.stateWhere(isLive);
    assert.deepEqual([state.phase, state.steps[0]?.earned], [{ kind: 'ended', reason: 'server' }, true]);
    back.send({ type: 'reset' });
    assert.equal((await back.running()).sandbox?.epoch, 2);
  });

  it('that cannot be adopted is ended, and the server starts all the same', async () => {
    const { host, serve, store } = makeHost();
    const first = await serve();
    const browsers = [first.browser(), first.browser()];
    const pages = await Promise.all(browsers.map((browser) => browser.open()));
    for (const page of pages) await page.running();
    await first.server.leave();
    {
      using db = store();
      db.exec(`UPDATE sandboxes SET record = '{"version":99}' WHERE rowid = 1`);
    }
    await using second = await serve();
    const kinds = await Promise.all(
      browsers.map(async (browser, index) => {
        const page = await moved(browser, second).open({ resume: pages[index]?.resume ?? null });
        return (await page.stateWhere(isLive)).phase.kind;
      }),
    );
    assert.deepEqual(kinds.toSorted(), ['ended', 'running']);
    using db = store();
    assert.equal(db.prepare('SELECT count(*) AS count FROM sandboxes').get()?.count, 1);
    assert.equal(host.size, 2, 'what no record names ends at its time');
  });

  it('whose record is of another version is ended with its machine, and one line of the log says so', async () => {
    const { host, serve, store } = makeHost();
    const first = await serve();
    const browsers = [first.browser(), first.browser(), first.browser()];
    const pages = await Promise.all(browsers.map((browser) => browser.open()));
    for (const page of pages) await page.running();
    await first.server.leave();
    {
      using db = store();
      // One as a whole, one only in what its driver finds it by.
      db.exec(`UPDATE sandboxes SET record = json_object('version', 99, 'vms', json(record)) WHERE rowid = 1`);
      db.exec(`UPDATE sandboxes SET record = json_set(record, '$.machines.host.driver', 'newer') WHERE rowid = 2`);
    }
    const lines: string[] = [];
    await using second = await serve({
      driver: { understands: ({ driver }) => driver === 'fake' },
      onLog: (line) => lines.push(line),
    });
    const kinds = await Promise.all(
      browsers.map(async (browser, index) => {
        const page = await moved(browser, second).open({ resume: pages[index]?.resume ?? null });
        return (await page.stateWhere(isLive)).phase.kind;
      }),
    );
    assert.deepEqual([kinds.toSorted(), host.size], [['ended', 'ended', 'running'], 1]);
    const told = lines.map((line) => JSON.parse(line)).filter(({ machines }) => typeof machines === 'number');
    assert.deepEqual(told.map(({ msg, machines }) => [msg, machines]).toSorted(), [
      ['a sandbox of an earlier server could not be adopted', 1],
      ['sandboxes of an earlier server were ended', 1],
    ]);
    assert.equal(told.find(({ why }) => why)?.why, 'their records are of another version of Drydock');
    using db = store();
    assert.equal(db.prepare('SELECT count(*) AS count FROM sandboxes').get()?.count, 1);
  });

  it('is adopted with a few others at a time, however many were left', async () => {
    const { host, serve } = makeHost();
    const config = { maxSandboxes: 30, sandboxesPerAddress: 30 };
    const first = await serve({ config });
    const pages = await Promise.all(Array.from({ length: 2 * ADOPTIONS_AT_ONCE + 1 }, () => first.browser().open()));
    for (const page of pages) await page.running();
    await first.server.leave();
    const at = { once: 0, most: 0 };
    const beforeAdopt = async () => {
      at.once += 1;
      at.most = Math.max(at.most, at.once);
      await new Promise(setImmediate);
      at.once -= 1;
    };
    await using _second = await serve({ config, driver: { beforeAdopt } });
    assert.deepEqual([at.most, host.size], [ADOPTIONS_AT_ONCE, pages.length]);
  });

  it('can be stopped while it is still being found', async () => {
    const { host, serve } = makeHost();
    const first = await serve();
    const browser = first.browser();
    const page = await browser.open();
    await page.running();
    await first.server.leave();
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    await using second = await serve({ driver: { beforeAdopt: () => gate }, adoptionPatienceMs: 0 });
    const back = await moved(browser, second).open({ resume: page.resume });
    await back.stateWhere(({ phase }) => phase.kind === 'starting');
    back.send({ type: 'stop' });
    await back.stateWhere(({ phase }) => phase.kind === 'ended');
    open();
    while (host.size > 0) await new Promise(setImmediate);
  });
});

describe('a server', () => {
  it('that ends leaves no machine and nothing to adopt', async () => {
    const { host, serve, store } = makeHost();
    {
      await using server = await serve();
      await (await server.browser().open()).running();
      assert.equal(host.size, 1);
    }
    assert.equal(host.size, 0);
    using db = store();
    assert.equal(db.prepare('SELECT count(*) AS count FROM sandboxes').get()?.count, 0);
  });

  it('whose store cannot be written makes machines that do not outlive it', async () => {
    const { host, serve, store } = makeHost();
    const server = await serve();
    {
      using db = store();
      db.exec("CREATE TRIGGER full BEFORE INSERT ON sandboxes BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
    }
    await (await server.browser().open()).running();
    assert.equal(host.size, 1);
    await server.server.leave();
    assert.equal(host.size, 0);
  });

  it('is refused beside another one with the same store', async () => {
    const { serve } = makeHost();
    await using _first = await serve();
    await assert.rejects(serve(), { code: 'state-in-use', message: /^Another server uses .* Stop that one first, or/ });
  });
});
