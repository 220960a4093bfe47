import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TEST_LAB } from '../testing/test-lab.ts';
import { startTestServer } from '../testing/test-server.ts';
import { Shares } from './shares.ts';

const OTHER_LAB = { ...TEST_LAB, id: 'other-lab' };

describe('shares', () => {
  it('are limited by learner and by address, each by itself, and nothing is kept of those given back', () => {
    const shares = new Shares({ sandboxesPerLearner: 2, sandboxesPerAddress: 3 });
    const take = (learner: string, address?: string) => shares.take({ learner, address });
    const held = [take('ann', 'a'), take('ann', 'a'), take('bob', 'a')];
    assert.throws(() => take('ann', 'b'), { code: 'too-many-sandboxes' });
    assert.throws(() => take('cat', 'a'), { code: 'too-many-from-address' });
    held.push(take('cat', 'b'), take('dan'));
    held[0]?.[Symbol.dispose]();
    held[0]?.[Symbol.dispose]();
    held.push(take('cat', 'a'));
    assert.throws(() => take('dan', 'a'), { code: 'too-many-from-address' });
    for (const share of held) share[Symbol.dispose]();
    assert.equal(shares.size, 0);
  });
});

describe('a server', () => {
  it('refuses a learner more sandboxes than one may have, until one is given back', async () => {
    await using server = await startTestServer({
      ...{ labs: [TEST_LAB, OTHER_LAB], config: { sandboxesPerLearner: 1 } },
    });
    const browser = server.browser();
    const page = await browser.open();
    await page.running();
    const refused = await browser.post({ lab: OTHER_LAB.id });
    assert.equal(refused.status, 429);
    assert.equal(((await refused.json()) as { error: { code: string } }).error.code, 'too-many-sandboxes');
    // The page that has its machine is not refused another look at it.
    await (await browser.open()).running();
    page.send({ type: 'stop' });
    await page.stateWhere(({ phase }) => phase.kind === 'ended');
    assert.equal((await browser.post({ lab: OTHER_LAB.id })).status, 200);
  });

  it('does not count a sandbox that is still being ended, which has its room until it is gone', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const beforeFork = async () => {
      ask();
      await gate;
    };
    const config = { sandboxesPerLearner: 1, sandboxesPerAddress: 1, maxSandboxes: 1 };
    await using server = await startTestServer({ driver: { beforeFork }, config });
    const page = await server.browser().open();
    await asked;
    page.send({ type: 'stop' });
    await page.stateWhere(({ phase }) => phase.kind === 'ended');
    page.send({ type: 'reset' });
    const refused = page.message('error').then(({ error }) => assert.fail(`it was refused: ${error.code}`));
    await Promise.race([page.stateWhere(({ phase }) => phase.kind === 'queued'), refused]);
    assert.equal((await server.browser().post()).status, 429, 'the new one counts');
    open();
    await page.running();
    assert.equal(server.driver.machines.size, 1);
  });

  it('refuses an address that throws its cookies away, and tells a page whose ticket came before', async () => {
    await using server = await startTestServer({ config: { sandboxesPerAddress: 1 } });
    const [first, second] = [server.browser(), server.browser()];
    const tickets = [await first.ticket(), await second.ticket()];
    assert.ok(tickets[1]);
    const page = await first.open();
    await page.running();
    assert.equal((await server.browser().post()).status, 429);
    const late = await second.open({ ticket: tickets[1] });
    const { error } = await late.message('error');
    assert.equal(error.code, 'too-many-from-address');
    await late.stateWhere(({ phase }) => phase.kind === 'ended');
    late.send({ type: 'reset' });
    await late.until(() => late.messages.filter(({ type }) => type === 'error').length === 2);
    assert.equal(server.driver.machines.size, 1);
  });

  it('counts places in the queue, and frees those that are left', async () => {
    await using server = await startTestServer({ config: { sandboxesPerAddress: 2, maxSandboxes: 1 } });
    const page = await server.browser().open();
    await page.running();
    const waiting = await server.browser().open();
    await waiting.stateWhere(({ phase }) => phase.kind === 'queued');
    assert.equal((await server.browser().post()).status, 429);
    waiting.send({ type: 'stop' });
    await waiting.stateWhere(({ phase }) => phase.kind === 'ended');
    while ((await server.browser().post()).status !== 200);
  });
});
