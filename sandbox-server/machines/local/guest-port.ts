import type { Socket } from 'node:net';

/**
 * Most that waits for a guest to read it. What may be on its way to one is far less: unread input is bounded by the
 * protocol, answers to it by the window.
 */
const MAX_UNREAD_BYTES = 1024 * 1024;

/** False when the guest does not read its port: to go on writing would fill the server's memory. */
export function writeToGuest(socket: Socket, data: Uint8Array): boolean {
  if (!socket.writable) return true;
  if (socket.writableLength > MAX_UNREAD_BYTES) return false;
  socket.write(data);
  return true;
}
