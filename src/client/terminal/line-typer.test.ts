import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { LineTyper } from './line-typer.ts';

describe('the lines of a block', () => {
  let sent: string[];
  let typer: LineTyper;
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    sent = [];
    typer = new LineTyper((line) => sent.push(line));
  });
  afterEach(() => mock.timers.reset());

  it('are typed one by one, each when the prompt is back, however long that takes', () => {
    typer.enter(['sudo id\r', 'id\r', 'ls\r']);
    assert.deepEqual(sent, ['sudo id\r']);
    typer.commandStarted();
    mock.timers.tick(60_000);
    assert.deepEqual(sent, ['sudo id\r']);
    typer.promptShown();
    assert.deepEqual(sent, ['sudo id\r', 'id\r']);
    typer.commandStarted();
    typer.promptShown();
    assert.deepEqual(sent, ['sudo id\r', 'id\r', 'ls\r']);
  });

  it('go on without a prompt while the shell waits for the rest of a command', () => {
    typer.enter(['cat <<E\r', 'x\r', 'E\r']);
    mock.timers.tick(1_000);
    mock.timers.tick(1_000);
    assert.deepEqual(sent, ['cat <<E\r', 'x\r', 'E\r']);
  });

  it('are not typed any more once the learner interrupts', () => {
    typer.enter(['sleep 100\r', 'rm loot.txt\r']);
    typer.commandStarted();
    typer.cancel();
    typer.promptShown();
    mock.timers.tick(60_000);
    assert.deepEqual(sent, ['sleep 100\r']);
  });
});
