/** Numbers both sides must agree on. Everything else an operator can change lives in sandbox-server/config.ts. */

/** Version of the message format. The first message carries it; a mismatch closes with `versionMismatch`. */
export const PROTOCOL_VERSION = 4;

/** Where the WebSocket is served. */
export const WEBSOCKET_PATH = '/ws';

/** Largest frame in either direction, in bytes. */
export const MAX_FRAME_BYTES = 64 * 1024;

/** Most output bytes on the way to a browser that has not acknowledged them (Ctrl-C must feel immediate). */
export const OUTPUT_HIGH_MARK_BYTES = 192 * 1024;

/** Sending resumes once this few bytes are unacknowledged. */
export const OUTPUT_LOW_MARK_BYTES = 64 * 1024;

/** The browser acknowledges after this many parsed bytes, or when its parser is idle. */
export const ACK_EVERY_BYTES = 16 * 1024;

/** Most input bytes a browser keeps that the machine has not applied yet; typing beyond it is refused visibly. */
export const INPUT_BUFFER_BYTES = 32 * 1024;

/** The server sends `heartbeat` this often; silence of three of them means the connection is dead. */
export const HEARTBEAT_INTERVAL_MS = 5_000;

/** Longest answer to a question. */
export const ANSWER_MAX_CHARACTERS = 200;

/** Terminal size accepted in `resize`. */
export const TERMINAL_COLS = { min: 2, max: 500 } as const;
export const TERMINAL_ROWS = { min: 2, max: 300 } as const;

/** Lines above the screen that a page's terminal keeps, and that a snapshot of it therefore holds. */
export const SCROLLBACK_LINES = 2_000;
