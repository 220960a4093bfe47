"""Running a script beside the terminals: low priority, bounded output, a deadline that ends all of it."""

import fcntl
import os
import pwd
import signal
import time

from loop import Child, Watch, call_later, cancel
from user import become, environment, leave_the_agent

MAX_RUN_OUTPUT_BYTES = 64 * 1024  # MAX_RUN_OUTPUT_BYTES of sandbox-server/machines/driver.ts
READ_BYTES = 32 * 1024
KILL_AFTER_S = 2.0
# A killed process is gone a moment later, unless it waits for a disk: for that nobody waits longer than this.
GONE_WITHIN_S = 2.0
LOOK_AGAIN_S = 0.01
NICE = 10
SCRIPT_FD = 9


class Output:
    """What the script prints on one descriptor, up to the limit; the rest is read and dropped."""

    def __init__(self):
        read, self.write_end = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(read, False)
        self.kept, self.truncated = bytearray(), False
        self.watch = Watch(read, self.read)
        self.watch.want(read=True)

    def read(self):
        """Reads until nothing is left for now."""
        while self.watch.fd >= 0:
            try:
                data = os.read(self.watch.fd, READ_BYTES)
            except BlockingIOError:
                return
            if not data:
                self.watch.close()
            room = MAX_RUN_OUTPUT_BYTES - len(self.kept)
            self.kept += data[:room]
            self.truncated = self.truncated or len(data) > room

    def finish(self):
        """A daemon that the script left behind may hold the pipe open for ever: take what is there."""
        self.read()
        self.watch.close()
        return self.kept.decode("utf-8", "replace")


def above(number, fd):
    return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, number + 1)


class Script:
    """`on_end(result)` is called once, when the script has ended and nothing of its process group is left."""

    def __init__(self, request, on_end):
        self.on_end, self.timed_out = on_end, False
        user = pwd.getpwnam(request.get("user", "root"))
        # A memory file, not a pipe: bash reads a pipe byte by byte. Never on the machine's disk.
        script = os.memfd_create("script")
        os.write(script, request["script"].encode())
        self.stdout, self.stderr = Output(), Output()
        pid = os.fork()
        if pid == 0:
            self._become_script(user, script, request)
        for fd in (script, self.stdout.write_end, self.stderr.write_end):
            os.close(fd)
        self.child = Child(pid, self._ended)
        self.deadline = call_later(request["timeoutMs"] / 1000, self.expire)

    def _become_script(self, user, script, request):
        try:
            os.setsid()
            leave_the_agent()
            os.nice(NICE)
            nothing = os.open("/dev/null", os.O_RDONLY)
            # Out of the way first: one of them may have a number that another one is to get.
            sources = [above(SCRIPT_FD, fd) for fd in (script, nothing, self.stdout.write_end, self.stderr.write_end)]
            for target, fd in zip((SCRIPT_FD, 0, 1, 2), sources):
                os.dup2(fd, target)
            become(user)
            login = ["-l"] if request.get("login") else []
            variables = environment(user) | {"TERM": "dumb"} | request.get("env", {})
            os.execve("/bin/bash", ["bash", *login, f"/dev/fd/{SCRIPT_FD}"], variables)
        except BaseException as error:  # the child must never return into the parent's loop
            os.write(2, f"cannot run a script as {user.pw_name}: {error}\n".encode())
        finally:
            os._exit(127)

    def expire(self):
        self.timed_out = True
        self.stop()

    def stop(self):
        """Asks, waits, forces."""
        cancel(self.deadline)
        self._kill(signal.SIGTERM)
        self.deadline = call_later(KILL_AFTER_S, lambda: self._kill(signal.SIGKILL))

    def _kill(self, number):
        """False when nothing of its process group is there any more."""
        try:
            os.killpg(self.child.pid, number)
        except ProcessLookupError:
            return False
        return True

    def _ended(self, status):
        cancel(self.deadline)
        self._kill(signal.SIGKILL)  # what it left in its process group
        self._conclude(status, time.monotonic() + GONE_WITHIN_S)

    def _conclude(self, status, patience_ends):
        if self._kill(0) and time.monotonic() < patience_ends:
            call_later(LOOK_AGAIN_S, lambda: self._conclude(status, patience_ends))
            return
        stdout, stderr = self.stdout.finish(), self.stderr.finish()
        self.on_end(
            {
                "status": status if status >= 0 and not self.timed_out else None,
                "timedOut": self.timed_out,
                "stdout": stdout,
                "stderr": stderr,
                "truncated": self.stdout.truncated or self.stderr.truncated,
            }
        )
