import type { LabMachine } from '../../labs/format/lab.ts';

/** A machine that is not alone. */
export type Networked = LabMachine & { readonly address: string };

/**
 * The address of a machine's network card, from the one it has in the network, so that the machines of a lab differ:
 * a card's address is frozen with its machine. The 2 in its first byte marks it as given by nobody.
 */
export function macOf(address: string): string {
  const bytes = address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'));
  return ['52', '54', ...bytes].join(':');
}

/**
 * Bash that puts a machine's card into use, which it was frozen without, and tells it everybody's names. The card is
 * called as people know it, and has one name only. Without IPv6 a machine has the one address that the lab gives it.
 */
export function joinNetwork(machine: Networked, all: readonly Networked[]): string {
  const names = all.map(({ address, hostname, role }) => [address, ...new Set([hostname, role])].join(' '));
  return `
    set -eu
    cat > /etc/systemd/network/10-eth0.link <<'LINK'
[Match]
MACAddress=${macOf(machine.address)}
[Link]
Name=eth0
AlternativeNamesPolicy=
LINK
    udevadm control --reload
    echo 1 > /sys/bus/pci/rescan
    udevadm wait --timeout=60 /sys/class/net/eth0
    echo 1 > /proc/sys/net/ipv6/conf/eth0/disable_ipv6
    ip address add ${machine.address}/24 dev eth0
    ip link set eth0 up
    cat > /etc/hosts <<'HOSTS'
127.0.0.1 localhost
::1 localhost
${names.join('\n')}
HOSTS
  `;
}

/** What the machines of a group know of each other is true in every fork; what was under way when they froze is not. */
export const FORGET_PEERS = 'ip neighbour flush all';
