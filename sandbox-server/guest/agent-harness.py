"""The agent's parsers on a host, for agent-parsers.test.ts: its ports are in memory, and nothing it is asked is done.

Reads one case per line of JSON, {"port": "terminal" | "control", "pieces": [base64, ...]}, and answers each with a line:
what the agent said on that port, where it stands, and the error that ended it, if one did.
"""

import base64
import importlib.util
import json
import os
import struct
import sys
import types

AGENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "agent")
sys.dont_write_bytecode = True
sys.path.insert(0, AGENT)
sys.stderr = open(os.devnull, "w")


class Port:
    """What a guest's port is to the agent, without a device."""

    def __init__(self, name, on_bytes, on_room=lambda: None, on_hangup=lambda: None):
        self.on_bytes, self.out, self.said = on_bytes, bytearray(), bytearray()

    def send(self, data):
        self.said += data


class Script:
    def __init__(self, request, on_end):
        request["script"].encode(), request["timeoutMs"] / 1000

    def stop(self):
        pass


def replace(name, **contents):
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(contents)


replace("port", Port=Port)
replace("script", Script=Script)
replace("wake", set_clock=float, wake=lambda message: [message["time"], message["seed"], message["files"]])
import terminal  # noqa: E402

terminal.Terminal.login = lambda self: None
specification = importlib.util.spec_from_file_location("agent_main", os.path.join(AGENT, "__main__.py"))
main = importlib.util.module_from_spec(specification)
specification.loader.exec_module(main)


def feed(port, pieces):
    for piece in pieces:
        try:
            port.on_bytes(base64.b64decode(piece))
        except Exception as error:
            return type(error).__name__
    return None


def terminal_case(pieces):
    subject = terminal.Terminal("alice", 0, "alice", lambda **message: None)
    subject.kept += bytes(range(256)) * 400
    error = feed(subject.port, pieces)
    output, said = bytearray(), bytes(subject.port.said)
    while said:
        kind, _offset, length = struct.unpack_from(">BQI", said)
        output += said[13 : 13 + length] if kind == terminal.OUTPUT else b""
        said = said[13 + length :]
    held = [subject.acked, subject.sent, subject.acked + len(subject.kept), subject.applied, len(subject.pending)]
    return {"error": error, "held": held, "greeted": subject.greeted, "output": len(output)}


def control_case(pieces):
    subject = main.Agent()
    error = feed(subject.control, pieces)
    said, messages = bytes(subject.control.said), []
    while said:
        (length,) = struct.unpack_from(">I", said)
        messages.append(json.loads(said[4 : 4 + length]))
        said = said[4 + length :]
    return {"error": error, "said": messages}


for line in sys.stdin:
    case = json.loads(line)
    answer = (terminal_case if case["port"] == "terminal" else control_case)(case["pieces"])
    print(json.dumps(answer), flush=True)
