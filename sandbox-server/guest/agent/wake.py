"""What a fork needs before anybody gets it: the right time, randomness of its own, its own files."""

import base64
import fcntl
import os
import pwd
import struct
import time

RNDADDENTROPY = 0x40085203
RNDRESEEDCRNG = 0x5207


def set_clock(seconds):
    time.clock_settime(time.CLOCK_REALTIME, seconds)


def stir_randomness(seed):
    """Credits the host's seed and makes the kernel use it at once, whatever it remembers from the template."""
    with open("/dev/urandom", "wb", buffering=0) as random:
        fcntl.ioctl(random, RNDADDENTROPY, struct.pack(f"ii{len(seed)}s", len(seed) * 8, len(seed), seed))
        fcntl.ioctl(random, RNDRESEEDCRNG)


def place_file(path, content, mode, owner):
    user = pwd.getpwnam(owner)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(fd, "w") as file:
        file.write(content)
        os.fchown(fd, user.pw_uid, user.pw_gid)
        os.fchmod(fd, mode)


def renew_file(path, content):
    """Only what it says: who may read it, and whether it is still there, is the doing of whoever worked here before."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW)
    except OSError:
        return
    with os.fdopen(fd, "w") as file:
        file.write(content)


def wake(request):
    set_clock(request["time"])
    stir_randomness(base64.b64decode(request["seed"]))
    for file in request["files"]:
        if file.pop("renew"):
            renew_file(file["path"], file["content"])
        else:
            place_file(**file)
