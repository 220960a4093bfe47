import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PROJECT } from './pages.ts';
import { readTable } from './read-table.ts';

const read = (path: string) => readFileSync(join(PROJECT, path), 'utf8');
const readAll = (pattern: string) => globSync(pattern, { cwd: PROJECT }).map(read).join('\n');

const docs = read('docs/agent-protocol.md');
const agent = readAll('sandbox-server/guest/agent/*.py');
const host = readAll('sandbox-server/machines/qemu/!(*.test).ts');

const table = (head: string) => readTable(docs, head);
const column = (rows: readonly string[][], index: number): string[] => rows.map((cells) => cells[index] ?? '');
const found = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, name = '']) => name)),
];

test('docs/agent-protocol.md lists every operation that the agent knows, and the server sends no other', () => {
  const listed = column(table('op'), 0).sort();
  assert.deepEqual(listed, found(agent, /def on_(\w+)\(self, _?message/g).sort());
  const sent = found(host, /\bop: '(\w+)'/g);
  assert.ok(sent.length > 4);
  const unsent = table('op')
    .filter(([, , text = '']) => text.includes('Not sent by the server yet'))
    .map(([op]) => op);
  assert.deepEqual([...sent, ...unsent].sort(), listed);
});

test('docs/agent-protocol.md lists every event that the agent announces', () => {
  assert.deepEqual(column(table('event'), 0).sort(), found(agent, /announce\(event="(\w+)"/g).sort());
});

test('every field that docs/agent-protocol.md lists is one that the agent reads or sends', () => {
  for (const [name, fields = ''] of [...table('op'), ...table('event')]) {
    for (const field of fields.split(', ').filter((field) => field !== '—')) {
      assert.match(agent, new RegExp(`"${field}"|\\b${field}=`), `${field} of ${name}`);
    }
  }
});

test('kinds of frames are the same in agent, server and docs', () => {
  const listed = Object.fromEntries(table('kind').map(([kind, name = '']) => [name, Number(kind)]));
  const [, ofHost = ''] = /const KIND = \{ ([^}]+) \}/.exec(host) ?? [];
  assert.deepEqual(Object.fromEntries(ofHost.split(', ').map(entry)), listed);
  const [, names = '', numbers = ''] = /^(OUTPUT, [A-Z_, ]+) = ([\d, ]+)$/m.exec(agent) ?? [];
  const values = numbers.split(', ').map(Number);
  const ofAgent = names.split(', ').map((name, index) => [camelCase(name), values[index]] as const);
  assert.deepEqual(Object.fromEntries(ofAgent), listed);
});

function entry(text: string): [string, number] {
  const [name = '', value] = text.split(': ');
  return [name, Number(value)];
}

const camelCase = (name: string) =>
  name.toLowerCase().replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

test('limits are the same in agent, server and docs', () => {
  const kib = (text: string, name: string) => {
    const [, product = ''] = new RegExp(`^(?:export )?(?:const )?${name} = ([\\d *_]+)`, 'm').exec(text) ?? [];
    return product.split('*').reduce((value, factor) => value * Number(factor.replaceAll('_', '')), 1) / 1024;
  };
  const port = read('sandbox-server/machines/driver.ts');
  assert.equal(kib(agent, 'MAX_MESSAGE_BYTES'), kib(host, 'MAX_MESSAGE_BYTES'));
  assert.equal(kib(agent, 'MAX_FRAME_BYTES'), kib(host, 'MAX_FRAME_BYTES'));
  assert.equal(kib(agent, 'WINDOW_BYTES'), kib(port, 'TERMINAL_WINDOW_BYTES'));
  assert.equal(kib(agent, 'MAX_RUN_OUTPUT_BYTES'), kib(port, 'MAX_RUN_OUTPUT_BYTES'));
  const said = [
    `At most ${kib(agent, 'MAX_MESSAGE_BYTES') / 1024} MiB either way`,
    `at most ${kib(agent, 'MAX_FRAME_BYTES')} KiB`,
    `stops reading the pty at ${kib(agent, 'WINDOW_BYTES')} KiB`,
    `Of each output ${kib(agent, 'MAX_RUN_OUTPUT_BYTES')} KiB are kept`,
    `At most ${kib(agent, 'CHUNK_BYTES')} KiB at once`,
    `beyond what was acknowledged (${kib(agent, 'WINDOW_BYTES') + kib(agent, 'MAX_FRAME_BYTES')} KiB)`,
  ];
  for (const sentence of said) assert.ok(docs.includes(sentence), sentence);
});
