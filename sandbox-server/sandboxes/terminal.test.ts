import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { INPUT_BUFFER_BYTES, OUTPUT_HIGH_MARK_BYTES, OUTPUT_LOW_MARK_BYTES } from '../../protocol/limits.ts';
import { EMPTY_TERMINAL, type TerminalSize } from '../../protocol/terminal-copy.ts';
import { type MachineTerminal, type MachineTerminalEvents, TERMINAL_WINDOW_BYTES } from '../machines/driver.ts';
import { screenState } from '../testing/screen-state.ts';
import type { Place } from './recording.ts';
import { Screen } from './screen/screen.ts';
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
  readonly written: string[] = [];
  readonly sizes: TerminalSize[] = [];
  /** All of it, on a terminal of its own. */
  readonly screen = new Screen({ cols: 80, rows: 24 });
  printed = 0;
  acknowledged = 0;
  typed = 0;
  events: MachineTerminalEvents | undefined;

  listen(events: MachineTerminalEvents): void {
    this.events = events;
  }

  say(text: string): void {
    const bytes = Buffer.from(text);
    const offset = this.printed;
    this.printed += bytes.length;
    this.screen.feed(bytes);
    this.events?.output(offset, bytes);
  }

  /** Prints up to `bytes` more; true when the window stopped it. */
  print(bytes: number): boolean {
    const length = Math.min(bytes, this.acknowledged + TERMINAL_WINDOW_BYTES - this.printed);
    if (length > 0) this.say(streamAt(this.printed, length).toString());
    return length < bytes;
  }

  /** Until the window stops it, or this much is printed in all. */
  flood(limit: number): void {
    while (this.printed < limit && !this.print(Math.min(8 * KIB, limit - this.printed)));
  }

  write(offset: number, bytes: Uint8Array): void {
    assert.equal(offset, this.typed);
    this.typed += bytes.length;
    this.written.push(Buffer.from(bytes).toString());
  }

  acknowledge(offset: number): void {
    assert.ok(offset >= 0 && offset <= this.printed);
    this.acknowledged = Math.max(this.acknowledged, offset);
  }

  resize(cols: number, rows: number): void {
    this.sizes.push({ cols, rows });
    this.screen.resize({ cols, rows });
  }

  login(): void {}
}

const LINE = Buffer.from(Array.from({ length: 61 }, (_, index) => (index === 60 ? 10 : 32 + index)));
const LINES = Buffer.alloc(256 * KIB, LINE);

/** A stream in which every byte tells where it stands; a line ends every 61 bytes. */
function streamAt(offset: number, length: number): Buffer {
  return LINES.subarray(offset % LINE.length, (offset % LINE.length) + length);
}

function makeTerminal() {
  const printer = new Printer();
  const lost: unknown[] = [];
  const terminal = new Terminal({
    ...{ id: 'alice', role: 'host', machineTerminal: printer, historyBytes: HISTORY_BYTES, recordingPath: null },
    events: {
      activity: () => undefined,
      lineEntered: () => undefined,
      status: () => undefined,
      screenLost: (cause) => lost.push(cause),
      recordingFailed: (cause) => lost.push(cause),
    },
  });
  return { printer, terminal, lost };
}

let pages = 0;

interface ReaderOptions {
  readonly page?: string;
  readonly from?: Place;
  readonly copy?: Screen;
}

/** A page: takes what it may, checks that nothing is left out, parses some of it, and shows it. */
class Reader {
  readonly page: string;
  readonly view: TerminalView;
  readonly copy: Screen;
  place: Place;
  parsed: number;
  snapshots = 0;
  applied = 0;
  isReady = false;
  #wake: () => void = () => undefined;

  constructor(terminal: Terminal, { page = `page ${pages}`, from, copy }: ReaderOptions = {}) {
    pages += 1;
    this.page = page;
    this.copy = copy ?? new Screen({ cols: 80, rows: 24 });
    this.place = from ?? { offset: 0, size: 0 };
    this.parsed = this.place.offset;
    const onReady = () => this.#wake();
    const onInputApplied = (offset: number) => {
      this.applied = offset;
    };
    this.view = terminal.view({ page, from, onReady, onInputApplied });
  }

  /** Takes all there is at once. */
  takeAll(): void {
    for (let piece = this.view.take(); piece !== undefined; piece = this.view.take()) {
      if (piece.kind === 'screen') this.#begin(piece.base);
      else if (piece.kind === 'screenBytes') this.copy.feed(piece.bytes);
      else if (piece.kind === 'size') {
        assert.equal(piece.size.number, this.place.size + 1);
        assert.equal(piece.size.offset, this.place.offset);
        this.place = { ...this.place, size: piece.size.number };
        this.copy.resize(piece.size);
      } else {
        assert.equal(piece.offset, this.place.offset);
        this.place = { ...this.place, offset: piece.offset + piece.bytes.length };
        this.copy.feed(piece.bytes);
      }
    }
    assert.ok(this.place.offset - this.parsed <= OUTPUT_HIGH_MARK_BYTES);
  }

  parse(bytes: number): void {
    this.parsed = Math.min(this.place.offset, this.parsed + bytes);
    assert.equal(this.view.acknowledge(this.parsed), true);
  }

  /** Everything up to `offset`, parsing all the time. */
  async read(offset: number): Promise<void> {
    for (;;) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      this.takeAll();
      this.parse(Number.MAX_SAFE_INTEGER);
      this.takeAll();
      if (this.place.offset >= offset) return;
      await promise;
    }
  }

  #begin({ offset, size, cols, rows }: Place & TerminalSize): void {
    if (offset > 0) this.snapshots += 1;
    this.place = { offset, size };
    this.parsed = offset;
    this.copy.feed(Buffer.from(EMPTY_TERMINAL));
    this.copy.resize({ cols, rows });
  }
}

/** Prints without end, as long as anybody lets it. */
async function floodTo(printer: Printer, limit: number): Promise<void> {
  while (printer.printed < limit) {
    printer.flood(limit);
    await new Promise(setImmediate);
  }
}

const looks = ({ core }: Screen) => screenState(core);

describe('a terminal’s pace', () => {
  it('follows its only page, however slow, and lets it have every byte', () => {
    const { printer, terminal } = makeTerminal();
    const reader = new Reader(terminal);
    printer.flood(Number.MAX_SAFE_INTEGER);
    assert.equal(printer.printed, TERMINAL_WINDOW_BYTES);
    for (let round = 0; round < 20; round += 1) {
      reader.takeAll();
      reader.parse(10 * KIB);
      printer.flood(Number.MAX_SAFE_INTEGER);
      assert.equal(printer.printed, reader.parsed + TERMINAL_WINDOW_BYTES);
    }
    assert.equal(reader.snapshots, 0);
  });

  it('runs free when nobody looks, as fast as the screen is kept, and a page that comes later misses nothing of it', async () => {
    const { printer, terminal } = makeTerminal();
    printer.flood(Number.MAX_SAFE_INTEGER);
    // The event loop has not turned: what is not summed up yet may not grow without end.
    assert.equal(printer.printed, HISTORY_BYTES + TERMINAL_WINDOW_BYTES);
    await floodTo(printer, 6 * HISTORY_BYTES);
    const reader = new Reader(terminal);
    await reader.read(printer.printed);
    assert.equal(reader.snapshots, 1);
    assert.deepEqual(looks(reader.copy), looks(printer.screen));
    assert.equal(looks(reader.copy).normal.lines.length, 2_024);
  });

  it('follows the page that was attended to last; another one that is too slow begins anew', async () => {
    const { printer, terminal } = makeTerminal();
    const slow = new Reader(terminal);
    slow.view.attend();
    const quick = new Reader(terminal);
    printer.flood(Number.MAX_SAFE_INTEGER);
    await quick.read(printer.printed);
    assert.equal(printer.printed, TERMINAL_WINDOW_BYTES, 'the slow one leads');
    quick.view.type(0, Buffer.from('x'));
    while (printer.printed < 4 * HISTORY_BYTES) {
      printer.flood(4 * HISTORY_BYTES);
      await quick.read(printer.printed);
      await new Promise(setImmediate);
    }
    assert.equal(quick.snapshots, 0);
    await slow.read(printer.printed);
    assert.equal(slow.snapshots, 1);
    assert.deepEqual(looks(slow.copy), looks(printer.screen));
    assert.deepEqual(looks(quick.copy), looks(printer.screen));
  });

  it('goes on when the page that led has gone', async () => {
    const { printer, terminal } = makeTerminal();
    const reader = new Reader(terminal);
    printer.flood(Number.MAX_SAFE_INTEGER);
    reader.view[Symbol.dispose]();
    reader.view[Symbol.dispose]();
    await floodTo(printer, 2 * HISTORY_BYTES);
  });

  it('whatever pages do, every page that has read to the end looks like the machine’s own terminal', async () => {
    const action = fc.record({
      do: fc.constantFrom('print', 'say', 'take', 'read', 'cut', 'reload', 'box', 'focus', 'turn'),
      bytes: fc.integer({ min: 1, max: 150 * KIB }),
      text: fc.constantFrom(
        '\x1b[31m漢字\x1b[m',
        '\x1b[?1049h\x1b[2J',
        '\x1b[?1049l',
        '\x1b[3;9r',
        '\x1b[r',
        'e',
        '\u0301',
        '\x1b[',
      ),
      who: fc.nat(1),
    });
    const property = fc.asyncProperty(fc.array(action, { maxLength: 40, size: 'max' }), async (actions) => {
      const { printer, terminal, lost } = makeTerminal();
      const readers = [new Reader(terminal), new Reader(terminal)];
      for (const { do: act, bytes, text, who } of actions) {
        const reader = readers[who]!;
        if (act === 'print') printer.print(bytes);
        if (act === 'say' && printer.printed < printer.acknowledged + TERMINAL_WINDOW_BYTES) printer.say(text);
        if (act === 'take') reader.takeAll();
        if (act === 'read') reader.parse(bytes);
        if (act === 'box') reader.view.resize({ cols: 20 + (bytes % 90), rows: 5 + (bytes % 40) });
        if (act === 'focus') reader.view.attend();
        if (act === 'turn') await new Promise(setImmediate);
        if (act === 'cut' || act === 'reload') {
          reader.view[Symbol.dispose]();
          printer.flood(printer.printed + 8 * bytes);
          const { page, place: from, copy } = reader;
          readers[who] = new Reader(terminal, act === 'cut' ? { page, from, copy } : {});
        }
      }
      // Whatever sequence is under way, and whoever leads, it ends.
      for (;;) {
        await Promise.all(readers.map((reader) => reader.read(printer.printed)));
        if (printer.printed < printer.acknowledged + TERMINAL_WINDOW_BYTES) break;
      }
      printer.say('\x18\r\n');
      await Promise.all(readers.map((reader) => reader.read(printer.printed)));
      for (const { copy } of readers) assert.deepEqual(looks(copy), looks(printer.screen));
      assert.deepEqual(lost, []);
      terminal[Symbol.dispose]();
    });
    await fc.assert(property, { numRuns: process.env.LONG === '1' ? 2_000 : 60 });
  });
});

describe('a terminal’s size', () => {
  it('is that of the page which leads, and every page takes it at the same place of the output', async () => {
    const { printer, terminal } = makeTerminal();
    const one = new Reader(terminal);
    one.view.resize({ cols: 100, rows: 30 });
    printer.say('a line that is as long as it is, and therefore wraps in a narrow terminal\r\n');
    const two = new Reader(terminal);
    two.view.resize({ cols: 40, rows: 10 });
    assert.deepEqual(printer.sizes.at(-1), { cols: 40, rows: 10 }, 'a page that nobody has attended to yet counts');
    one.view.attend();
    assert.deepEqual(printer.sizes.at(-1), { cols: 100, rows: 30 });
    two.view.resize({ cols: 50, rows: 12 });
    assert.deepEqual(terminal.size.cols, 100);
    two.view.type(0, Buffer.from('x'));
    assert.deepEqual(printer.sizes.at(-1), { cols: 50, rows: 12 });
    printer.say('another line\r\n');
    for (const reader of [one, two]) {
      await reader.read(printer.printed);
      assert.deepEqual(looks(reader.copy), looks(printer.screen));
    }
    two.view[Symbol.dispose]();
    assert.deepEqual(terminal.size.cols, 50, 'it changes when somebody acts, not when somebody goes');
  });

  it('settles: two pages with different boxes do not answer each other', () => {
    const { printer, terminal } = makeTerminal();
    const [one, two] = [new Reader(terminal), new Reader(terminal)];
    for (const [{ view }, cols] of [
      [one, 90],
      [two, 60],
    ] as const) {
      view.attend();
      view.resize({ cols, rows: 20 });
    }
    const settled = printer.sizes.length;
    for (let round = 0; round < 5; round += 1) {
      one.view.resize({ cols: 90, rows: 20 });
      two.view.resize({ cols: 60, rows: 20 });
    }
    assert.equal(printer.sizes.length, settled);
  });

  it('changed more often than can be kept is taken when there is room again', async () => {
    const { printer, terminal } = makeTerminal();
    const reader = new Reader(terminal);
    for (let cols = 20; cols < 400; cols += 1) reader.view.resize({ cols, rows: 20 });
    printer.say('x\r\n');
    await reader.read(printer.printed);
    while (terminal.size.cols !== 399) {
      await new Promise(setImmediate);
      reader.view.resize({ cols: 399, rows: 20 });
    }
    await reader.read(printer.printed);
    reader.takeAll();
    assert.deepEqual(looks(reader.copy), looks(printer.screen));
  });
});

describe('a program’s question', () => {
  const answers = async (printer: Printer, count: number) => {
    while (printer.written.length < count) await new Promise(setImmediate);
    return printer.written;
  };

  it('is answered once, by the server, whoever looks', async () => {
    for (const viewers of [0, 1, 2]) {
      const { printer, terminal } = makeTerminal();
      const readers = Array.from({ length: viewers }, () => new Reader(terminal));
      printer.say('\x1b[5;7H\x1b[6n');
      assert.deepEqual(await answers(printer, 1), ['\x1b[5;7R']);
      for (const reader of readers) await reader.read(printer.printed);
      const late = new Reader(terminal);
      await late.read(printer.printed);
      printer.say('\x1b[c');
      assert.deepEqual(await answers(printer, 2), ['\x1b[5;7R', '\x1b[?1;2c']);
      terminal[Symbol.dispose]();
    }
  });

  it('is answered from the right place, wherever it is cut and whatever was printed before', async () => {
    const question = '\x1b[12;34H\x1b[6n';
    for (let cut = 1; cut < question.length; cut += 1) {
      const { printer, terminal } = makeTerminal();
      printer.flood(100 * KIB);
      printer.say(question.slice(0, cut));
      await new Promise(setImmediate);
      printer.say(question.slice(cut));
      assert.deepEqual(await answers(printer, 1), ['\x1b[12;34R']);
      terminal[Symbol.dispose]();
    }
  });

  it('is not answered again when a snapshot is made of what came before and after it', async () => {
    const { printer, terminal } = makeTerminal();
    printer.say('\x1b[c');
    await answers(printer, 1);
    await floodTo(printer, 4 * HISTORY_BYTES);
    const reader = new Reader(terminal);
    await reader.read(printer.printed);
    printer.say('\x1b[5n');
    assert.deepEqual(await answers(printer, 2), ['\x1b[?1;2c', '\x1b[0n']);
  });

  it('without end, from a program that reads nothing, fills no memory', async () => {
    const { printer, terminal } = makeTerminal();
    for (let round = 0; round < 20; round += 1) {
      printer.say('\x1b[c'.repeat(2_000));
      await new Promise(setImmediate);
    }
    const reader = new Reader(terminal);
    await reader.read(printer.printed);
    assert.ok(printer.typed <= INPUT_BUFFER_BYTES);
  });
});

describe('a view', () => {
  it('stops at the high mark and goes on at the low one', async () => {
    const { printer, terminal } = makeTerminal();
    const other = new Reader(terminal);
    const leader = new Reader(terminal);
    leader.view.attend();
    while (printer.printed < 300 * KIB) {
      printer.flood(300 * KIB);
      await leader.read(printer.printed);
    }
    other.takeAll();
    assert.equal(other.place.offset, OUTPUT_HIGH_MARK_BYTES);
    other.parse(OUTPUT_HIGH_MARK_BYTES - OUTPUT_LOW_MARK_BYTES - 1);
    other.takeAll();
    assert.equal(other.place.offset, OUTPUT_HIGH_MARK_BYTES);
    other.parse(1);
    other.takeAll();
    assert.equal(other.place.offset, printer.printed);
  });

  it('does not believe an acknowledgement of what it never handed out', () => {
    const { printer, terminal } = makeTerminal();
    printer.flood(1_000);
    const reader = new Reader(terminal);
    assert.equal(reader.view.take()?.kind, 'screen');
    assert.equal(reader.view.acknowledge(1), false);
    reader.view.take();
    assert.equal(reader.view.acknowledge(1_000), true);
    assert.equal(reader.view.acknowledge(10), true);
    assert.equal(printer.acknowledged, 1_000);
  });
});

describe('a terminal’s input', () => {
  it('of several pages reaches the machine in one order; a gap and too much are refused', () => {
    const { printer, terminal } = makeTerminal();
    const [one, two] = [new Reader(terminal), new Reader(terminal)];
    assert.equal(one.view.type(0, Buffer.from('abc')), 'taken');
    assert.equal(two.view.type(0, Buffer.from('xy')), 'taken');
    assert.equal(one.view.type(0, Buffer.from('abcd')), 'taken');
    assert.equal(one.view.type(6, Buffer.from('x')), 'gap');
    assert.deepEqual(printer.written, ['abc', 'xy', 'd']);
    printer.events?.inputApplied(4);
    assert.deepEqual([one.applied, two.applied, terminal.input], [3, 1, 4]);
    printer.events?.inputApplied(6);
    assert.deepEqual([one.applied, two.applied], [4, 2]);
    assert.equal(one.view.type(4, Buffer.alloc(INPUT_BUFFER_BYTES)), 'taken');
    assert.equal(one.view.type(4 + INPUT_BUFFER_BYTES, Buffer.from('x')), 'overrun');
  });

  it('that a page sends again after its connection was cut is known by the page’s name', () => {
    const { printer, terminal } = makeTerminal();
    const one = new Reader(terminal);
    one.view.type(0, Buffer.from('abc'));
    one.view[Symbol.dispose]();
    const two = new Reader(terminal);
    two.view.type(0, Buffer.from('xy'));
    const again = new Reader(terminal, { page: one.page });
    again.view.type(0, Buffer.from('abcdef'));
    assert.deepEqual(printer.written, ['abc', 'xy', 'def']);
  });
});
