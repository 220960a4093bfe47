"""The agent inside a machine: owns the terminals, runs scripts, wakes a fork. Python 3 standard library only.

The port `drydock.control` carries messages (JSON behind a length of four bytes, big endian), each terminal's port its
numbered bytes. Both are described in docs/agent-protocol.md.
"""

import json
import os
import struct
import sys
import traceback

import loop
from port import Port
from script import Script
from terminal import Terminal
from wake import set_clock, wake

VERSION = 2
MAX_MESSAGE_BYTES = 1024 * 1024
LENGTH = struct.Struct(">I")
# Stands in no message, whatever part of one comes before it: a length begins with 0, UTF-8 has no such byte. A server
# that takes over from another one begins with it, and so does the answer.
NEW_BEGINNING = b"\xff" * 8
ENOUGH_OF_IT = NEW_BEGINNING[:3]


class Agent:
    def __init__(self):
        self.unparsed = bytearray()
        self.terminals, self.scripts = {}, {}
        # Those of a server that is gone, as long as anything of them is left; and the next one, which waits for that.
        self.leaving, self.rejoining = set(), None
        self.control = Port("drydock.control", self._host_bytes, on_hangup=self._host_gone)
        # To a server that knew another one before, it says that the terminals are gone with that.
        self.announce(event="started")

    def announce(self, **message):
        data = json.dumps(message).encode()
        self.control.send(LENGTH.pack(len(data)) + data)

    def _host_gone(self):
        self.unparsed.clear()
        self.rejoining = None
        self._forget_scripts()

    def _forget_scripts(self):
        """Nobody waits for them any more, and the next server numbers its own from 1 again."""
        for script in self.scripts.values():
            script.stop()
            self.leaving.add(script)
        self.scripts.clear()

    def _host_bytes(self, data):
        self.unparsed += data
        fresh = max(0, len(self.unparsed) - len(data) - len(ENOUGH_OF_IT))
        beginning = self.unparsed.rfind(ENOUGH_OF_IT, fresh)
        if beginning >= 0:
            del self.unparsed[: beginning + len(ENOUGH_OF_IT)]
        if self.unparsed.startswith(b"\xff"):
            self.unparsed = self.unparsed.lstrip(b"\xff")
        while len(self.unparsed) >= LENGTH.size:
            (length,) = LENGTH.unpack_from(self.unparsed)
            if length > MAX_MESSAGE_BYTES:
                raise ValueError(f"a message of {length} bytes")
            if len(self.unparsed) < LENGTH.size + length:
                return
            body = self.unparsed[LENGTH.size : LENGTH.size + length]
            del self.unparsed[: LENGTH.size + length]
            self._dispatch(body)

    def _dispatch(self, body):
        try:
            message = json.loads(body)
        except ValueError:
            return  # one server's beginning and the next one's: that one says more
        try:
            getattr(self, "on_" + message["op"])(message)
        except Exception as error:  # one bad request must not end the terminals
            traceback.print_exc()
            self.announce(event="failed", id=message.get("id"), error=f"{type(error).__name__}: {error}")

    def on_hello(self, _message):
        terminals = [{"id": t.name, "user": t.user, "status": t.status} for t in self.terminals.values()]
        self.announce(event="hello", version=VERSION, terminals=terminals)

    def on_rejoin(self, message):
        """Another server: what is on its way to or from the one before it is dropped, and its scripts are ended."""
        self._forget_scripts()
        self.rejoining = message
        self._answer_rejoin()

    def _answer_rejoin(self):
        """Once they are gone: what they still did would be taken for the new server's doing."""
        if self.rejoining is None or self.leaving:
            return
        message, self.rejoining = self.rejoining, None
        for terminal in self.terminals.values():
            terminal.port.drop()
        self.control.restart(NEW_BEGINNING)
        terminals = [
            {"id": t.name, "status": t.status, "input": t.received, "output": t.acked, "printed": t.printed}
            for t in self.terminals.values()
        ]
        self.announce(event="rejoined", id=message["id"], version=VERSION, terminals=terminals)

    def on_wake(self, message):
        wake(message)
        self.announce(event="woken", id=message["id"])

    def on_renumber(self, message):
        for terminal in self.terminals.values():
            terminal.renumber()
        self.announce(event="renumbered", id=message["id"])

    def on_clock(self, message):
        set_clock(message["time"])

    def on_open(self, message):
        terminal = Terminal(message["terminal"], message["port"], message["user"], self.announce)
        self.terminals[terminal.name] = terminal
        terminal.login()

    def on_login(self, message):
        self.terminals[message["terminal"]].login()

    def on_resize(self, message):
        self.terminals[message["terminal"]].resize(message["rows"], message["cols"])

    def on_run(self, message):
        def ended(result):
            if self.scripts.get(message["id"]) is script:
                del self.scripts[message["id"]]
                self.announce(event="ran", id=message["id"], **result)
            self.leaving.discard(script)
            self._answer_rejoin()

        script = self.scripts[message["id"]] = Script(message, ended)

    def on_cancel(self, message):
        if script := self.scripts.get(message["id"]):
            script.stop()


if __name__ == "__main__":
    sys.stdout = sys.stderr
    os.umask(0o022)
    Agent()
    loop.run()
