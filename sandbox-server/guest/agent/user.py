"""Becoming a user of the machine, as a fresh login does, in the child of a fork."""

import os
import signal


def environment(user):
    return {
        "HOME": user.pw_dir,
        "SHELL": user.pw_shell or "/bin/sh",
        "USER": user.pw_name,
        "LOGNAME": user.pw_name,
        "LANG": "C.UTF-8",
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        if user.pw_uid == 0
        else "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games",
    }


def leave_the_agent():
    """Gives up what only the agent has: its protection from the memory killer and Python's signal handling."""
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("0")
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def become(user):
    """Takes on the groups that the user has now, not those of an older login."""
    os.initgroups(user.pw_name, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    try:
        os.chdir(user.pw_dir)
    except OSError:
        os.chdir("/")
