/**
 * Binary WebSocket frames: terminal bytes behind a fixed header of 10 bytes.
 *
 * | byte | meaning |
 * |---|---|
 * | 0 | kind: 1 output (server → browser), 2 input (browser → server), 3 screen (server → browser) |
 * | 1 | index of the terminal in `state.terminals` |
 * | 2-3 | sandbox epoch, big endian: a frame of an older epoch is dropped |
 * | 4-9 | offset of the first byte, big endian: output counts from the sandbox's start, input from the page's first byte, a screen from its own |
 */
export const FRAME_HEADER_BYTES = 10;

const KINDS = { output: 1, input: 2, screen: 3 } as const;
export type FrameKind = keyof typeof KINDS;
const KIND_NAMES = Object.keys(KINDS) as FrameKind[];

export interface TerminalFrame {
  kind: FrameKind;
  terminal: number;
  epoch: number;
  offset: number;
  bytes: Uint8Array;
}

export function encodeFrame({ kind, terminal, epoch, offset, bytes }: TerminalFrame): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(FRAME_HEADER_BYTES + bytes.length);
  const view = new DataView(frame.buffer);
  view.setUint8(0, KINDS[kind]);
  view.setUint8(1, terminal);
  view.setUint16(2, epoch);
  view.setUint16(4, Math.floor(offset / 2 ** 32));
  view.setUint32(6, offset % 2 ** 32);
  frame.set(bytes, FRAME_HEADER_BYTES);
  return frame;
}

/** Returns `undefined` for anything that is not a frame; the caller closes with `badMessage`. */
export function decodeFrame(frame: Uint8Array): TerminalFrame | undefined {
  if (frame.length < FRAME_HEADER_BYTES) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const kind = KIND_NAMES.find((name) => KINDS[name] === view.getUint8(0));
  if (kind === undefined) return undefined;
  return {
    kind,
    terminal: view.getUint8(1),
    epoch: view.getUint16(2),
    offset: view.getUint16(4) * 2 ** 32 + view.getUint32(6),
    bytes: frame.subarray(FRAME_HEADER_BYTES),
  };
}
