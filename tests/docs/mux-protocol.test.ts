import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CHANNEL_WINDOW_BYTES,
  FIRST_MONITOR,
  FRAME_HEADER_BYTES,
  FRAME_KINDS,
  MAX_LINE_BYTES,
  MAX_PAYLOAD_BYTES,
  MUX_VERSION,
} from '../../sandbox-server/machines/docker/mux/mux-frames.ts';
import { PROJECT } from './pages.ts';
import { readTable } from './read-table.ts';

const read = (path: string) => readFileSync(join(PROJECT, path), 'utf8');
const docs = read('docs/mux-protocol.md');
const mux = read('sandbox-server/machines/docker/runner/mux.pl');
const link = ['mux/mux-link.ts', 'container-keeper.ts', 'mux/mux-frames.ts']
  .map((path) => read(`sandbox-server/machines/docker/${path}`))
  .join('\n');

/** Perl's `my ($A, $B) = (1, 2 * 3);`, by name. */
function constantsOf(text: string): Map<string, string> {
  const lists = [...text.matchAll(/^my \(?([^=()]+?)\)? = \(?([^;()]+?)\)?;/gm)];
  return new Map(
    lists.flatMap(([, names = '', values = '']) => {
      const each = values.split(', ');
      return names.split(', ').map((name, index) => [name.replace('$', ''), each[index] ?? ''] as const);
    }),
  );
}

const constants = constantsOf(mux);
const number = (name: string): number =>
  (constants.get(name) ?? '').split(' * ').reduce((product, factor) => product * Number(factor), 1);

test('kinds of frames are the same in mux, server and docs', () => {
  const listed = Object.fromEntries(readTable(docs, 'kind').map(([kind, name = '']) => [name, Number(kind)]));
  assert.deepEqual(listed, FRAME_KINDS);
  const ofMux = Object.keys(FRAME_KINDS).map((name) => [name, number(name.toUpperCase())]);
  assert.deepEqual(Object.fromEntries(ofMux), FRAME_KINDS);
});

test('a frame has the same shape and the same bounds everywhere', () => {
  const rows = readTable(docs, 'bytes').map(([bytes]) => bytes);
  assert.equal(rows.at(-1), `3-${FRAME_HEADER_BYTES - 1}`);
  assert.equal(number('HEADER_BYTES'), FRAME_HEADER_BYTES);
  assert.equal(number('MAX_PAYLOAD'), MAX_PAYLOAD_BYTES);
  assert.equal(number('WINDOW'), CHANNEL_WINDOW_BYTES);
  assert.match(docs, new RegExp(`at most ${MAX_PAYLOAD_BYTES / 1024} KiB`));
  assert.match(docs, new RegExp(`at most ${CHANNEL_WINDOW_BYTES / 1024} KiB of a channel in one direction`));
  assert.match(
    docs,
    new RegExp(`at most ${MAX_LINE_BYTES / 1024} KiB to the server and ${number('MAX_LINE') / 1024} KiB`),
  );
});

test('times and the version are those of the mux', () => {
  assert.match(docs, new RegExp(`^This is version ${MUX_VERSION}\\.`, 'm'));
  assert.equal(number('VERSION'), MUX_VERSION);
  assert.match(docs, new RegExp(`gives one up after ${number('SILENT_S')} s of silence`));
  assert.match(docs, new RegExp(`ends ${/alone} \/\/ (\d+)/.exec(mux)?.[1]} s after its last connection`));
  assert.match(docs, new RegExp(`never longer than ${number('LONGEST_LIFE_S') / 3600} hours`));
});

test('every line is one that either end says and the other understands', () => {
  const verbs = (rows: string[][]) =>
    rows
      .flatMap(([cell = '']) => cell.split(', ').map((line) => line.split(' ')[0] ?? ''))
      .filter(Boolean)
      .sort();
  const [toMux = [], fromMux = []] = docs
    .split('\n## Lines\n')[1]!
    .split('\nFrom the mux:')
    .map((part) => verbs(readTable(part, 'line')));
  const obeyed = [...mux.matchAll(/\$line (?:=~ \/\^|eq ')([a-z-]+)/g)].map(([, verb]) => verb);
  assert.deepEqual(obeyed.sort(), toMux);
  const announced = [...mux.matchAll(/announce\([^;\n]*?["']([a-z]+)/g)].map(([, verb]) => verb);
  // Two are chosen between, one is made elsewhere.
  assert.deepEqual([...new Set([...announced, 'continued', 'usage'])].sort(), fromMux);
  for (const verb of [...toMux, ...fromMux]) {
    if (!['running', 'kill'].includes(verb)) assert.match(link, new RegExp(`\\b${verb}\\b`), verb);
  }
  assert.match(docs, new RegExp(`\`${FIRST_MONITOR}\``));
});
