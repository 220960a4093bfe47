import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { CLOSE_CODES } from '../../protocol/close-codes.ts';
import { encodeFrame } from '../../protocol/frames.ts';
import { INPUT_BUFFER_BYTES, MAX_FRAME_BYTES, PROTOCOL_VERSION } from '../../protocol/limits.ts';
import type { TestBrowser } from '../testing/test-browser.ts';
import { TestPage } from '../testing/test-page.ts';
import { startTestServer } from '../testing/test-server.ts';

/** A socket that got through the upgrade, with a ticket it has not used. */
async function connect(browser: TestBrowser) {
  const ticket = await browser.ticket();
  const page = new TestPage(browser.socket());
  await once(page.socket, 'open');
  return { page, hello: { type: 'hello', protocol: PROTOCOL_VERSION, ticket, page: 'p', resume: null } as const };
}

describe('a connection', () => {
  it('answers hello with the whole state, then with the output', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open();
    await page.shows('alice', /alice@dock:~\$ $/);
    const state = await page.running();
    assert.deepEqual(
      state.terminals.map(({ id, user, machine, status }) => [id, user, machine, status]),
      [
        ['alice', 'alice', 'host', 'open'],
        ['root', 'root', 'host', 'open'],
      ],
    );
    assert.deepEqual(
      state.steps.map(({ id, earned, verdict }) => [id, earned, ...verdict.map(({ status }) => status)]),
      [
        ['mark', false],
        ['door', false, 'pending', 'pending'],
        ['extra', false],
        ['last', false],
      ],
    );
    assert.equal(page.messages[0]?.type, 'state');
  });

  it('runs what is typed and says how much of it the machine has applied', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open();
    await page.running();
    page.type('root', 'id -un\r');
    await page.shows('root', /^root\r$/m);
    assert.equal((await page.message('inputAck')).offset, 'id -un\r'.length);
  });

  it('opens a new shell in a closed terminal', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open();
    await page.running();
    page.type('alice', 'exit\r');
    await page.stateWhere(({ terminals }) => terminals[0]?.status === 'closed');
    page.send({ type: 'login', terminal: 'alice' });
    await page.stateWhere(({ terminals }) => terminals[0]?.status === 'open');
    page.type('alice', 'echo ba""ck\r');
    await page.shows('alice', /^back\r$/m);
  });

  it('passes the size of the window on to the machine', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open();
    await page.running();
    page.send({ type: 'resize', terminal: 'alice', cols: 120, rows: 40 });
    page.type('alice', 'echo sen""t\r');
    await page.shows('alice', /^sent\r$/m);
    const [machine] = server.driver.machines;
    assert.deepEqual(machine?.terminals[0]?.sizes, [{ cols: 120, rows: 40 }]);
  });

  it('gives hints one by one, and the solution', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open();
    page.send({ type: 'hint', step: 'mark', index: 1 });
    const hint = await page.message('hint');
    assert.deepEqual([hint.index, hint.total, hint.text.en], [1, 2, 'mark: a strong hint']);
    page.send({ type: 'solution', step: 'mark' });
    assert.deepEqual((await page.message('solution')).lines, [{ terminal: 'alice', command: 'touch /mark' }]);
  });

  it('has answers marked by the machine as it is at that moment', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open();
    await page.running();
    const answered = (status: string) => page.stateWhere(({ questions }) => questions[0]?.status === status);
    page.send({ type: 'answer', question: 'where', answer: 'there' });
    const wrong = (await answered('failed')).questions[0];
    assert.deepEqual([wrong?.answer, wrong?.report?.seen.en, wrong?.because], ['there', 'not there', undefined]);
    page.type('root', 'touch /moved; echo mo""ved\r');
    await page.shows('root', /^moved\r$/m);
    page.send({ type: 'answer', question: 'where', answer: 'there' });
    const right = (await answered('passed')).questions[0];
    assert.deepEqual([right?.answer, right?.report, right?.because?.en], ['there', null, 'it is there']);
    page.send({ type: 'stop' });
    await page.stateWhere(({ phase }) => phase.kind === 'ended');
    page.send({ type: 'answer', question: 'how-many', answer: '660' });
    assert.equal((await page.message('error')).error.code, 'no-machine');
  });

  it('answers what cannot be had with a code, a message and a hint', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open();
    page.send({ type: 'hint', step: 'mark', index: 7 });
    const { error } = await page.message('error');
    assert.equal(error.code, 'hint-unknown');
    assert.equal(error.message.en, 'This step has no further hint.');
    assert.equal(error.hint.en, 'You can look at the solution.');
    assert.equal(error.message['zh-cn'], '这一步没有更多提示了。');
  });

  it('is told that the server goes away', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open();
    await page.running();
    await server.server[Symbol.asyncDispose]();
    assert.deepEqual(await page.closed, { code: CLOSE_CODES.goingAway.code, reason: 'goingAway' });
  });

  it('gets heartbeats, and is closed when it stops answering pings', async () => {
    await using server = await startTestServer({ heartbeatIntervalMs: 20 });
    const browser = server.browser();
    const { page, hello } = await connect(browser);
    page.send(hello);
    await page.message('heartbeat');
    const deaf = new TestPage(browser.socket({}, { autoPong: false }));
    assert.equal((await deaf.closed).code, CLOSE_CODES.heartbeatLost.code);
    assert.equal(page.socket.readyState, page.socket.OPEN);
  });
});

describe('a connection that misbehaves is closed with its code, and nobody else is', () => {
  const cases: readonly {
    readonly title: string;
    readonly code: number;
    act(context: Awaited<ReturnType<typeof connect>> & { browser: TestBrowser }): Promise<void>;
  }[] = [
    {
      title: 'another message before hello',
      code: CLOSE_CODES.badMessage.code,
      act: async ({ page }) => page.send({ type: 'reset' }),
    },
    {
      title: 'input before hello',
      code: CLOSE_CODES.badMessage.code,
      act: async ({ page }) => {
        const bytes = Buffer.from('x');
        page.socket.send(encodeFrame({ kind: 'input', terminal: 0, epoch: 1, offset: 0, bytes }));
      },
    },
    {
      title: 'a ticket nobody issued',
      code: CLOSE_CODES.badTicket.code,
      act: async ({ page, hello }) => page.send({ ...hello, ticket: 'A'.repeat(43) }),
    },
    {
      title: 'a ticket used twice',
      code: CLOSE_CODES.badTicket.code,
      act: async ({ page, hello, browser }) => {
        const first = new TestPage(browser.socket());
        await once(first.socket, 'open');
        first.send(hello);
        await first.running();
        page.send(hello);
      },
    },
    {
      title: 'a second hello',
      code: CLOSE_CODES.badMessage.code,
      act: async ({ page, hello, browser }) => {
        page.send(hello);
        await page.running();
        page.send({ ...hello, ticket: await browser.ticket() });
      },
    },
    {
      title: 'another protocol version, whatever else its hello says',
      code: CLOSE_CODES.versionMismatch.code,
      act: async ({ page }) => {
        page.socket.send(JSON.stringify({ type: 'hello', protocol: PROTOCOL_VERSION + 1, newField: true }));
      },
    },
    {
      title: 'something that is not JSON',
      code: CLOSE_CODES.badMessage.code,
      act: async ({ page }) => page.socket.send('{"type":'),
    },
    {
      title: 'an unknown field',
      code: CLOSE_CODES.badMessage.code,
      act: async ({ page, hello }) => page.socket.send(JSON.stringify({ ...hello, admin: true })),
    },
    {
      title: 'a frame that is too large',
      code: CLOSE_CODES.tooLarge.code,
      act: async ({ page }) => page.socket.send(Buffer.alloc(MAX_FRAME_BYTES + 1)),
    },
    {
      title: 'more input than the machine can take in',
      code: CLOSE_CODES.tooLarge.code,
      act: async ({ page, hello }) => {
        page.send(hello);
        await page.running();
        page.sendInput('alice', 0, Buffer.alloc(INPUT_BUFFER_BYTES + 1, 'x'));
      },
    },
    {
      title: 'input with a gap before it',
      code: CLOSE_CODES.badMessage.code,
      act: async ({ page, hello }) => {
        page.send(hello);
        await page.running();
        page.sendInput('alice', 5, Buffer.from('x'));
      },
    },
    {
      title: 'an acknowledgement of output that was never sent',
      code: CLOSE_CODES.badMessage.code,
      act: async ({ page, hello }) => {
        page.send(hello);
        await page.running();
        page.send({ type: 'ack', epoch: 1, terminal: 'alice', offset: 1_000_000 });
      },
    },
    {
      title: 'a flood of messages',
      code: CLOSE_CODES.tooFast.code,
      act: async ({ page, hello }) => {
        page.send(hello);
        await page.running();
        for (let count = 0; count < 5_000; count += 1)
          page.send({ type: 'resize', terminal: 'alice', cols: 80, rows: 24 });
      },
    },
  ];

  for (const { title, code, act } of cases) {
    it(title, async () => {
      await using server = await startTestServer();
      const neighbour = await server.browser().open();
      await neighbour.running();
      const browser = server.browser();
      const { page, hello } = await connect(browser);
      await act({ page, hello, browser });
      assert.equal((await page.closed).code, code);
      neighbour.type('alice', 'echo st""ill\r');
      await neighbour.shows('alice', /^still\r$/m);
      assert.equal(neighbour.fault, undefined);
    });
  }

  it('saying nothing at all', async () => {
    await using server = await startTestServer({ config: { helloTimeoutMs: 30 } });
    const { page } = await connect(server.browser());
    assert.deepEqual(await page.closed, { code: CLOSE_CODES.helloTimeout.code, reason: 'helloTimeout' });
  });

  it('a ticket that is too old', async () => {
    await using server = await startTestServer({ config: { ticketLifetimeMs: 0 } });
    const { page, hello } = await connect(server.browser());
    page.send(hello);
    assert.equal((await page.closed).code, CLOSE_CODES.badTicket.code);
  });

  it("another learner's ticket", async () => {
    await using server = await startTestServer();
    const { hello } = await connect(server.browser());
    const thief = await connect(server.browser());
    thief.page.send(hello);
    assert.equal((await thief.page.closed).code, CLOSE_CODES.badTicket.code);
  });
});
