import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Base } from '../recording.ts';
import type { NumberedSize } from '../sizes.ts';
import type { OrderedInput, TypistsRecord } from '../typists.ts';
import { decodeRecords, encodeRecord, type FileRecord, MAGIC } from './record.ts';

/** What followed the base, in order. */
export type Kept =
  | { readonly kind: 'output'; readonly bytes: Uint8Array }
  | { readonly kind: 'size'; readonly size: NumberedSize };

/** A terminal as an earlier server knew it. */
export interface KeptTerminal {
  readonly base: Base;
  readonly events: readonly Kept[];
  readonly typists: TypistsRecord;
  readonly inputs: readonly OrderedInput[];
}

/**
 * A terminal's recording on disk, so that a server that is killed leaves it to the next: the base, and after it whatever
 * happened, appended before anybody is told. Plain writes: what the kernel has taken survives the process, and a host
 * that goes down takes the machine with it. With each base the file is written anew.
 *
 * A disk that is full, or any other failure, ends the file until the next base; the terminal goes on without.
 */
export class RecordingFile implements Disposable {
  readonly #path: string;
  readonly #onFailure: (cause: unknown) => void;
  #file: number | undefined;
  #hasFailed = false;

  constructor(path: string, onFailure: (cause: unknown) => void) {
    this.#path = path;
    this.#onFailure = onFailure;
  }

  /** What is there, if it can be made sense of; a torn end is cut off. Appending goes on behind it. */
  read(): KeptTerminal | undefined {
    try {
      const file = readFileSync(this.#path);
      const { records, end } = decodeRecords(file);
      if (end < file.length) truncateSync(this.#path, end);
      const kept = interpret(records);
      if (kept !== undefined) this.#file = openSync(this.#path, 'a');
      return kept;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') this.#fail(cause);
      return undefined;
    }
  }

  output(bytes: Uint8Array): void {
    this.#append({ kind: 'output', facts: null, bytes });
  }

  size(size: NumberedSize): void {
    this.#append({ kind: 'size', facts: size, bytes: NOTHING });
  }

  input(input: OrderedInput): void {
    this.#append(inputRecord(input));
  }

  /** From now on the terminal is this. */
  begin({ base, events, typists, inputs }: KeptTerminal): void {
    const { bytes, ...place } = base;
    const records: FileRecord[] = [
      { kind: 'base', facts: place, bytes },
      { kind: 'typists', facts: typists, bytes: NOTHING },
      ...inputs.map(inputRecord),
      ...events.map(eventRecord),
    ];
    this.#close();
    const next = `${this.#path}.next`;
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      this.#file = openSync(next, 'w', 0o600);
      this.#write(Buffer.concat([MAGIC, ...records.map(encodeRecord)]));
      renameSync(next, this.#path);
      this.#hasFailed = false;
    } catch (cause) {
      this.#fail(cause);
    }
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  #append(record: FileRecord): void {
    if (this.#file === undefined) return;
    try {
      this.#write(encodeRecord(record));
    } catch (cause) {
      this.#fail(cause);
    }
  }

  #write(data: Buffer): void {
    if (this.#file === undefined) return;
    // A disk that is nearly full takes a part.
    for (let written = 0; written < data.length; ) written += writeSync(this.#file, data, written);
  }

  /** What is there now would be believed, and is not whole. */
  #fail(cause: unknown): void {
    this.#close();
    for (const path of [this.#path, `${this.#path}.next`]) remove(path);
    if (!this.#hasFailed) this.#onFailure(cause);
    this.#hasFailed = true;
  }

  #close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** As far as that goes: what cannot be removed lacks what the machine has let go of, and is found out by that. */
function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {}
}

const NOTHING = new Uint8Array();

function inputRecord({ bytes, ...place }: OrderedInput): FileRecord {
  return { kind: 'input', facts: place, bytes };
}

function eventRecord(event: Kept): FileRecord {
  if (event.kind === 'size') return { kind: 'size', facts: event.size, bytes: NOTHING };
  return { kind: 'output', facts: null, bytes: event.bytes };
}

/** The server wrote it and checksums hold: what a record says is what was said. */
function interpret(records: readonly FileRecord[]): KeptTerminal | undefined {
  const [first, second, ...rest] = records;
  if (first?.kind !== 'base' || second?.kind !== 'typists') return undefined;
  const inputs: OrderedInput[] = [];
  const events: Kept[] = [];
  for (const { kind, facts, bytes } of rest) {
    if (kind === 'input') inputs.push({ ...(facts as Omit<OrderedInput, 'bytes'>), bytes });
    else if (kind === 'output') events.push({ kind, bytes });
    else if (kind === 'size') events.push({ kind, size: facts as NumberedSize });
  }
  const base = { ...(first.facts as Omit<Base, 'bytes'>), bytes: first.bytes };
  return { base, events, inputs, typists: second.facts as TypistsRecord };
}
