import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { clientMessageSchema } from '../../protocol/client-messages.ts';
import { CLOSE_CODES } from '../../protocol/close-codes.ts';
import { FRAME_HEADER_BYTES } from '../../protocol/frames.ts';
import * as limits from '../../protocol/limits.ts';
import { serverMessageSchema } from '../../protocol/server-messages.ts';
import { END_REASONS, IMPAIRMENT_KINDS } from '../../protocol/troubles.ts';

const DOCS = readFileSync(join(import.meta.dirname, '../../docs/protocol.md'), 'utf8');

/** The cells of a section's table, without its head. */
function table(title: string): string[][] {
  const text = DOCS.split(/^## /m).find((part) => part.startsWith(title)) ?? '';
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

function messages(schema: typeof clientMessageSchema | typeof serverMessageSchema): string[][] {
  return schema.def.options.map(({ shape }) => {
    const { type, ...fields } = shape;
    const names = Object.keys(fields).map((name) => `\`${name}\``);
    return [`\`${type.def.values[0]}\``, names.join(', ') || '—'];
  });
}

describe('docs/protocol.md', () => {
  it('lists every message of the page with its fields', () => {
    assert.deepEqual(
      table('Messages from the page').map((cells) => cells.slice(0, 2)),
      messages(clientMessageSchema),
    );
  });

  it('lists every message of the server with its fields', () => {
    assert.deepEqual(
      table('Messages from the server').map((cells) => cells.slice(0, 2)),
      messages(serverMessageSchema),
    );
  });

  it('lists every impairment and every reason of an end', () => {
    const section = DOCS.split(/^## /m).find((part) => part.startsWith('When a machine is broken')) ?? '';
    const words = [...section.matchAll(/^\| `([a-z-]+)`/gm)].map(([, word]) => word);
    assert.deepEqual(words, [...IMPAIRMENT_KINDS, ...END_REASONS]);
  });

  it('lists every close code', () => {
    assert.deepEqual(
      table('Close codes'),
      Object.entries(CLOSE_CODES).map(([name, { code, reconnect, meaning }]) => [
        ...[String(code), `\`${name}\``, reconnect ? 'yes' : 'no', meaning],
      ]),
    );
  });

  it('describes a frame header byte for byte', () => {
    const ranges = table('Binary frames').map(([bytes = '']) => bytes.split('-').map(Number));
    const covered = ranges.flatMap(([first = 0, last = first]) =>
      Array.from({ length: last - first + 1 }, (_, index) => first + index),
    );
    assert.deepEqual(covered, [...Array(FRAME_HEADER_BYTES).keys()]);
  });

  it('gives the numbers both sides agree on', () => {
    assert.ok(DOCS.includes(`The version is ${limits.PROTOCOL_VERSION};`));
    assert.ok(DOCS.includes(`A frame holds at most ${limits.MAX_FRAME_BYTES / 1024} KiB`));
    assert.ok(DOCS.includes(`At most ${limits.OUTPUT_HIGH_MARK_BYTES / 1024} KiB are on the way`));
    assert.ok(DOCS.includes(`(at most ${limits.INPUT_BUFFER_BYTES / 1024} KiB)`));
    assert.ok(DOCS.includes(`up to ${limits.SCROLLBACK_LINES} lines of scrollback`));
    assert.ok(DOCS.includes(`pings every ${limits.HEARTBEAT_INTERVAL_MS / 1000} seconds`));
  });
});
