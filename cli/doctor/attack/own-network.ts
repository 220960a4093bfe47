import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';

/** An address of this computer that others could know; its loopback's where there is none. */
export function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

/** What this computer sends packets to whose address it does not know. */
export function gateways(): string[] {
  const [, ...rows] = readFileSync('/proc/net/route', 'utf8').trim().split('\n');
  const found = rows.flatMap((row) => {
    const [, destination, gateway = ''] = row.split('\t');
    return destination === '00000000' ? [parseAddress(gateway)] : [];
  });
  return [...new Set(found)].filter((address) => address !== '0.0.0.0');
}

/** Four bytes in the order of the processor: "010200C0" is 192.0.2.1. */
const parseAddress = (hex: string): string =>
  (hex.match(/../g) ?? [])
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join('.');
