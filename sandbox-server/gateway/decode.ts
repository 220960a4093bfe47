import * as z from 'zod/mini';
import { type ClientMessage, clientMessageSchema } from '../../protocol/client-messages.ts';
import type { CloseReason } from '../../protocol/close-codes.ts';
import { decodeFrame, type TerminalFrame } from '../../protocol/frames.ts';
import { PROTOCOL_VERSION } from '../../protocol/limits.ts';

export type Decoded =
  | { readonly kind: 'message'; readonly message: ClientMessage }
  | { readonly kind: 'input'; readonly frame: TerminalFrame }
  | { readonly kind: 'refused'; readonly reason: CloseReason };

const BAD = { kind: 'refused', reason: 'badMessage' } as const;

/** A page of another version may say anything but this much in its first message. */
const versionSchema = z.object({ type: z.literal('hello'), protocol: z.number() });

/** Bytes from a browser, or from anybody: whatever they are, the answer is one of three. Never throws. */
export function decode(data: Uint8Array, isBinary: boolean): Decoded {
  return isBinary ? decodeInput(data) : decodeMessage(data);
}

function decodeInput(data: Uint8Array): Decoded {
  const frame = decodeFrame(data);
  return frame?.kind === 'input' ? { kind: 'input', frame } : BAD;
}

function decodeMessage(data: Uint8Array): Decoded {
  const value = parseJson(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString());
  const version = versionSchema.safeParse(value);
  if (version.success && version.data.protocol !== PROTOCOL_VERSION) {
    return { kind: 'refused', reason: 'versionMismatch' };
  }
  const parsed = clientMessageSchema.safeParse(value);
  return parsed.success ? { kind: 'message', message: parsed.data } : BAD;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
