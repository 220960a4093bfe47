import assert from 'node:assert/strict';
import { test } from 'node:test';
import headless from '@xterm/headless';
import { guardReplay } from './replay-guard.ts';

const QUERIES: Readonly<Record<string, string>> = {
  'primary device attributes': '\x1b[c',
  'secondary device attributes': '\x1b[>c',
  'status report': '\x1b[5n',
  'cursor position': '\x1b[6n',
  'private cursor position': '\x1b[?6n',
  'ANSI mode request': '\x1b[4$p',
  'private mode request': '\x1b[?2004$p',
  'setting request': '\x1bP$qm\x1b\\',
  'terminal identity': '\x1bZ',
};

async function answersTo(query: string, replaying: boolean): Promise<string> {
  const terminal = new headless.Terminal({ allowProposedApi: true });
  guardReplay(terminal.parser as never, () => replaying);
  let answers = '';
  terminal.onData((data) => {
    answers += data;
  });
  await new Promise<void>((resolve) => terminal.write(query, resolve));
  terminal.dispose();
  return answers;
}

for (const [name, query] of Object.entries(QUERIES)) {
  test(`${name}: silent while old output is replayed, answered when it is live`, async () => {
    assert.equal(await answersTo(query, true), '');
    if (query !== '\x1bZ') assert.notEqual(await answersTo(query, false), '', 'the negative control must answer');
  });
}
