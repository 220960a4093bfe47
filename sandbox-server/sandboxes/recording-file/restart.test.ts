import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { EMPTY_TERMINAL } from '../../../protocol/terminal-copy.ts';
import { type MachineTerminal, type MachineTerminalEvents, TERMINAL_WINDOW_BYTES } from '../../machines/driver.ts';
import { screenState } from '../../testing/screen-state.ts';
import type { Place } from '../recording.ts';
import { Screen } from '../screen/screen.ts';
import { Terminal } from '../terminal.ts';

const KIB = 1024;

/** A machine's terminal that goes on while servers come and go: keeps what was not acknowledged, applies input once. */
class LastingTerminal {
  readonly screen = new Screen({ cols: 80, rows: 24 });
  #output = Buffer.alloc(0);
  #printed = 0;
  acknowledged = 0;
  input = Buffer.alloc(0);
  sizes = 0;
  #listener: { readonly events: MachineTerminalEvents; sent: number } | undefined;

  get printed(): number {
    return this.#printed;
  }

  /** As a server finds it. What an earlier one still holds does nothing any more. */
  connect(): MachineTerminal {
    this.#listener = undefined;
    let isCurrent = true;
    const leave = () => isCurrent;
    const owner = this;
    const found = { inputApplied: owner.input.length, outputStart: owner.acknowledged, outputEnd: owner.#printed };
    const terminal = {
      ...{ id: 'alice', user: 'alice', status: 'open' as const, ...found },
      listen(events: MachineTerminalEvents, { from = 0 } = {}) {
        assert.ok(from >= owner.acknowledged && from <= owner.#printed, `${from} is not there any more`);
        owner.#listener = { events, sent: from };
        setImmediate(() => owner.#deliver());
      },
      write(offset: number, bytes: Uint8Array) {
        if (!leave()) return;
        assert.ok(offset <= owner.input.length, 'a gap');
        owner.input = Buffer.concat([owner.input, bytes.subarray(owner.input.length - offset)]);
        const applied = owner.input.length;
        setImmediate(() => owner.#listener?.events.inputApplied(applied));
      },
      acknowledge(offset: number) {
        if (!leave() || offset <= owner.acknowledged) return;
        owner.#output = owner.#output.subarray(offset - owner.acknowledged);
        owner.acknowledged = offset;
      },
      resize(cols: number, rows: number) {
        if (!leave()) return;
        owner.sizes += 1;
        owner.screen.resize({ cols, rows });
      },
      login() {},
    };
    this.#end = () => {
      isCurrent = false;
    };
    return terminal;
  }

  #end = () => {};

  /** The server is killed: it neither hears nor says anything from now on. */
  cut(): void {
    this.#end();
    this.#listener = undefined;
  }

  print(text: string): void {
    const bytes = Buffer.from(text).subarray(0, this.acknowledged + TERMINAL_WINDOW_BYTES - this.#printed);
    this.#output = Buffer.concat([this.#output, bytes]);
    this.#printed += bytes.length;
    this.screen.feed(bytes);
    this.#deliver();
  }

  #deliver(): void {
    const listener = this.#listener;
    if (listener === undefined || listener.sent >= this.#printed) return;
    const bytes = this.#output.subarray(listener.sent - this.acknowledged);
    const offset = listener.sent;
    listener.sent = this.#printed;
    listener.events.output(offset, bytes);
  }
}

const failures: unknown[] = [];

function serve(machine: LastingTerminal, recordingPath: string): Terminal {
  return new Terminal({
    ...{ id: 'alice', role: 'host', machineTerminal: machine.connect(), historyBytes: 256 * KIB, recordingPath },
    events: {
      activity: () => undefined,
      lineEntered: () => undefined,
      status: () => undefined,
      screenLost: (cause) => failures.push(cause),
      recordingFailed: (cause) => failures.push(cause),
    },
  });
}

/** What a page shows that opens now, or that stands somewhere. */
async function show(
  terminal: Terminal,
  machine: LastingTerminal,
  { from, copy }: { from?: Place; copy?: Screen } = {},
) {
  const screen = copy ?? new Screen({ cols: 80, rows: 24 });
  let place: Place = from ?? { offset: 0, size: 0 };
  let wake = () => {};
  const view = terminal.view({ page: 'looks', from, onReady: () => wake(), onInputApplied: () => {} });
  for (;;) {
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = resolve;
    for (let piece = view.take(); piece !== undefined; piece = view.take()) {
      if (piece.kind === 'screen') {
        place = piece.base;
        screen.feed(Buffer.from(EMPTY_TERMINAL));
        screen.resize(piece.base);
      } else if (piece.kind === 'size') {
        place = { ...place, size: piece.size.number };
        screen.resize(piece.size);
      } else screen.feed(piece.bytes);
      if (piece.kind === 'output') place = { ...place, offset: piece.offset + piece.bytes.length };
      view.acknowledge(place.offset);
    }
    if (place.offset >= machine.printed) break;
    await promise;
  }
  view[Symbol.dispose]();
  return { place, screen };
}

function scratch(): { path: string; [Symbol.dispose](): void } {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-recording-'));
  return { path: join(folder, 'a', 'alice'), [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

const looks = ({ core }: Screen) => screenState(core);
const settle = () => new Promise(setImmediate);

describe('a server that was killed', () => {
  it('leaves terminals to the next one, whose screens are equal cell for cell, however often and whenever', async () => {
    const text = fc.constantFrom(
      '\x1b[31m漢字\x1b[m',
      '\x1b[?1049h\x1b[2J\x1b[3;9r',
      '\x1b[?1049l',
      '\r\n',
      'e',
      '\u0301',
      '\x1b[',
      '3;4H',
      '\x1b(0qx',
    );
    const action = fc.oneof(
      text.map((print) => ({ print })),
      fc.record({ lines: fc.integer({ min: 1, max: 3_000 }) }),
      fc.record({ cols: fc.integer({ min: 10, max: 120 }), rows: fc.integer({ min: 3, max: 40 }) }),
      fc.constantFrom({ kill: true }, { look: true }, { type: true }),
    );
    const property = fc.asyncProperty(fc.array(action, { maxLength: 30, size: 'max' }), async (actions) => {
      using file = scratch();
      const machine = new LastingTerminal();
      let terminal = serve(machine, file.path);
      let page = await show(terminal, machine);
      let typed = '';
      for (const act of actions) {
        if ('print' in act) machine.print(act.print);
        if ('lines' in act) machine.print(`a line of some length, ${act.lines}\r\n`.repeat(act.lines));
        if ('cols' in act) {
          const view = terminal.view({ page: 'sizes', from: undefined, onReady: () => {}, onInputApplied: () => {} });
          view.resize(act);
          view.attend();
          view[Symbol.dispose]();
        }
        if ('look' in act) page = await show(terminal, machine, { from: page.place, copy: page.screen });
        if ('type' in act) {
          const view = terminal.view({ page: 'types', from: undefined, onReady: () => {}, onInputApplied: () => {} });
          view.type(0, Buffer.from(`${typed}k`));
          typed += 'k';
          view[Symbol.dispose]();
        }
        if ('kill' in act) {
          machine.cut();
          machine.print('printed while nobody was there\r\n');
          // Its memory is gone with it; only its file stays.
          const left = terminal;
          terminal = serve(machine, file.path);
          left[Symbol.dispose]();
          await settle();
        }
      }
      await settle();
      machine.print('\x18\r\n');
      const fresh = await show(terminal, machine);
      page = await show(terminal, machine, { from: page.place, copy: page.screen });
      assert.deepEqual(looks(fresh.screen), looks(machine.screen));
      assert.deepEqual(looks(page.screen), looks(machine.screen));
      // Answers to questions aside, of which there are none here.
      assert.equal(machine.input.toString(), typed);
      assert.deepEqual(failures, []);
      terminal[Symbol.dispose]();
    });
    await fc.assert(property, { numRuns: process.env.LONG === '1' ? 2_000 : 60 });
  });

  it('with the end of its file torn goes on from what was whole', async () => {
    using file = scratch();
    const machine = new LastingTerminal();
    const first = serve(machine, file.path);
    machine.print('one\r\n');
    await show(first, machine);
    machine.cut();
    first[Symbol.dispose]();
    const whole = statSync(file.path).size;
    // What was being written when it was killed, and what the machine has therefore not been told is safe.
    appendFileSync(file.path, readFileSync(file.path).subarray(-12, -3));
    machine.print('two\r\n');
    const second = serve(machine, file.path);
    await settle();
    const { screen } = await show(second, machine);
    assert.deepEqual(looks(screen), looks(machine.screen));
    assert.ok(statSync(file.path).size > whole);
    second[Symbol.dispose]();
  });

  it('whose file lacks what the machine has let go of is not believed', async () => {
    using file = scratch();
    const machine = new LastingTerminal();
    const first = serve(machine, file.path);
    machine.print('one\r\n');
    await show(first, machine);
    const old = readFileSync(file.path);
    machine.print('two\r\n');
    await show(first, machine);
    machine.cut();
    first[Symbol.dispose]();
    writeFileSync(file.path, old.subarray(0, 200));
    const second = serve(machine, file.path);
    machine.print('three\r\n');
    await settle();
    const { screen } = await show(second, machine);
    assert.deepEqual(looks(screen).normal.lines.filter(Boolean), ['three']);
    second[Symbol.dispose]();
  });
});

describe('a disk that takes nothing more', () => {
  it('costs a later server what it would have known, and this one nothing; it is said once', async () => {
    using file = scratch();
    writeFileSync(join(file.path, '..', '..', 'a'), 'a file in the folder’s place');
    const machine = new LastingTerminal();
    const before = failures.length;
    const terminal = serve(machine, file.path);
    for (let round = 0; round < 30; round += 1) {
      machine.print('a line\r\n'.repeat(4_000));
      await settle();
    }
    const { screen } = await show(terminal, machine);
    assert.deepEqual(looks(screen), looks(machine.screen));
    assert.equal(failures.length, before + 1);
    failures.length = before;
    terminal[Symbol.dispose]();
  });
});
