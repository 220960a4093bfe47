import type { Duplex } from 'node:stream';

/**
 * Most that waits for a guest to read it. What may be on its way to one is far less: unread input is bounded by the
 * protocol, answers to it by the window.
 */
const MAX_UNREAD_BYTES = 1024 * 1024;

/**
 * Each look at a port costs the server some work, however little has come. A guest that keeps on sending crumbs is
 * looked at this often and no more; what comes meanwhile waits in the kernel and is taken in one piece.
 */
const CRUMB_BYTES = 4 * 1024;
const CRUMBS_AT_ONCE = 32;
const CRUMBS_INTERVAL_MS = 10;

/** False when the guest does not read its port: to go on writing would fill the server's memory. */
export function writeToGuest(socket: Duplex, data: Uint8Array): boolean {
  if (!socket.writable) return true;
  if (socket.writableLength > MAX_UNREAD_BYTES) return false;
  socket.write(data);
  return true;
}

/** Calls `onData` with what the guest sends, at a pace that leaves time for other guests. */
export function readFromGuest(socket: Duplex, onData: (data: Buffer) => void): void {
  let crumbs = 0;
  let rest: NodeJS.Timeout | undefined;
  const endRest = () => {
    rest = undefined;
    crumbs = 0;
    if (!socket.destroyed) socket.resume();
  };
  socket.on('data', (data: Buffer) => {
    if (data.length < CRUMB_BYTES) {
      crumbs += 1;
      rest ??= setTimeout(endRest, CRUMBS_INTERVAL_MS);
      if (crumbs >= CRUMBS_AT_ONCE) socket.pause();
    }
    onData(data);
  });
  socket.on('close', () => clearTimeout(rest));
}
