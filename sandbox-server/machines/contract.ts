import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { MachineEndedError } from '../errors.ts';
import {
  MAX_RUN_OUTPUT_BYTES,
  type Machine,
  type MachineRecord,
  type PersonalFile,
  TERMINAL_WINDOW_BYTES,
} from './driver.ts';
import { TerminalTap } from './terminal-tap.ts';

export interface ContractSubject {
  readonly name: string;
  /** A fresh fork of one and the same template, whose first terminal has a shell at its prompt. */
  makeMachine(options?: { files?: readonly PersonalFile[]; signal?: AbortSignal }): Promise<Machine>;
  adopt(record: MachineRecord): Promise<Machine | undefined>;
  /** Called once after the last test. */
  dispose?(): PromiseLike<void>;
}

const RUN_TIMEOUT_MS = 60_000;

/**
 * What every driver promises, checked through the port alone. The words typed and run here mean the same to bash as
 * to the fake's shell.
 */
export function describeDriverContract(subject: ContractSubject): void {
  describe(`the driver contract, kept by ${subject.name}`, { concurrency: 1 }, () => {
    after(() => subject.dispose?.());
    describeOutput(subject);
    describeInput(subject);
    describeRun(subject);
    describePause(subject);
    describeEnd(subject);
    describeFork(subject);
    describeAdoption(subject);
  });
}

function describeOutput({ makeMachine }: ContractSubject): void {
  it('has a prompt waiting in its terminal, from offset 0, before anybody types', async () => {
    await using machine = await makeMachine();
    const tap = new TerminalTap(firstTerminal(machine));
    await tap.seen(/[$#] /);
    assert.equal(tap.firstOffset, 0);
  });

  it('begins where a listener says that it is', async () => {
    await using machine = await makeMachine();
    const tap = new TerminalTap(firstTerminal(machine), { from: 5 });
    await tap.seen(/[$#] /);
    assert.equal(tap.firstOffset, 5);
  });

  it('numbers bulk output without a gap and loses none of it', async () => {
    await using machine = await makeMachine();
    const tap = new TerminalTap(firstTerminal(machine));
    await tap.type('seq 30000; echo do""ne\r');
    await tap.seen(/^done\r?$/m);
    assert.deepEqual(numberLines(tap.text), consecutive(30_000));
  });

  it('stops at the window until output is acknowledged, and then goes on where it stopped', async () => {
    await using machine = await makeMachine();
    const tap = new TerminalTap(firstTerminal(machine), { acknowledge: false });
    await tap.type('seq 60000; echo do""ne\r');
    await tap.received(TERMINAL_WINDOW_BYTES / 2);
    for (let round = 0; round < 3; round += 1) await machine.run({ script: 'true', timeoutMs: RUN_TIMEOUT_MS });
    assert.ok(tap.end <= TERMINAL_WINDOW_BYTES, `${tap.end} bytes came without one being acknowledged`);
    tap.acknowledgeFromNowOn();
    await tap.seen(/^done\r?$/m);
    assert.ok(tap.mostUnacknowledged <= TERMINAL_WINDOW_BYTES, `${tap.mostUnacknowledged} bytes were unacknowledged`);
    assert.deepEqual(numberLines(tap.text), consecutive(60_000));
  });

  it('lets a flood be interrupted although nobody reads it', async () => {
    await using machine = await makeMachine();
    const tap = new TerminalTap(firstTerminal(machine), { acknowledge: false });
    await tap.type('seq 100000000\r');
    await tap.received(TERMINAL_WINDOW_BYTES / 2);
    await tap.type('\x03');
    tap.acknowledgeFromNowOn();
    await tap.type('echo qui""et\r');
    await tap.seen(/^quiet\r?$/m);
  });
}

function describeInput({ makeMachine }: ContractSubject): void {
  it('applies input once, however often it is repeated', async () => {
    await using machine = await makeMachine();
    const terminal = firstTerminal(machine);
    const tap = new TerminalTap(terminal);
    const line = Buffer.from('echo on""ce\r');
    terminal.write(0, line.subarray(0, 6));
    terminal.write(0, line);
    terminal.write(3, line.subarray(3));
    await tap.applied(line.length);
    assert.equal(terminal.inputApplied, line.length);
    terminal.write(0, line);
    tap.continueInputAt(line.length);
    await tap.type('echo la""st\r');
    await tap.seen(/^last\r?$/m);
    assert.equal(tap.text.match(/^once\r?$/gm)?.length, 1);
  });

  it('says when the shell has ended, and starts another one on login', async () => {
    await using machine = await makeMachine();
    const terminal = firstTerminal(machine);
    const tap = new TerminalTap(terminal);
    await tap.type('exit\r');
    await tap.status('closed');
    assert.equal(terminal.status, 'closed');
    terminal.login();
    await tap.status('open');
    await tap.type('echo ba""ck\r');
    await tap.seen(/^back\r?$/m);
    assert.equal(terminal.status, 'open');
  });
}

function describeRun({ makeMachine }: ContractSubject): void {
  const run = (machine: Machine, script: string, more = {}) =>
    machine.run({ script, timeoutMs: RUN_TIMEOUT_MS, ...more });

  it('runs a script as root and tells its output and status', async () => {
    await using machine = await makeMachine();
    const result = await run(machine, 'id -un\necho odd >&2\nexit 3');
    assert.deepEqual(result, { status: 3, timedOut: false, stdout: 'root\n', stderr: 'odd\n', truncated: false });
  });

  it('runs a script as another user, with the environment it was given', async () => {
    await using machine = await makeMachine();
    const { user } = firstTerminal(machine);
    const result = await run(machine, 'id -un; echo "$DRYDOCK_SECRET_FLAG"', {
      user,
      env: { DRYDOCK_SECRET_FLAG: 'a b' },
    });
    assert.equal(result.stdout, `${user}\na b\n`);
  });

  it('cuts output at the limit and says so', async () => {
    await using machine = await makeMachine();
    const result = await run(machine, 'seq 30000');
    assert.equal(result.truncated, true);
    assert.equal(Buffer.byteLength(result.stdout), MAX_RUN_OUTPUT_BYTES);
  });

  it('ends a script at its deadline, keeps what it printed, and runs the next one', async () => {
    await using machine = await makeMachine();
    const late = await run(machine, 'echo begun; sleep 300', { timeoutMs: 2_000 });
    assert.deepEqual([late.status, late.timedOut, late.stdout], [null, true, 'begun\n']);
    assert.equal((await run(machine, 'echo next')).stdout, 'next\n');
  });

  it('ends a script when its caller gives up, and runs the next one', async () => {
    await using machine = await makeMachine();
    const abort = new AbortController();
    const given = run(machine, 'sleep 300', { signal: abort.signal });
    setImmediate(() => abort.abort(new Error('given up')));
    await assert.rejects(given, { message: 'given up' });
    assert.equal((await run(machine, 'echo next')).stdout, 'next\n');
  });

  it('runs scripts one at a time, in the order they were asked for', async () => {
    await using machine = await makeMachine();
    const file = '/tmp/drydock-contract-order';
    const results = await Promise.all([
      run(machine, `touch ${file}; sleep 0.2; rm ${file}`),
      run(machine, `test -e ${file}`),
      run(machine, `touch ${file}`),
      run(machine, `test -e ${file}`),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      [0, 1, 0, 0],
    );
  });
}

function describePause({ makeMachine, adopt }: ContractSubject): void {
  const ways: [string, (machine: Machine) => unknown][] = [
    ['resume()', (machine) => machine.resume()],
    ['a script', (machine) => machine.run({ script: 'true', timeoutMs: RUN_TIMEOUT_MS })],
    ['a key', (machine) => firstTerminal(machine).write(0, Buffer.from('a'))],
    ['a size', (machine) => firstTerminal(machine).resize(100, 30)],
    ['a login', (machine) => firstTerminal(machine).login()],
  ];
  it('is paused until something is asked of it', async () => {
    await using machine = await makeMachine();
    for (const [way, ask] of ways) {
      await machine.pause();
      assert.equal(machine.isPaused, true);
      const asked = ask(machine);
      assert.equal(machine.isPaused, false, way);
      await asked;
      await machine.resume();
    }
  });

  it('loses nothing that is typed while it is paused', async () => {
    await using machine = await makeMachine();
    const tap = new TerminalTap(firstTerminal(machine));
    await tap.seen(/[$#] /);
    await machine.pause();
    await tap.type('echo wo""ken\r');
    await tap.seen(/^woken\r?$/m);
  });

  it('is not paused while a script runs', async () => {
    await using machine = await makeMachine();
    const result = machine.run({ script: 'sleep 1; echo done', timeoutMs: RUN_TIMEOUT_MS });
    await machine.pause();
    assert.equal(machine.isPaused, false);
    assert.equal((await result).stdout, 'done\n');
    await machine.pause();
    assert.equal(machine.isPaused, true);
  });

  it('is adopted when it was left paused, and runs', async () => {
    const machine = await makeMachine();
    machine.liveUntil(Date.now() + 3_600_000);
    const tap = new TerminalTap(firstTerminal(machine));
    await tap.type('echo be""fore\r');
    await tap.seen(/^before\r?$/m);
    await machine.pause();
    machine.release();
    await using adopted = await adopt(machine.record);
    assert.ok(adopted);
    assert.equal(adopted.isPaused, false);
    const { stdout } = await adopted.run({ script: 'echo awake', timeoutMs: RUN_TIMEOUT_MS });
    assert.equal(stdout, 'awake\n');
  });
}

function describeEnd({ makeMachine }: ContractSubject): void {
  it('keeps the first cause of its end, and disposing twice is harmless', async () => {
    const machine = await makeMachine();
    await machine[Symbol.asyncDispose]();
    await machine[Symbol.asyncDispose]();
    assert.deepEqual(await machine.ended, { cause: 'disposed' });
    await assert.rejects(machine.run({ script: 'true', timeoutMs: RUN_TIMEOUT_MS }), MachineEndedError);
  });

  it('says "crashed" when the guest powers off, and rejects the script that was running', async () => {
    await using machine = await makeMachine();
    const running = machine.run({ script: 'poweroff -ff; sleep 300', timeoutMs: RUN_TIMEOUT_MS });
    await assert.rejects(running, MachineEndedError);
    assert.equal((await machine.ended).cause, 'crashed');
    await machine[Symbol.asyncDispose]();
    assert.equal((await machine.ended).cause, 'crashed');
  });

  it('takes input, acknowledgements and sizes after its end without complaint', async () => {
    const machine = await makeMachine();
    const terminal = firstTerminal(machine);
    await machine[Symbol.asyncDispose]();
    terminal.write(0, Buffer.from('echo\r'));
    terminal.acknowledge(0);
    terminal.resize(100, 30);
    terminal.login();
  });
}

function describeFork({ makeMachine }: ContractSubject): void {
  it('gives each fork files of its own: what one writes, the other never sees', async () => {
    await using first = await makeMachine();
    await using second = await makeMachine();
    const file = '/tmp/drydock-contract-fork';
    await first.run({ script: `touch ${file}`, timeoutMs: RUN_TIMEOUT_MS });
    const script = `test -e ${file}`;
    assert.equal((await first.run({ script, timeoutMs: RUN_TIMEOUT_MS })).status, 0);
    assert.equal((await second.run({ script, timeoutMs: RUN_TIMEOUT_MS })).status, 1);
  });

  it('puts personal files in place before the fork resolves', async () => {
    const files = [{ path: '/root/flag', content: 'only here\n', mode: 0o600, owner: 'root' }];
    await using machine = await makeMachine({ files });
    const result = await machine.run({ script: 'cat /root/flag', timeoutMs: RUN_TIMEOUT_MS });
    assert.equal(result.stdout, 'only here\n');
  });

  it('makes no machine for a caller who has already given up', async () => {
    await assert.rejects(makeMachine({ signal: AbortSignal.abort(new Error('given up')) }), { message: 'given up' });
  });
}

function describeAdoption({ makeMachine, adopt }: ContractSubject): void {
  const inAnHour = () => Date.now() + 3_600_000;

  async function takeOver(machine: Machine): Promise<Machine> {
    // As a store keeps it.
    const record = JSON.parse(JSON.stringify(machine.record));
    machine.release();
    assert.deepEqual(await machine.ended, { cause: 'released' });
    const adopted = await adopt(record);
    assert.ok(adopted, 'a machine that was left is found again');
    return adopted;
  }

  it('goes on when it is left, and is adopted with every byte, and input numbered on', async () => {
    const machine = await makeMachine();
    machine.liveUntil(inAnHour());
    const tap = new TerminalTap(firstTerminal(machine));
    await tap.type('seq 20000; echo fi""rst\r');
    await tap.received(1_000);
    const [text, end] = [tap.text, tap.end];
    await using adopted = await takeOver(machine);
    const terminal = firstTerminal(adopted);
    assert.equal(terminal.inputApplied, 'seq 20000; echo fi""rst\r'.length);
    const next = new TerminalTap(terminal, { from: end });
    // Typed earlier, it would be echoed into the middle of a line: even before the line's end.
    if (!/^first\r?\n/m.test(text)) await next.seen(/^first\r?\n/m);
    await next.type('echo la""st\r');
    await next.seen(/^last\r?$/m);
    assert.equal(next.firstOffset, end);
    assert.deepEqual(numberLines(text + next.text), consecutive(20_000));
    assert.equal((text + next.text).match(/^first\r?$/gm)?.length, 1);
  });

  it('keeps what was not acknowledged for whoever adopts it, however often it is left', async () => {
    let machine = await makeMachine();
    machine.liveUntil(inAnHour());
    const before = new TerminalTap(firstTerminal(machine), { acknowledge: false });
    await before.type('echo ke""pt\r');
    await before.seen(/^kept\r?$/m);
    for (let round = 0; round < 3; round += 1) machine = await takeOver(machine);
    await using last = machine;
    const tap = new TerminalTap(firstTerminal(last));
    await tap.seen(/^kept\r?$/m);
    assert.equal(tap.firstOffset, 0);
  });

  it('says where what it still has begins, for whoever lost the rest', async () => {
    const machine = await makeMachine();
    machine.liveUntil(inAnHour());
    const before = new TerminalTap(firstTerminal(machine));
    await before.type('seq 1000; echo go""ne\r');
    await before.seen(/^gone\r?$/m);
    await using adopted = await takeOver(machine);
    const terminal = firstTerminal(adopted);
    const { outputStart, outputEnd } = terminal;
    assert.ok(outputEnd >= before.end);
    assert.ok(outputStart > 0 && outputStart <= before.end);
    const tap = new TerminalTap(terminal);
    await tap.type('echo he""re\r');
    await tap.seen(/^here\r?$/m);
    assert.equal(tap.firstOffset, outputStart);
  });

  it('says of an adopted machine whether its shell has ended', async () => {
    const machine = await makeMachine();
    machine.liveUntil(inAnHour());
    const tap = new TerminalTap(firstTerminal(machine));
    await tap.type('exit\r');
    await tap.status('closed');
    await using adopted = await takeOver(machine);
    assert.equal(firstTerminal(adopted).status, 'closed');
  });

  it('stops the script that ran when it was left, and answers only those of who adopted it', async () => {
    const machine = await makeMachine();
    machine.liveUntil(inAnHour());
    const left = machine.run({ script: 'echo old; sleep 300', timeoutMs: RUN_TIMEOUT_MS });
    setImmediate(() => machine.release());
    await assert.rejects(left, MachineEndedError);
    await using adopted = await takeOver(machine);
    const result = await adopted.run({ script: 'echo new', timeoutMs: RUN_TIMEOUT_MS });
    assert.deepEqual([result.status, result.stdout], [0, 'new\n']);
  });

  it('ends at its time', async () => {
    await using machine = await makeMachine();
    machine.liveUntil(Date.now() + 1_000);
    assert.equal((await machine.ended).cause, 'crashed');
    assert.equal(await adopt(machine.record), undefined);
  });

  it('is not adopted when it is over, nor by a record of something else', async () => {
    const machine = await makeMachine();
    await machine[Symbol.asyncDispose]();
    assert.equal(await adopt(machine.record), undefined);
    assert.equal(await adopt({ ...machine.record, id: 'another' }), undefined);
    assert.equal(await adopt({}), undefined);
  });
}

function firstTerminal(machine: Machine) {
  const [terminal] = machine.terminals;
  assert.ok(terminal, 'the template of the contract has at least one terminal');
  return terminal;
}

function numberLines(text: string): number[] {
  return (text.match(/^\d+(?=\r?$)/gm) ?? []).map(Number);
}

function consecutive(length: number): number[] {
  return Array.from({ length }, (_, index) => index + 1);
}
