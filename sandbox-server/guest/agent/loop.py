"""The event loop: file descriptors, timers and children, in one thread."""

import os
import selectors
import time

_selector = selectors.DefaultSelector()
_timers = []  # (monotonic deadline, callback); few enough to scan


def call_later(seconds, callback):
    timer = (time.monotonic() + seconds, callback)
    _timers.append(timer)
    return timer


def cancel(timer):
    if timer in _timers:
        _timers.remove(timer)


class Watch:
    """What the loop waits for on one file descriptor; registered only while something is wanted."""

    def __init__(self, fd, on_read=None, on_write=None):
        self.fd, self.on_read, self.on_write, self.events = fd, on_read, on_write, 0

    def want(self, read=None, write=None):
        events = self.events
        for wanted, bit in ((read, selectors.EVENT_READ), (write, selectors.EVENT_WRITE)):
            if wanted is not None:
                events = events | bit if wanted else events & ~bit
        if events == self.events:
            return
        if not self.events:
            _selector.register(self.fd, events, self)
        elif not events:
            _selector.unregister(self.fd)
        else:
            _selector.modify(self.fd, events, self)
        self.events = events

    def close(self):
        if self.fd >= 0:
            self.want(read=False, write=False)
            os.close(self.fd)
            self.fd = -1


class Child:
    """A child process, reaped through its pidfd. `on_exit` gets the exit status, negative for a signal."""

    def __init__(self, pid, on_exit):
        self.pid, self.on_exit = pid, on_exit
        self._watch = Watch(os.pidfd_open(pid), on_read=self._ended)
        self._watch.want(read=True)

    def _ended(self):
        self._watch.close()
        _, status = os.waitpid(self.pid, 0)
        self.on_exit(os.waitstatus_to_exitcode(status))


def run():
    while True:
        timeout = max(0, min(at for at, _ in _timers) - time.monotonic()) if _timers else None
        for key, events in _selector.select(timeout):
            watch = key.data
            if events & selectors.EVENT_READ and watch.events & selectors.EVENT_READ:
                watch.on_read()
            if events & selectors.EVENT_WRITE and watch.events & selectors.EVENT_WRITE:
                watch.on_write()
        now = time.monotonic()
        for timer in [timer for timer in _timers if timer[0] <= now]:
            cancel(timer)
            timer[1]()
