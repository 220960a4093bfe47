"""One terminal: a pty, the login shell in it, and its numbered bytes.

Output is kept until the host acknowledges it, so a host that goes away or reads slowly loses none; when WINDOW_BYTES
are kept, the pty is no longer read, which is what pauses the program that writes. Input is numbered, so that the host
may repeat it.
"""

import fcntl
import grp
import os
import pwd
import struct
import termios

from loop import Child, Watch
from port import Port
from user import become, environment, leave_the_agent

# Frames on a terminal's port: kind, offset, length of the bytes that follow.
FRAME = struct.Struct(">BQI")
OUTPUT, INPUT_APPLIED, INPUT, ACK, HELLO = 1, 2, 3, 4, 5

MAX_FRAME_BYTES = 64 * 1024
WINDOW_BYTES = 128 * 1024  # TERMINAL_WINDOW_BYTES of sandbox-server/machines/driver.ts
CHUNK_BYTES = 32 * 1024


class Terminal:
    def __init__(self, name, port, user, announce):
        self.name, self.user, self.announce = name, user, announce
        self.pty, self.child = None, None  # the Watch of the pty's master, while a shell runs
        self.size = (24, 80)
        self.kept, self.acked, self.sent = bytearray(), 0, 0  # kept: output from `acked` on
        self.pending, self.applied = bytearray(), 0  # pending: input from `applied` on
        self.unparsed = bytearray()
        self.greeted = False
        self.port = Port(f"drydock.terminal.{port}", self._host_bytes, self._pump, self._host_gone)

    @property
    def status(self):
        return "closed" if self.pty is None else "open"

    @property
    def received(self):
        """Input up to here is applied, or will be."""
        return self.applied + len(self.pending)

    @property
    def printed(self):
        return self.acked + len(self.kept)

    def login(self):
        if self.pty is not None:
            return
        try:
            user = pwd.getpwnam(self.user)
        except KeyError:
            self._refuse(f"There is no user {self.user} on this machine any more.")
            return
        master, slave = os.openpty()
        self._set_size(master)
        pid = os.fork()
        if pid == 0:
            self._become_shell(slave, user)
        os.close(slave)
        os.set_blocking(master, False)
        self.child = Child(pid, self._shell_ended)
        self.pty = Watch(master, self._read_pty, self._write_pty)
        self.pty.want(read=True)
        self.announce(event="terminal", terminal=self.name, status="open")

    def _become_shell(self, slave, user):
        try:
            leave_the_agent()
            os.login_tty(slave)
            os.fchown(0, user.pw_uid, grp.getgrnam("tty").gr_gid)
            os.fchmod(0, 0o620)
            become(user)
            shell = user.pw_shell or "/bin/sh"
            terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
            os.execve(shell, ["-" + os.path.basename(shell)], environment(user) | terminal)
        except BaseException as error:  # the child must never return into the parent's loop
            os.write(2, f"cannot log in as {self.user}: {error}\r\n".encode())
        finally:
            os._exit(127)

    def _refuse(self, reason):
        self.kept += f"\r\n{reason}\r\n".encode()
        self._pump()
        self.announce(event="terminal", terminal=self.name, status="closed")

    def _shell_ended(self, _status):
        """The terminal closes once what the shell printed last has been read, which a full window may delay."""
        self.child = None
        self._read_pty()

    def _close_pty(self):
        self.pty.close()
        self.pty = None
        self._apply_input()
        self.announce(event="terminal", terminal=self.name, status="closed")

    def _read_pty(self):
        unsent = len(self.kept) - (self.sent - self.acked)
        room = min(WINDOW_BYTES - len(self.kept), max(CHUNK_BYTES - unsent, 4096))
        drained = False
        while room > 0:
            try:
                data = os.read(self.pty.fd, room)
            except OSError as error:  # nothing for now; or EIO, when the last process on this terminal is gone
                drained = True
                if not isinstance(error, BlockingIOError):
                    self.pty.want(read=False)
                break
            self.kept += data
            room -= len(data)
        if len(self.kept) >= WINDOW_BYTES:
            self.pty.want(read=False)
        self._pump()
        if drained and self.child is None:
            self._close_pty()

    def _pump(self):
        """Sends what the host lacks, a chunk at a time: the answer to a key never waits behind a full buffer."""
        if not self.greeted or self.port.out:
            return
        start = self.sent - self.acked
        data = self.kept[start : start + CHUNK_BYTES]
        if data:
            offset, self.sent = self.sent, self.sent + len(data)
            self.port.send(FRAME.pack(OUTPUT, offset, len(data)) + data)

    def _host_gone(self):
        self.unparsed.clear()
        self.greeted = False

    def _host_bytes(self, data):
        self.unparsed += data
        while len(self.unparsed) >= FRAME.size:
            kind, offset, length = FRAME.unpack_from(self.unparsed)
            if length > MAX_FRAME_BYTES:
                raise ValueError(f"a frame of {length} bytes on terminal {self.name}")
            if len(self.unparsed) < FRAME.size + length:
                break
            payload = bytes(self.unparsed[FRAME.size : FRAME.size + length])
            del self.unparsed[: FRAME.size + length]
            self._host_frame(kind, offset, payload)
        self._pump()

    def _host_frame(self, kind, offset, payload):
        if kind == INPUT:
            self._input(offset, payload)
        elif kind == ACK:
            self._acknowledge(offset)
        elif kind == HELLO:  # a host that has output up to `offset` and wants the rest
            self._acknowledge(offset)
            self.sent, self.greeted = self.acked, True
            self._report_applied()

    def _acknowledge(self, offset):
        count = min(max(offset - self.acked, 0), len(self.kept))
        del self.kept[:count]
        self.acked += count
        self.sent = max(self.sent, self.acked)
        if self.pty is not None and count > 0 and len(self.kept) < WINDOW_BYTES:
            self.pty.want(read=True)

    def _input(self, offset, payload):
        if offset <= self.received:
            self.pending += payload[self.received - offset :]
        # else a gap: what was applied is reported, and the host sends again from there
        self._apply_input()

    def _apply_input(self):
        if self.pty is not None:
            self._write_pty()
            return
        self.applied += len(self.pending)  # nobody is there to read it, as on any closed terminal
        self.pending.clear()
        self._report_applied()

    def _write_pty(self):
        while self.pending:
            try:
                count = os.write(self.pty.fd, self.pending)
            except BlockingIOError:
                break
            except OSError:
                count = len(self.pending)
            del self.pending[:count]
            self.applied += count
        self.pty.want(write=bool(self.pending))
        self._report_applied()

    def _report_applied(self):
        if self.greeted:
            self.port.send(FRAME.pack(INPUT_APPLIED, self.applied, 0))

    def renumber(self):
        """What is kept begins at 0, and so does input: a fork's host knows nothing of what was printed and typed before."""
        self.acked = self.sent = self.applied = 0
        self.pending.clear()
        self.greeted = False

    def resize(self, rows, cols):
        self.size = (rows, cols)
        if self.pty is not None:
            self._set_size(self.pty.fd)

    def _set_size(self, fd):
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", *self.size, 0, 0))
