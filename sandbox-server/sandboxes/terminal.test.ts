import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { INPUT_BUFFER_BYTES, OUTPUT_HIGH_MARK_BYTES, OUTPUT_LOW_MARK_BYTES } from '../../protocol/limits.ts';
import { type MachineTerminal, type MachineTerminalEvents, TERMINAL_WINDOW_BYTES } from '../machines/driver.ts';
import { Terminal } from './terminal.ts';
import type { TerminalView } from './terminal-view.ts';

const KIB = 1024;
const HISTORY_BYTES = 512 * KIB;

/** The machine's side: prints as much of an endless stream as it may. */
class Printer implements MachineTerminal {
  readonly id = 'alice';
  readonly user = 'alice';
  readonly status = 'open';
  readonly inputApplied = 0;
  readonly outputStart = 0;
  readonly outputEnd = 0;
  readonly written: { offset: number; length: number }[] = [];
  printed = 0;
  acknowledged = 0;
  events: MachineTerminalEvents | undefined;

  listen(events: MachineTerminalEvents): void {
    this.events = events;
  }

  /** Prints up to `bytes` more; true when the window stopped it. */
  print(bytes: number): boolean {
    const length = Math.min(bytes, this.acknowledged + TERMINAL_WINDOW_BYTES - this.printed);
    const offset = this.printed;
    this.printed += length;
    if (length > 0) this.events?.output(offset, streamAt(offset, length));
    return length < bytes;
  }

  /** Until the window stops it, or this much is printed in all. */
  flood(limit: number): void {
    while (this.printed < limit && !this.print(Math.min(8 * KIB, limit - this.printed)));
  }

  write(offset: number, bytes: Uint8Array): void {
    this.written.push({ offset, length: bytes.length });
  }

  acknowledge(offset: number): void {
    assert.ok(offset >= 0 && offset <= this.printed);
    this.acknowledged = Math.max(this.acknowledged, offset);
  }

  resize(): void {}
  login(): void {}
}

const LINE = Buffer.from(Array.from({ length: 61 }, (_, index) => (index === 60 ? 10 : 32 + index)));
const LINES = Buffer.alloc(256 * KIB, LINE);

/** A stream in which every byte tells where it stands; a line ends every 61 bytes. */
function streamAt(offset: number, length: number): Uint8Array {
  return LINES.subarray(offset % LINE.length, (offset % LINE.length) + length);
}

function makeTerminal(holdMs = 60_000) {
  const printer = new Printer();
  const terminal = new Terminal({
    ...{ id: 'alice', role: 'host', machineTerminal: printer, historyBytes: HISTORY_BYTES, holdMs },
    events: {
      activity: () => undefined,
      inputApplied: () => undefined,
      lineEntered: () => undefined,
      status: () => undefined,
    },
  });
  return { printer, terminal };
}

/** A page: takes what it may, checks every byte, parses some of it. */
class Reader {
  next: number;
  parsed: number;
  resyncs = 0;
  readonly view: TerminalView;

  constructor(terminal: Terminal, from?: number) {
    this.view = terminal.view(from, () => undefined);
    this.next = from ?? 0;
    this.parsed = this.next;
  }

  takeAll(): void {
    for (let piece = this.view.take(); piece !== undefined; piece = this.view.take()) {
      if (piece.kind === 'resync') {
        this.resyncs += 1;
        this.next = piece.offset;
        this.parsed = piece.offset;
        continue;
      }
      assert.equal(piece.offset, this.next);
      assert.equal(Buffer.compare(piece.bytes, streamAt(piece.offset, piece.bytes.length)), 0);
      this.next += piece.bytes.length;
    }
    assert.ok(this.next - this.parsed <= OUTPUT_HIGH_MARK_BYTES);
  }

  parse(bytes: number): void {
    this.parsed = Math.min(this.next, this.parsed + bytes);
    assert.equal(this.view.acknowledge(this.parsed), true);
  }
}

describe('a terminal’s pace', () => {
  it('follows its only page, however slow, and lets it have every byte', () => {
    const { printer, terminal } = makeTerminal();
    const reader = new Reader(terminal);
    printer.flood(Number.MAX_SAFE_INTEGER);
    assert.equal(printer.printed, TERMINAL_WINDOW_BYTES);
    for (let round = 0; round < 50; round += 1) {
      reader.takeAll();
      reader.parse(10 * KIB);
      printer.flood(Number.MAX_SAFE_INTEGER);
      assert.equal(printer.printed, reader.parsed + TERMINAL_WINDOW_BYTES);
    }
    assert.equal(reader.resyncs, 0);
  });

  it('runs free when nobody has ever looked, and what is older than the history is gone', () => {
    const { printer, terminal } = makeTerminal();
    printer.flood(4 * HISTORY_BYTES);
    assert.equal(printer.printed, 4 * HISTORY_BYTES);
    const reader = new Reader(terminal);
    reader.takeAll();
    assert.equal(reader.resyncs, 1);
    assert.equal(reader.next - reader.parsed, OUTPUT_HIGH_MARK_BYTES);
  });

  it('after the last page went away keeps what that page lacks, and lets go when it does not come back', (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const { printer, terminal } = makeTerminal(60_000);
    const first = new Reader(terminal);
    printer.flood(100 * KIB);
    first.takeAll();
    first.parse(70 * KIB);
    first.view[Symbol.dispose]();
    printer.flood(Number.MAX_SAFE_INTEGER);
    assert.equal(printer.printed, first.parsed + HISTORY_BYTES);
    const second = new Reader(terminal, first.parsed);
    second.takeAll();
    assert.equal(second.resyncs, 0);
    second.view[Symbol.dispose]();
    context.mock.timers.tick(60_000);
    printer.flood(4 * HISTORY_BYTES);
    assert.equal(printer.printed, 4 * HISTORY_BYTES);
  });

  it('with two pages follows the slower, until that one has parsed nothing for three seconds', (context) => {
    context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
    const { printer, terminal } = makeTerminal();
    const slow = new Reader(terminal);
    const quick = new Reader(terminal);
    const turn = () => {
      printer.flood(Number.MAX_SAFE_INTEGER);
      quick.takeAll();
      quick.parse(Number.MAX_SAFE_INTEGER);
    };
    turn();
    turn();
    assert.equal(printer.printed, TERMINAL_WINDOW_BYTES);
    context.mock.timers.tick(2_999);
    turn();
    assert.equal(printer.printed, TERMINAL_WINDOW_BYTES);
    context.mock.timers.tick(1);
    for (let count = 0; count < 20; count += 1) turn();
    assert.ok(printer.printed > HISTORY_BYTES);
    assert.equal(quick.resyncs, 0);
    slow.takeAll();
    assert.equal(slow.resyncs, 1);
    slow.parse(1);
    const before = printer.printed;
    turn();
    turn();
    assert.ok(printer.printed <= before + TERMINAL_WINDOW_BYTES, 'a page that moves again sets the pace again');
  });

  it('whatever pages do, no page that moves sees a gap, and memory stays within the history', () => {
    const action = fc.record({
      do: fc.constantFrom('print', 'print', 'take', 'read', 'read', 'cut', 'reload'),
      bytes: fc.integer({ min: 1, max: 150 * KIB }),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80, size: 'max' }), (actions) => {
        const { printer, terminal } = makeTerminal();
        let reader = new Reader(terminal);
        for (const { do: act, bytes } of actions) {
          if (act === 'print') printer.print(bytes);
          if (act === 'take') reader.takeAll();
          if (act === 'read') {
            reader.takeAll();
            reader.parse(bytes);
          }
          if (act === 'cut' || act === 'reload') {
            const { next, parsed } = reader;
            reader.view[Symbol.dispose]();
            // More than the history holds, if nobody stopped it.
            printer.flood(printer.printed + 8 * bytes);
            // A reconnecting page asks from what it has received; a reloaded one has nothing.
            reader = new Reader(terminal, act === 'cut' ? next : undefined);
            // The first thing a page gets is where it begins.
            reader.takeAll();
            if (act === 'cut') {
              assert.equal(reader.resyncs, 0);
              assert.ok(next >= parsed);
            }
          }
          assert.ok(terminal.end - terminal.start <= HISTORY_BYTES + 32 * KIB);
        }
        reader.takeAll();
      }),
      { numRuns: 300 },
    );
  });
});

describe('a view', () => {
  it('stops at the high mark and goes on at the low one', () => {
    const { printer, terminal } = makeTerminal();
    printer.flood(3 * HISTORY_BYTES);
    const reader = new Reader(terminal);
    reader.takeAll();
    const full = reader.next;
    reader.parse(OUTPUT_HIGH_MARK_BYTES - OUTPUT_LOW_MARK_BYTES - 1);
    reader.takeAll();
    assert.equal(reader.next, full);
    reader.parse(1);
    reader.takeAll();
    assert.ok(reader.next > full);
  });

  it('does not believe an acknowledgement of what it never handed out', () => {
    const { printer, terminal } = makeTerminal();
    printer.flood(1_000);
    const view = terminal.view(undefined, () => undefined);
    assert.equal(view.acknowledge(1), false);
    view.take();
    assert.equal(view.acknowledge(1_000), true);
    assert.equal(view.acknowledge(10), true);
    assert.equal(printer.acknowledged, 1_000);
  });

  it('disposed twice counts once', () => {
    const { printer, terminal } = makeTerminal();
    const gone = terminal.view(undefined, () => undefined);
    gone[Symbol.dispose]();
    const reader = new Reader(terminal);
    gone[Symbol.dispose]();
    printer.flood(Number.MAX_SAFE_INTEGER);
    assert.equal(printer.printed, TERMINAL_WINDOW_BYTES);
    reader.takeAll();
  });
});

describe('a terminal’s input', () => {
  it('is passed on with its offset, once; a gap and too much are refused', () => {
    const { printer, terminal } = makeTerminal();
    assert.equal(terminal.write(0, Buffer.from('abc')), 'taken');
    assert.equal(terminal.write(0, Buffer.from('abcd')), 'taken');
    assert.equal(terminal.write(5, Buffer.from('x')), 'gap');
    assert.equal(terminal.write(4, Buffer.alloc(INPUT_BUFFER_BYTES)), 'overrun');
    printer.events?.inputApplied(4);
    assert.equal(terminal.write(4, Buffer.alloc(INPUT_BUFFER_BYTES)), 'taken');
    assert.deepEqual(printer.written, [
      { offset: 0, length: 3 },
      { offset: 3, length: 1 },
      { offset: 4, length: INPUT_BUFFER_BYTES },
    ]);
    assert.equal(terminal.input, 4);
  });

  it('waits for nobody once it is over, though its last page leaves after that', (context) => {
    const { printer, terminal } = makeTerminal();
    const view = terminal.view(undefined, () => undefined);
    printer.print(100);
    const timers = context.mock.method(globalThis, 'setTimeout');
    terminal[Symbol.dispose]();
    view[Symbol.dispose]();
    assert.equal(timers.mock.callCount(), 0);
    // Before its end it would wait for the page to come back.
    const { terminal: living } = makeTerminal();
    living.view(undefined, () => undefined)[Symbol.dispose]();
    assert.equal(timers.mock.callCount(), 1);
    living[Symbol.dispose]();
  });
});
