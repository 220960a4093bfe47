import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { AuthorState } from '../../protocol/author.ts';
import { TEST_LAB } from '../../sandbox-server/testing/test-lab.ts';
import { startTestServer } from '../../sandbox-server/testing/test-server.ts';
import { AuthorDesk } from './author-desk.ts';
import { LabShelf } from './lab-shelf.ts';

const folder = mkdtempSync(join(tmpdir(), 'labs-'));
writeFileSync(join(folder, 'index.html'), '<!doctype html>');
after(() => rmSync(folder, { recursive: true }));

/** A shelf with the test lab on it, which is in no folder. */
class TestShelf extends LabShelf {
  override get labs() {
    return new Map([[TEST_LAB.id, TEST_LAB]]);
  }
}

async function* statesOf({ body }: Response): AsyncGenerator<AuthorState> {
  let text = '';
  for await (const bytes of body ?? []) {
    text += Buffer.from(bytes).toString();
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) if (event.startsWith('data: ')) yield JSON.parse(event.slice(6)) as AuthorState;
  }
}

async function stateWhere(states: AsyncGenerator<AuthorState>, holds: (state: AuthorState) => boolean) {
  for (;;) {
    const { value, done } = await states.next();
    if (done) throw new Error('the desk said no more');
    if (holds(value)) return value;
  }
}

const EVENTS = '/author/labs/test-lab/events';
const MARKED = { kind: 'check', step: 'mark', id: 'marked' };

describe("the author's desk", () => {
  it('tells a page of every run in its sandbox, with what the learner is shown', async () => {
    using desk = new AuthorDesk({ shelf: new TestShelf(folder), templates: { of: () => null } });
    await using server = await startTestServer({ author: desk.side });
    const browser = server.browser();
    const page = await browser.open();
    await page.running();
    const states = statesOf(await fetch(server.origin + EVENTS, { headers: { cookie: browser.cookie ?? '' } }));
    const first = await stateWhere(states, ({ sandbox }) => sandbox !== null);
    assert.deepEqual(
      first.subjects.map(({ file }) => file),
      [
        ...['checks/marked.sh', 'checks/door-gone.sh', 'checks/mark-kept.sh', 'checks/asked-once.sh'],
        ...['steps/door/verdict/use.sh', 'steps/door/verdict/attack.sh'],
        ...['checks/extra-mark.sh', 'checks/last-mark.sh', 'questions/where.sh'],
      ],
    );
    assert.equal(first.sandbox?.isStale, false);
    page.send({ type: 'check', step: 'mark' });
    const { runs } = await stateWhere(states, (state) => state.runs.length > 0);
    const { startedAt, ms, ...run } = runs[0]!;
    assert.ok(startedAt > 0 && ms >= 0);
    assert.deepEqual(run, {
      ...{ subject: MARKED, machine: 'host', status: 1, stdout: 'missing path=/mark\n', stderr: '', outcome: 'failed' },
      answer: { message: 'missing', evidence: { path: '/mark' } },
      report: {
        expected: { 'zh-cn': '/mark exists（中）', en: '/mark exists' },
        seen: { 'zh-cn': 'there is no /mark（中）', en: 'there is no /mark' },
        try: { 'zh-cn': 'touch /mark（中）', en: 'touch /mark' },
      },
      detail: null,
    });
  });

  it('runs a script when the page of this site asks for it, and for no other page', async () => {
    using desk = new AuthorDesk({ shelf: new TestShelf(folder), templates: { of: () => null } });
    await using server = await startTestServer({ author: desk.side });
    const browser = server.browser();
    await (await browser.open()).running();
    const probe = (origin: string) =>
      fetch(`${server.origin}/author/labs/test-lab/probe`, {
        method: 'POST',
        headers: { origin, cookie: browser.cookie ?? '', 'content-type': 'application/json' },
        body: JSON.stringify(MARKED),
      });
    assert.equal((await probe('http://elsewhere.example')).status, 403);
    assert.equal((await probe(server.origin)).status, 202);
    const states = statesOf(await fetch(server.origin + EVENTS, { headers: { cookie: browser.cookie ?? '' } }));
    await stateWhere(states, ({ runs }) => runs[0]?.outcome === 'failed');
  });

  it('is nowhere on a server that is not started for authors', async () => {
    await using server = await startTestServer({ siteFolder: folder });
    assert.equal((await fetch(server.origin + EVENTS)).status, 404);
    const headers = { origin: server.origin, 'content-type': 'application/json' };
    for (const action of ['probe', 'reset']) {
      const path = `${server.origin}/author/labs/test-lab/${action}`;
      assert.equal((await fetch(path, { method: 'POST', headers, body: '{}' })).status, 404);
    }
  });
});
