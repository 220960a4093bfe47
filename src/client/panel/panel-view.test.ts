import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttemptState, Phase } from '../../../protocol/state.ts';
import { panelView } from './panel-view.ts';

const shown = { 'zh-cn': '正在重启', en: 'restarting' };

function attempt(phase: Phase): AttemptState {
  return {
    lab: 'docker-group',
    phase,
    sandbox: null,
    preparing: null,
    terminals: [],
    steps: [],
    impairments: [],
    questions: [],
    map: null,
  };
}

test('before the first answer the panel says that it is asking', () => {
  assert.deepEqual(panelView(null, { kind: 'connecting' }), { stage: { kind: 'connecting' }, notice: null });
});

test('a server that is away is shown as away, with what its last word was', () => {
  const view = panelView(null, { kind: 'waiting', retryAt: 5, shown });
  assert.deepEqual(view.stage, { kind: 'away', shown });
});

test('a running machine stays on screen while the connection is lost', () => {
  const view = panelView(attempt({ kind: 'running' }), { kind: 'waiting', retryAt: 5, shown: null });
  assert.deepEqual(view, { stage: null, notice: { kind: 'lost', retryAt: 5, shown: null } });
});

test('a refused connection never hides the machine either', () => {
  const view = panelView(attempt({ kind: 'running' }), { kind: 'refused', shown });
  assert.deepEqual(view, { stage: null, notice: { kind: 'refused', shown } });
});

test('queue places and ends are shown as they are', () => {
  const open = { kind: 'open' } as const;
  const queued = { kind: 'queued', place: 2, waiting: 5, reason: 'places' } as const;
  assert.deepEqual(panelView(attempt(queued), open), { stage: queued, notice: null });
  const ended = { kind: 'ended', reason: 'crashed' } as const;
  assert.deepEqual(panelView(attempt(ended), open), { stage: ended, notice: null });
});
