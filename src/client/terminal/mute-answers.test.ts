import assert from 'node:assert/strict';
import { test } from 'node:test';
import headless from '@xterm/headless';
import { muteAnswers } from './mute-answers.ts';

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

async function answersTo(query: string, { muted }: { muted: boolean }): Promise<string> {
  const terminal = new headless.Terminal({ allowProposedApi: true });
  if (muted) muteAnswers(terminal.parser as never);
  let answers = '';
  terminal.onData((data) => {
    answers += data;
  });
  await new Promise<void>((resolve) => terminal.write(query, resolve));
  terminal.dispose();
  return answers;
}

for (const [name, query] of Object.entries(QUERIES)) {
  test(`${name}: a page does not answer`, async () => {
    assert.equal(await answersTo(query, { muted: true }), '');
    if (query !== '\x1bZ') assert.notEqual(await answersTo(query, { muted: false }), '', 'the control must answer');
  });
}

test('that the terminal has the keyboard is not told when a program asks to be told from now on', async () => {
  const terminal = new headless.Terminal({ allowProposedApi: true });
  const isAnswer = muteAnswers(terminal.parser as never);
  let during: boolean | undefined;
  terminal.parser.registerOscHandler(9, () => {
    during = isAnswer();
    return true;
  });
  await new Promise<void>((resolve) => terminal.write('\x1b[?1004h\x1b]9;\x07', resolve));
  assert.equal(during, true);
  assert.equal(terminal.modes.sendFocusMode, true);
  await Promise.resolve();
  assert.equal(isAnswer(), false);
  terminal.dispose();
});
