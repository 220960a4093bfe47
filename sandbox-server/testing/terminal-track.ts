import { EMPTY_TERMINAL } from '../../protocol/terminal-copy.ts';
import type { Place } from '../sandboxes/recording.ts';
import { Screen } from '../sandboxes/screen/screen.ts';
import type { NumberedSize } from '../sandboxes/sizes.ts';

/** What one page has of one terminal's output: where it stands, and what it looks like. */
export class TerminalTrack {
  /** Where it last began anew. */
  start = 0;
  end = 0;
  size = 0;
  acknowledged = 0;
  /** How often it began anew with something to show already, or with a screen that somebody else knew. */
  snapshots = 0;
  /** Output as it was printed, since `start`. */
  readonly chunks: Uint8Array[] = [];
  /** The screen as this page shows it; only kept where a test asked for it. */
  readonly copy: Screen | undefined;
  /** Of a snapshot under way; null before it ever began. */
  #screenBytesDue: number | null = null;
  readonly #hasText: boolean;

  constructor({ hasCopy, hasText }: { hasCopy: boolean; hasText: boolean }) {
    this.#hasText = hasText;
    this.copy = hasCopy ? new Screen({ cols: 80, rows: 24 }) : undefined;
  }

  /** It can be gone on from: half a snapshot is nothing. */
  get isWhole(): boolean {
    return this.#screenBytesDue === 0;
  }

  /** As a page that says so has it. */
  standAt({ offset, size }: Place): void {
    Object.assign(this, { start: offset, end: offset, acknowledged: offset, size });
    this.#screenBytesDue = 0;
  }

  /** Returns what is wrong with it. */
  beginAnew({ offset, size, cols, rows, bytes }: { bytes: number } & Omit<NumberedSize, 'number'> & { size: number }) {
    if (bytes > 0 || this.end > 0) this.snapshots += 1;
    this.start = offset;
    this.end = offset;
    this.acknowledged = offset;
    this.size = size;
    this.chunks.length = 0;
    this.#screenBytesDue = bytes;
    this.copy?.feed(Buffer.from(EMPTY_TERMINAL));
    this.copy?.resize({ cols, rows });
  }

  resize({ offset, size, cols, rows }: Omit<NumberedSize, 'number'> & { size: number }): string | undefined {
    if (offset !== this.end) return `size ${size} came for ${offset}, at ${this.end}`;
    if (size !== this.size + 1) return `size ${size} came after ${this.size}`;
    this.size = size;
    this.copy?.resize({ cols, rows });
    return undefined;
  }

  screen(bytes: Uint8Array): string | undefined {
    this.#screenBytesDue = (this.#screenBytesDue ?? 0) - bytes.length;
    this.copy?.feed(bytes);
    return this.#screenBytesDue < 0 ? 'more of a snapshot than was announced' : undefined;
  }

  output(offset: number, bytes: Uint8Array): string | undefined {
    if (this.#screenBytesDue !== 0) return 'output before the end of a snapshot';
    const fault = offset === this.end ? undefined : `went on at ${offset} where ${this.end} was due`;
    if (this.#hasText) this.chunks.push(bytes);
    this.end = offset + bytes.length;
    this.copy?.feed(bytes);
    return fault;
  }
}
