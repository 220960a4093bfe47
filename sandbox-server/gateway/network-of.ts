import { isIPv6 } from 'node:net';

const GROUPS = 8;
/** One customer's: a home or a rented computer has at least so many addresses, and takes another whenever it likes. */
const NETWORK_GROUPS = 4;
const EMBEDDED_IPV4 = /\d+\.\d+\.\d+\.\d+$/;
const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** What is counted as one place that requests come from: an IPv4 address, or an IPv6 network of 64 bits. */
export function networkOf(address: string): string {
  const mapped = MAPPED_IPV4.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const network = groupsOf(address).slice(0, NETWORK_GROUPS);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

function groupsOf(address: string): string[] {
  const [before = '', after] = address.replace(/%.*$/, '').replace(EMBEDDED_IPV4, '0:0').split('::');
  const split = (part: string) => (part === '' ? [] : part.split(':'));
  const [first, last] = [split(before), split(after ?? '')];
  return [...first, ...Array.from({ length: GROUPS - first.length - last.length }, () => '0'), ...last];
}
