"""Raw frames with marks on them. `send MARK...` sends each mark in every shape; `record END` prints every mark it sees
on the card, until one is END."""

import re
import socket
import struct
import sys

CARD = "eth0"
EVERYTHING = 3  # ETH_P_ALL
LOCAL_EXPERIMENTAL = b"\x88\xb5"
IPV4, ARP, VLAN, LLDP = b"\x08\x00", b"\x08\x06", b"\x81\x00", b"\x88\xcc"
EVERYBODY = b"\xff" * 6
MULTICAST = b"\x01\x00\x5e\x00\x00\x01"
NEIGHBOUR_BRIDGE = b"\x01\x80\xc2\x00\x00\x0e"
PEERS = [b"\x52\x54\x0a\x00\x00\x0a", b"\x52\x54\x0a\x00\x00\x14"]  # of every sandbox of the lab
NOBODY = b"\x02\xde\xad\xbe\xef\x01"
SNAP_LENGTH = 256 * 1024


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def udp_broadcast(payload):
    udp = struct.pack("!HHHH", 4000, 4000, 8 + len(payload), 0) + payload
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, b"\x0a\x00\x00\x0a", b"\xff" * 4)
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + udp


def arp_request(payload):
    return struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1) + NOBODY + b"\x0a\x00\x00\x63" + b"\0" * 6 + b"\x0a\x00\x00\x0a" + payload


def shapes(payload):
    """By name: the frame."""
    for name, source in (("own", PEERS[0]), ("peer", PEERS[1]), ("forged", NOBODY), ("everybody", EVERYBODY)):
        for to, target in (("all", EVERYBODY), ("host", PEERS[0]), ("attacker", PEERS[1]), ("nobody", NOBODY)):
            yield f"raw-{name}-{to}", target + source + LOCAL_EXPERIMENTAL + payload
    yield "multicast", MULTICAST + NOBODY + LOCAL_EXPERIMENTAL + payload
    yield "lldp", NEIGHBOUR_BRIDGE + NOBODY + LLDP + payload
    yield "arp", EVERYBODY + NOBODY + ARP + arp_request(payload)
    yield "udp", EVERYBODY + NOBODY + IPV4 + udp_broadcast(payload)
    for tag in (0, 1, 2, 4094):
        yield f"vlan-{tag}", EVERYBODY + NOBODY + VLAN + struct.pack("!H", tag) + LOCAL_EXPERIMENTAL + payload
    yield "two-vlans", EVERYBODY + NOBODY + (VLAN + b"\0\x01") * 2 + LOCAL_EXPERIMENTAL + payload
    yield "huge", (EVERYBODY + NOBODY + LOCAL_EXPERIMENTAL + payload).ljust(60_000, b".")
    yield "jumbo", (EVERYBODY + NOBODY + LOCAL_EXPERIMENTAL + payload).ljust(9_000, b".")


def packet_socket():
    return socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EVERYTHING))


def send(marks):
    card = packet_socket()
    card.bind((CARD, 0))
    for mark in marks:
        for name, frame in shapes(f"<{mark}>".encode()):
            try:
                card.send(frame)
            except OSError as error:
                print(f"{name}: {error.strerror}")
        # Its length is no length of what follows.
        card.send(EVERYBODY + NOBODY + struct.pack("!H", 1500) + f"<{mark}>".encode())


def record(end):
    card = packet_socket()
    card.bind((CARD, 0))
    seen = {}
    print("recording", flush=True)
    while end not in seen:
        frame, (_, _, kind, *_) = card.recvfrom(SNAP_LENGTH)
        if kind == socket.PACKET_OUTGOING:
            continue
        for mark in re.findall(rb"<([a-z0-9-]+)>", frame):
            seen[mark.decode()] = seen.get(mark.decode(), 0) + 1
    print(*(f"{mark}={count}" for mark, count in sorted(seen.items())), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "send":
        send(sys.argv[2:])
    else:
        record(sys.argv[2])
