import { Duplex } from 'node:stream';
import { CHANNEL_WINDOW_BYTES, encodeFrame, encodeOffset, FRAME_KINDS, MAX_PAYLOAD_BYTES } from './mux-frames.ts';

/** What is read is acknowledged in steps of this. */
const ACK_EVERY_BYTES = CHANNEL_WINDOW_BYTES / 8;

/**
 * One byte stream of a connection with a mux. What was sent is kept until it is acknowledged, and sent again on another
 * connection; what comes is acknowledged once somebody has read it, so that neither end holds more than a window.
 */
export class MuxChannel extends Duplex {
  readonly number: number;
  readonly #send: (frame: Buffer) => void;
  readonly #onClose: () => void;
  #received = 0;
  #told = 0;
  /** Sent and not acknowledged: the bytes from `#acknowledged` on. */
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #acknowledged = 0;
  #waiting: { bytes: Buffer; done: () => void } | undefined;
  #end: number | undefined;

  constructor(number: number, { send, onClose }: { send: (frame: Buffer) => void; onClose: () => void }) {
    super({ allowHalfOpen: false });
    this.number = number;
    this.#send = send;
    this.#onClose = onClose;
  }

  /** Offset of the next byte from the mux. */
  get received(): number {
    return this.#received;
  }

  /** False when that is more than a mux may send. */
  receive(bytes: Buffer): boolean {
    const received = this.#received + bytes.length;
    if (received - this.#told > CHANNEL_WINDOW_BYTES) return false;
    this.#received = received;
    if (!this.destroyed) this.push(bytes);
    this.#acknowledge();
    this.#endIfComplete();
    return true;
  }

  /** The other side is closed; that much comes before it. */
  endAt(offset: number): void {
    this.#end = offset;
    this.#endIfComplete();
  }

  /** The mux has it up to there. False when that was never sent. */
  acknowledge(offset: number): boolean {
    if (!this.#forget(offset)) return false;
    this.#sendWaiting();
    return true;
  }

  /** On another connection: the mux has it up to there, and gets the rest once more, before anything new. */
  goOnFrom(offset: number): boolean {
    if (!this.#forget(offset)) return false;
    // The mux was told how far it has come, and counts that as read.
    this.#told = Math.max(this.#told, this.#received);
    for (const piece of this.#kept) this.#send(encodeFrame(FRAME_KINDS.data, this.number, piece));
    this.#sendWaiting();
    return true;
  }

  override _read(): void {
    this.#acknowledge();
  }

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.#waiting = { bytes, done };
    this.#sendWaiting();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#waiting?.done();
    this.#waiting = undefined;
    this.#onClose();
    done(error);
  }

  #forget(offset: number): boolean {
    let count = offset - this.#acknowledged;
    if (!(count <= this.#keptBytes)) return false;
    if (count <= 0) return true;
    this.#acknowledged = offset;
    this.#keptBytes -= count;
    while (count > 0) {
      const [first] = this.#kept;
      if (first === undefined) break;
      if (first.length > count) this.#kept[0] = first.subarray(count);
      else this.#kept.shift();
      count -= first.length;
    }
    return true;
  }

  #sendWaiting(): void {
    while (this.#waiting && this.#keptBytes < CHANNEL_WINDOW_BYTES) {
      const { bytes, done } = this.#waiting;
      const piece = bytes.subarray(0, Math.min(MAX_PAYLOAD_BYTES, CHANNEL_WINDOW_BYTES - this.#keptBytes));
      this.#kept.push(piece);
      this.#keptBytes += piece.length;
      this.#send(encodeFrame(FRAME_KINDS.data, this.number, piece));
      const rest = bytes.subarray(piece.length);
      this.#waiting = rest.length > 0 ? { bytes: rest, done } : undefined;
      if (rest.length === 0) done();
    }
  }

  #acknowledge(): void {
    const consumed = this.#received - (this.destroyed ? 0 : this.readableLength);
    const news = consumed - this.#told;
    if (news <= 0 || (news < ACK_EVERY_BYTES && this.readableLength > 0)) return;
    this.#told = consumed;
    this.#send(encodeFrame(FRAME_KINDS.ack, this.number, encodeOffset(consumed)));
  }

  #endIfComplete(): void {
    if (this.#end === this.#received && !this.readableEnded && !this.destroyed) this.push(null);
  }
}
