import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MachineTerminal, MachineTerminalEvents } from '../machines/driver.ts';
import { Typist } from './typist.ts';

const PROMPT = '\x1b]133;D;0\x07\x1b]133;A\x07alice@dock:~$ \x1b]133;B\x07';

/** A terminal whose shell is the test: it sees the lines typed, and says what comes out. */
class ScriptedTerminal implements MachineTerminal {
  readonly id = 'alice';
  readonly user = 'alice';
  status: 'open' | 'closed' = 'open';
  readonly inputApplied = 0;
  readonly outputStart = 0;
  readonly outputEnd = 0;
  readonly typed: string[] = [];
  logins = 0;
  acknowledged = 0;
  readonly #answer: (line: string, terminal: ScriptedTerminal) => void;
  #events: MachineTerminalEvents | undefined;
  #offset = 0;

  constructor(answer: (line: string, terminal: ScriptedTerminal) => void) {
    this.#answer = answer;
  }

  listen(events: MachineTerminalEvents): void {
    this.#events = events;
  }

  print(text: string): void {
    const bytes = Buffer.from(text);
    this.#events?.output(this.#offset, bytes);
    this.#offset += bytes.length;
  }

  setStatus(status: 'open' | 'closed'): void {
    this.status = status;
    this.#events?.status(status);
  }

  write(_offset: number, bytes: Uint8Array): void {
    const line = Buffer.from(bytes).toString();
    this.typed.push(line);
    this.print(`${line}\n`);
    this.#answer(line.trimEnd(), this);
  }

  acknowledge(offset: number): void {
    this.acknowledged = offset;
  }

  resize(): void {}

  login(): void {
    this.logins += 1;
    this.setStatus('open');
    this.print(PROMPT);
  }
}

function typistOf(answer: (line: string, terminal: ScriptedTerminal) => void) {
  const terminal = new ScriptedTerminal(answer);
  return { terminal, typist: new Typist(terminal) };
}

const inTime = () => AbortSignal.timeout(5_000);

describe('the typist', () => {
  it('types nothing before there is a prompt', async () => {
    const { terminal, typist } = typistOf((_line, t) => t.print(PROMPT));
    const typing = typist.type({ command: 'id' }, inTime());
    assert.deepEqual(terminal.typed, []);
    terminal.print(PROMPT);
    await typing;
    assert.deepEqual(terminal.typed, ['id\r']);
  });

  it('takes a line for finished when the shell says so, not when its prompt is drawn again', async () => {
    const { terminal, typist } = typistOf((_line, t) => t.print('\x1b]133;A\x07alice@dock:~$ \x1b]133;B\x07'));
    terminal.print(PROMPT);
    let isFinished = false;
    const typing = typist.type({ command: 'docker ps' }, inTime()).then((typed) => {
      isFinished = true;
      return typed;
    });
    await new Promise(setImmediate);
    assert.equal(isFinished, false);
    terminal.print(`\x1b]133;C\x07denied\r\n${PROMPT.replace('D;0', 'D;126')}`);
    assert.deepEqual(await typing, { status: 126, output: 'docker ps\nalice@dock:~$ denied\nalice@dock:~$ ' });
  });

  it('finds a mark that arrives in two pieces', async () => {
    const { terminal, typist } = typistOf((_line, t) => {
      for (const character of PROMPT.replace('D;0', 'D;3')) t.print(character);
    });
    terminal.print(PROMPT);
    assert.equal((await typist.type({ command: 'exit 3' }, inTime())).status, 3);
  });

  it('takes the end of the login for the end of the line, and logs in again for the next', async () => {
    const { terminal, typist } = typistOf((line, t) => (line === 'exit' ? t.setStatus('closed') : t.print(PROMPT)));
    terminal.print(PROMPT);
    await typist.type({ command: 'exit' }, inTime());
    assert.equal(terminal.logins, 0);
    await typist.type({ command: 'id' }, inTime());
    assert.equal(terminal.logins, 1);
    assert.deepEqual(terminal.typed, ['exit\r', 'id\r']);
  });

  it('waits for a text where a program prompts by itself, and not for its echo', async () => {
    const { terminal, typist } = typistOf((line, t) => t.print(line === 'exit' ? PROMPT : '\r\nname? '));
    terminal.print(PROMPT);
    await typist.type({ command: 'ask "name? "', until: 'name? ' }, inTime());
    await typist.type({ command: 'exit' }, inTime());
    assert.deepEqual(terminal.typed, ['ask "name? "\r', 'exit\r']);
  });

  it('says which line did not finish, and what the terminal shows', async () => {
    const { terminal, typist } = typistOf((_line, t) => t.print('Password: '));
    terminal.print(PROMPT);
    await assert.rejects(typist.type({ command: 'su -' }, AbortSignal.timeout(1)), {
      message:
        'In terminal alice, this line did not finish in time:  su -\n' +
        'If a program waits there at a prompt of its own, give the line an `until`. The terminal shows:\n' +
        'su -\nPassword:',
    });
  });

  it('acknowledges what it has read', () => {
    const { terminal } = typistOf(() => {});
    terminal.print('abc');
    assert.equal(terminal.acknowledged, 3);
  });
});
