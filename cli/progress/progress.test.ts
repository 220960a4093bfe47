import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatDuration } from './duration.mjs';
import { openHistory } from './history.mjs';
import { lineView } from './line-view.mjs';
import { Progress } from './progress.mjs';

function recorder() {
  let text = '';
  return { write: (more: string) => (text += more), lines: () => text.split('\n').filter((line) => line !== '') };
}

const noHistory = { lastSeconds: () => undefined, remember: () => {} };

function quick(line: string) {
  return line.replace(/(in|after) 0\.\d s$/, '$1 0 s');
}

test('elsewhere than on a terminal each step is two plain lines', async () => {
  const stream = recorder();
  const progress = new Progress({ view: lineView(stream), history: noHistory });
  progress.expect(2);
  assert.equal(await progress.step({ title: 'Baking', expectedSeconds: 90 }, async () => 'cake'), 'cake');
  const failure = new Error('burnt');
  await assert.rejects(
    progress.step({ title: 'Icing', expectedSeconds: 5 }, () => Promise.reject(failure)),
    failure,
  );
  assert.deepEqual(stream.lines().map(quick), [
    '[step 1/2] Baking … about 1 min 30 s',
    '[step 1/2] Baking … done in 0 s',
    '[step 2/2] Icing … about 5.0 s',
    '[step 2/2] Icing … failed after 0 s',
  ]);
});

test('a second process of one command goes on counting', async () => {
  const stream = recorder();
  const progress = new Progress({ view: lineView(stream), history: noHistory, alreadyDone: 1 });
  progress.expect(1);
  await progress.step({ title: 'Baking', expectedSeconds: 1 }, async () => {});
  assert.match(stream.lines()[0]!, /^\[step 2\/2\]/);
});

test('a log shows details rarely', () => {
  const stream = recorder();
  let nowMs = 100_000;
  const view = lineView(stream, () => nowMs);
  const step = { label: '1/1', title: 'Baking', expectedSeconds: 60 };
  view.started(step);
  view.detail(step, 'too early');
  nowMs += 20_000;
  view.detail(step, 'rising');
  view.detail(step, 'too soon again');
  assert.deepEqual(stream.lines(), ['[step 1/1] Baking … about 1 min 00 s', '[step 1/1]   rising']);
});

test('what a step took is what the next run expects', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'drydock-')), 'durations.json');
  openHistory(file).remember('bake', 12.345);
  const history = openHistory(file);
  assert.equal(history.lastSeconds('bake'), 12.3);
  const stream = recorder();
  const progress = new Progress({ view: lineView(stream), history });
  await progress.step({ id: 'bake', title: 'Baking', expectedSeconds: 90 }, async () => {});
  assert.equal(stream.lines()[0], '[step 1/1] Baking … about 12 s');
  assert.equal(openHistory(file).lastSeconds('bake'), 12.3, 'a step that found nothing to do is not remembered');
});

test('a broken history file is no obstacle', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'drydock-')), 'durations.json');
  writeFileSync(file, '{"bake": "twelve"');
  assert.equal(openHistory(file).lastSeconds('bake'), undefined);
});

test('durations are written for people', () => {
  assert.deepEqual([0.44, 9.97, 59.4, 185].map(formatDuration), ['0.4 s', '10 s', '59 s', '3 min 05 s']);
});
