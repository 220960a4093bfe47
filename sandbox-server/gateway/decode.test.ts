import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeFrame } from '../../protocol/frames.ts';
import { PROTOCOL_VERSION } from '../../protocol/limits.ts';
import { decode } from './decode.ts';

const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));
const MAX_OFFSET = 2 ** 48 - 1;

const terminal = fc.stringMatching(/^[a-z0-9-]{1,64}$/);
const place = fc.record({ offset: fc.nat(), size: fc.nat() });
const messages = fc.oneof(
  fc.record({
    type: fc.constant('ack'),
    epoch: fc.nat(),
    terminal,
    offset: fc.nat(),
  }),
  fc.record({
    type: fc.constant('resize'),
    terminal,
    cols: fc.integer({ min: 2, max: 500 }),
    rows: fc.integer({ min: 2, max: 300 }),
  }),
  fc.record({ type: fc.constantFrom('reset', 'extend', 'stop', 'focus') }),
  fc.record({ type: fc.constant('hint'), step: terminal, index: fc.nat() }),
  fc.record({
    type: fc.constant('hello'),
    protocol: fc.constant(PROTOCOL_VERSION),
    ticket: fc.string({ maxLength: 128 }),
    page: terminal,
    resume: fc.option(
      fc.record({ sandbox: terminal, outputs: fc.dictionary(terminal, place, { noNullPrototype: true }) }),
    ),
  }),
);

describe('the decoder', () => {
  it('gives back every frame a page can send', () => {
    fc.assert(
      fc.property(
        fc.record({
          terminal: fc.nat({ max: 255 }),
          epoch: fc.nat({ max: 65_535 }),
          offset: fc.integer({ min: 0, max: MAX_OFFSET }),
          bytes: fc.uint8Array({ maxLength: 512 }),
        }),
        (frame) => {
          const decoded = decode(encodeFrame({ kind: 'input', ...frame }), true);
          assert.ok(decoded.kind === 'input');
          assert.deepEqual(
            { ...decoded.frame, bytes: [...decoded.frame.bytes] },
            {
              ...{ kind: 'input', ...frame },
              bytes: [...frame.bytes],
            },
          );
        },
      ),
    );
  });

  it('gives back every message a page can send', () => {
    fc.assert(
      fc.property(messages, (message) => {
        assert.deepEqual(decode(bytesOf(message), false), {
          kind: 'message',
          message: JSON.parse(JSON.stringify(message)),
        });
      }),
    );
  });

  it('never throws, and never takes bytes for what they are not, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_048 }), fc.boolean(), (bytes, isBinary) => {
        const { kind } = decode(bytes, isBinary);
        assert.ok(kind === 'refused' || kind === (isBinary ? 'input' : 'message'));
        if (isBinary && bytes[0] !== 2) assert.equal(kind, 'refused');
      }),
      { numRuns: 2_000 },
    );
  });

  it('never throws on JSON of any shape', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const decoded = decode(Buffer.from(json), false);
        assert.deepEqual(decoded, { kind: 'refused', reason: 'badMessage' });
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses a message with one field changed into anything else', () => {
    const change = fc.tuple(messages, fc.nat(), fc.anything({ withBigInt: false }));
    fc.assert(
      fc.property(change, ([message, which, value]) => {
        const keys = Object.keys(message);
        const changed = { ...message, [keys[which % keys.length] ?? 'type']: value };
        const decoded = decode(Buffer.from(JSON.stringify(changed) ?? ''), false);
        if (decoded.kind === 'message') assert.deepEqual(decoded.message, JSON.parse(JSON.stringify(changed)));
        else assert.equal(decoded.kind, 'refused');
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not let a name reach an object’s prototype', () => {
    const text = `{"type":"hello","protocol":${PROTOCOL_VERSION},"ticket":"t","page":"p","resume":{"sandbox":"s","outputs":{"__proto__":{"offset":1,"size":0}}}}`;
    const decoded = decode(Buffer.from(text), false);
    assert.ok(decoded.kind === 'message' && decoded.message.type === 'hello');
    assert.equal('offset' in (decoded.message.resume?.outputs ?? {}), false);
    assert.equal(Object.hasOwn(Object.prototype, 'offset'), false);
  });
});
