"""The agent on a host, for rejoin.test.ts: real scripts, run as whoever runs this, and a port in memory.

Reads a script from standard input, runs it, lets another server rejoin once the script has printed a line, and prints
what of the script's process group was left when the agent answered that server: "left" or "gone".
"""

import ctypes
import importlib.util
import json
import os
import sys
import types

AGENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "agent")
sys.dont_write_bytecode = True
sys.path.insert(0, AGENT)


def replace(name, **contents):
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(contents)


class Port:
    def __init__(self, name, on_bytes, on_room=lambda: None, on_hangup=lambda: None):
        pass

    def restart(self, beginning):
        pass

    def send(self, data):
        if b'"rejoined"' in data:
            print("left" if running._kill(0) else "gone", flush=True)
            os._exit(0)


replace("port", Port=Port)
replace("user", become=lambda user: None, environment=lambda user: dict(os.environ), leave_the_agent=lambda: None)
replace("wake", set_clock=None, wake=None)
import loop  # noqa: E402
import script  # noqa: E402

script.KILL_AFTER_S = 0.2
specification = importlib.util.spec_from_file_location("agent_main", os.path.join(AGENT, "__main__.py"))
main = importlib.util.module_from_spec(specification)
specification.loader.exec_module(main)

PR_SET_CHILD_SUBREAPER = 36
REAPED = os.WEXITED | os.WNOHANG | os.WNOWAIT


def reap_orphans():
    """As systemd does in a machine; the first process of a container may not."""
    try:
        while (child := os.waitid(os.P_ALL, 0, REAPED)) and child.si_pid != running.child.pid:
            os.waitpid(child.si_pid, 0)
    except ChildProcessError:
        pass  # there is none
    loop.call_later(0.01, reap_orphans)


ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
agent = main.Agent()
agent.on_run({"op": "run", "id": 1, "script": sys.stdin.read(), "timeoutMs": 600_000})
running = agent.scripts[1]


def rejoin_when_it_runs():
    if running.stdout.kept:
        agent.on_rejoin({"op": "rejoin", "id": 1})
    else:
        loop.call_later(0.01, rejoin_when_it_runs)


rejoin_when_it_runs()
reap_orphans()
loop.run()
