/** What is spoken with a machine's mux (runner/mux.pl): docs/mux-protocol.md explains it, and a test compares the two. */

export const MUX_VERSION = 1;

/** Kind (1 byte), channel (2), length of the payload (4), all big endian; then the payload. */
export const FRAME_KINDS = { hello: 1, data: 2, ack: 3, ping: 4, pong: 5 } as const;
export type FrameKind = (typeof FRAME_KINDS)[keyof typeof FRAME_KINDS];
export const FRAME_HEADER_BYTES = 7;
export const MAX_PAYLOAD_BYTES = 64 * 1024;
/** Most of a channel, in one direction, that is not acknowledged yet. Its sender keeps so much. */
export const CHANNEL_WINDOW_BYTES = 128 * 1024;
/** Channel of lines of text, there from the beginning. */
export const LINES_CHANNEL = 0;
/** Longest line on it. */
export const MAX_LINE_BYTES = 8 * 1024;
/** The first monitor, as a channel's name; the others are called as QEMU's sockets are. */
export const FIRST_MONITOR = 'first-monitor';

export interface Frame {
  readonly kind: number;
  readonly channel: number;
  readonly payload: Buffer;
}

export function encodeFrame(kind: FrameKind, channel: number, payload: Uint8Array = new Uint8Array()): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + payload.length);
  frame.writeUInt8(kind, 0);
  frame.writeUInt16BE(channel, 1);
  frame.writeUInt32BE(payload.length, 3);
  frame.set(payload, FRAME_HEADER_BYTES);
  return frame;
}

/** The frames that are complete in `bytes`, and how many bytes those are. `undefined`: no mux says that. */
export function parseFrames(bytes: Buffer): { frames: Frame[]; parsed: number } | undefined {
  const frames: Frame[] = [];
  let at = 0;
  while (bytes.length - at >= FRAME_HEADER_BYTES) {
    const length = bytes.readUInt32BE(at + 3);
    if (length > MAX_PAYLOAD_BYTES) return undefined;
    const end = at + FRAME_HEADER_BYTES + length;
    if (bytes.length < end) break;
    const payload = bytes.subarray(at + FRAME_HEADER_BYTES, end);
    frames.push({ kind: bytes.readUInt8(at), channel: bytes.readUInt16BE(at + 1), payload });
    at = end;
  }
  return { frames, parsed: at };
}

export function encodeOffset(offset: number): Buffer {
  const payload = Buffer.alloc(8);
  payload.writeBigUInt64BE(BigInt(offset));
  return payload;
}

export const decodeOffset = (payload: Buffer): number =>
  payload.length === 8 ? Number(payload.readBigUInt64BE()) : Number.NaN;
