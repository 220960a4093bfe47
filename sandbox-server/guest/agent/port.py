"""A virtio-serial port: one stream of bytes to the host."""

import os

from loop import Watch, call_later

READ_BYTES = 32 * 1024
RECONNECT_S = 0.05


class Port:
    """Buffered and non-blocking. `on_room` is called when everything sent so far has left."""

    def __init__(self, name, on_bytes, on_room=lambda: None, on_hangup=lambda: None):
        self.on_bytes, self.on_room, self.on_hangup = on_bytes, on_room, on_hangup
        fd = os.open("/dev/virtio-ports/" + name, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        self.out = bytearray()
        self._watch = Watch(fd, self._readable, self._writable)
        self._watch.want(read=True)

    def _readable(self):
        try:
            data = os.read(self._watch.fd, READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self.on_bytes(data)
            return
        # The host hung up. A hung-up port is always ready to read: look again later instead of spinning.
        self._watch.want(read=False, write=False)
        self.out.clear()
        self.on_hangup()
        call_later(RECONNECT_S, lambda: self._watch.want(read=True))

    def drop(self):
        """Forgets what the host has sent and not yet been read, and what it has not yet been sent."""
        try:
            while os.read(self._watch.fd, READ_BYTES):
                pass
        except OSError:
            pass  # nothing more
        self.out.clear()
        self._watch.want(write=False)
        self.on_hangup()

    def restart(self, beginning):
        """Whatever part of something has left already, what follows begins with this."""
        self.out.clear()
        self.send(beginning)

    def _writable(self):
        self._flush()
        if not self.out:
            self.on_room()

    def send(self, data):
        self.out += data
        self._flush()

    def _flush(self):
        while self.out:
            try:
                count = os.write(self._watch.fd, self.out)
            except BlockingIOError:
                break
            except OSError:
                self.out.clear()
                break
            del self.out[:count]
        self._watch.want(write=bool(self.out))
