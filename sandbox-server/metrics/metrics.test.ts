import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FIGURES, type Figure, type FigureName } from './catalogue.ts';
import { Metrics } from './metrics.ts';

describe('the figures', () => {
  it('are counted, observed, moved, and read anew at each look', async () => {
    const metrics = new Metrics();
    metrics.count('drydock_resets_total', { lab: 'a' });
    metrics.count('drydock_resets_total', { lab: 'a' }, 2);
    metrics.observe('drydock_echo_seconds', {}, 0.003);
    metrics.add('drydock_forks_in_flight', {}, 2);
    metrics.add('drydock_forks_in_flight', {}, -1);
    let waiting = 3;
    metrics.read('drydock_queue_length', () => [[{}, waiting]]);
    await metrics.text();
    waiting = 1;
    const text = await metrics.text();
    assert.match(text, /^drydock_resets_total\{lab="a"\} 3$/m);
    assert.match(text, /^drydock_echo_seconds_bucket\{le="0.002"\} 0$/m);
    assert.match(text, /^drydock_echo_seconds_bucket\{le="0.005"\} 1$/m);
    assert.match(text, /^drydock_forks_in_flight 1$/m);
    assert.match(text, /^drydock_queue_length 1$/m);
  });

  it('have names that end in their unit, counters in _total, and labels that name nobody', () => {
    for (const [name, { type, labels, help }] of Object.entries(FIGURES) as [FigureName, Figure][]) {
      assert.match(name, /^drydock_[a-z]+(_[a-z]+)*$/);
      assert.equal(name.endsWith('_total'), type === 'counter', name);
      if (type === 'histogram') assert.match(name, /_(seconds|bytes)$/);
      assert.match(help, /^[A-Z].*[.?]$/);
      for (const label of labels) assert.doesNotMatch(label, /learner|attempt|sandbox|machine|address|connection/);
    }
  });
});

describe('docs/operating.md', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/operating.md'), 'utf8');

  it('lists exactly the figures there are', () => {
    const rows = docs.split('\n').filter((line) => line.startsWith('| `drydock_'));
    assert.deepEqual(
      // The formatter lines the columns up.
      rows.map((row) => row.replace(/ +\|/g, ' |')),
      (Object.entries(FIGURES) as [FigureName, Figure][]).map(([name, { type, labels, help }]) => {
        const named = labels.length === 0 ? '—' : labels.map((label) => `\`${label}\``).join(', ');
        return `| \`${name}\` | ${type} | ${named} | ${help} |`;
      }),
    );
  });

  it('asks in its alert rules for nothing that does not exist', () => {
    const [, rules = ''] = /```yaml\n([\s\S]*?)```/.exec(docs) ?? [];
    const asked = [...rules.matchAll(/\bdrydock_\w+/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, ''));
    assert.ok(asked.length > 5);
    for (const name of asked) assert.ok(Object.hasOwn(FIGURES, name), `there is no ${name}`);
  });

  it('lists log lines that some file writes', () => {
    const rows = docs.split('\n').filter((line) => line.startsWith('| "'));
    assert.ok(rows.length > 10);
    for (const row of rows) {
      const [, message = '', file = ''] = /^\| "([^"]+)" .*\]\(\.\.\/([\w./-]+)\)/.exec(row) ?? [];
      const source = readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
      assert.ok(source.includes(`'${message}'`), `${file} does not write "${message}"`);
    }
  });
});
