import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TerminalFrame } from '../../../protocol/frames.ts';
import { ACK_EVERY_BYTES } from '../../../protocol/limits.ts';
import type { AttemptState } from '../../../protocol/state.ts';
import type { Link, LinkListener, LinkMessage } from '../link/link.ts';
import { Session } from './session.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);

interface StateOptions {
  readonly sandbox?: string;
  readonly epoch?: number;
  readonly input?: number;
}

function state({ sandbox = 's1', epoch = 1, input = 0 }: StateOptions = {}): AttemptState {
  return {
    lab: 'docker-group',
    phase: { kind: 'running' },
    sandbox: { id: sandbox, epoch, remainingMs: 60_000, extensionMs: 0 },
    terminals: [{ id: 'alice', machine: 'host', user: 'alice', status: 'open', input }],
    preparing: null,
    steps: [],
    impairments: [],
    questions: [],
    map: null,
  };
}

/** A link that keeps what the session sends, and plays the server. */
function open({ returnsTo = null }: { returnsTo?: string | null } = {}) {
  const sent: LinkMessage[] = [];
  const input: TerminalFrame[] = [];
  const shown: string[] = [];
  let isOpen = true;
  const link: Link = {
    connect: () => {},
    close: () => {},
    send: (message) => isOpen && sent.push(message) > 0,
    sendFrame: (frame) => isOpen && input.push(frame) > 0,
  };
  const session = new Session({
    lab: 'docker-group',
    returnsTo,
    openLink: (_listener: LinkListener) => link,
    listener: {
      changed: () => {},
      sandboxChanged: () => shown.push('<new sandbox>'),
      output: (terminal, output) => shown.push(`${terminal}: ${text(output.bytes)}`),
      beginsAnew: (terminal, { cols, rows }) => shown.push(`${terminal}: <empty ${cols} × ${rows}>`),
      snapshot: (terminal, snapshot) => shown.push(`${terminal}: <${text(snapshot)}>`),
      resized: (terminal, { cols, rows }) => shown.push(`${terminal}: <${cols} × ${rows}>`),
      answer: () => {},
    },
  });
  const receive = (next: AttemptState) => {
    session.message({ type: 'state', state: next });
    isOpen = true;
    session.status({ kind: 'open' });
  };
  const drop = () => {
    isOpen = false;
    session.status({ kind: 'waiting', retryAt: 0, shown: null });
  };
  const size = { cols: 80, rows: 24 };
  const begin = ({ offset = 0, number = 0, bytes: length = 0 } = {}) =>
    session.message({ type: 'screen', epoch: 1, terminal: 'alice', offset, size: number, ...size, bytes: length });
  const resize = (offset: number, number: number) =>
    session.message({ type: 'size', epoch: 1, terminal: 'alice', offset, size: number, cols: 100, rows: 30 });
  const snapshot = (data: string) =>
    session.frame({ kind: 'screen', terminal: 0, epoch: 1, offset: 0, bytes: bytes(data) });
  const output = (offset: number, data: string, epoch = 1) =>
    session.frame({ kind: 'output', terminal: 0, epoch, offset, bytes: bytes(data) });
  /** As the WebSocket link does: it may send again before the state is handed over. */
  const reconnect = (next: AttemptState) => {
    isOpen = true;
    receive(next);
  };
  return { session, sent, input, shown, receive, drop, reconnect, output, begin, resize, snapshot };
}

const resumeOf = ({ session }: ReturnType<typeof open>) => session.introduce().resume;

test('a page that has nothing asks for everything, one that returns names its sandbox', () => {
  assert.equal(resumeOf(open()), null);
  assert.deepEqual(resumeOf(open({ returnsTo: 's0' })), { sandbox: 's0', outputs: {} });
});

test('a page has one name over all of its connections, and no other page has it', () => {
  const { session } = open();
  assert.equal(session.introduce().page, session.introduce().page);
  assert.notEqual(session.introduce().page, open().session.introduce().page);
});

test('a reconnect asks for what comes after the last byte and size, and a repeated chunk is shown once', () => {
  const page = open();
  const { shown, receive, drop, reconnect, output, begin, resize } = page;
  receive(state());
  begin();
  output(0, '$ ');
  resize(2, 1);
  drop();
  assert.deepEqual(resumeOf(page), { sandbox: 's1', outputs: { alice: { offset: 2, size: 1 } } });
  reconnect(state());
  resize(2, 1);
  output(0, '$ ls');
  assert.deepEqual(shown.slice(2), ['alice: $ ', 'alice: <100 × 30>', 'alice: ls']);
});

test('what was typed while the connection was gone is sent once it is back, from where the machine stopped', () => {
  const { session, input, receive, drop, reconnect } = open();
  receive(state());
  session.type('alice', bytes('id\r'));
  drop();
  session.type('alice', bytes('ls\r'));
  input.length = 0;
  session.message({ type: 'inputAck', epoch: 1, terminal: 'alice', offset: 3 });
  reconnect(state());
  assert.deepEqual(
    input.map((frame) => [frame.offset, text(frame.bytes)]),
    [[3, 'ls\r']],
  );
});

test('input of an old sandbox is never sent to a new one', () => {
  const { session, input, receive, drop, reconnect, shown } = open();
  receive(state());
  drop();
  session.type('alice', bytes('rm -rf /\r'));
  input.length = 0;
  reconnect(state({ sandbox: 's2', epoch: 2 }));
  assert.deepEqual(input, []);
  assert.equal(shown.at(-1), '<new sandbox>');
});

test('output of an older sandbox is dropped', () => {
  const { shown, receive, output } = open();
  receive(state({ sandbox: 's2', epoch: 2 }));
  output(0, 'late', 1);
  assert.deepEqual(shown, ['<new sandbox>']);
});

test('output is acknowledged when it was parsed, not when it arrived', () => {
  const { session, sent, receive, output, begin } = open();
  receive(state());
  begin();
  output(0, 'x'.repeat(ACK_EVERY_BYTES));
  assert.deepEqual(sent, []);
  session.parsed('alice', { end: ACK_EVERY_BYTES, epoch: 1 });
  assert.deepEqual(sent, [{ type: 'ack', epoch: 1, terminal: 'alice', offset: ACK_EVERY_BYTES }]);
});

test('a snapshot takes the place of what there was, and output goes on behind it', () => {
  const { shown, receive, output, begin, snapshot } = open();
  receive(state());
  begin();
  output(0, 'old');
  begin({ offset: 500, number: 3, bytes: 6 });
  snapshot('screen');
  output(500, 'new');
  assert.deepEqual(shown.slice(2), ['alice: old', 'alice: <empty 80 × 24>', 'alice: <screen>', 'alice: new']);
});

test('half a snapshot is asked for again as a whole', () => {
  const page = open();
  const { receive, begin, snapshot } = page;
  receive(state());
  begin({ offset: 500, bytes: 6 });
  snapshot('scr');
  assert.deepEqual(resumeOf(page), { sandbox: 's1', outputs: {} });
  snapshot('een');
  assert.deepEqual(resumeOf(page), { sandbox: 's1', outputs: { alice: { offset: 500, size: 0 } } });
});

test('a reset loses something only once somebody typed', () => {
  const { session, receive } = open();
  receive(state());
  assert.equal(session.touched, false);
  session.type('alice', bytes('i'));
  assert.equal(session.touched, true);
});

test('a sandbox that somebody used from another page counts as touched', () => {
  const { session, receive } = open();
  receive(state({ input: 7 }));
  assert.equal(session.touched, true);
});

test('the time left runs down between states', () => {
  const { session, receive } = open();
  receive(state());
  assert.equal(session.remainingMs(Date.now() + 3_600_000), 0);
  assert.ok((session.remainingMs(Date.now()) ?? 0) > 59_000);
});
