"""Room for many open connections: each watch has one, and systems allow a process few (256, 1024) unless it asks."""

from __future__ import annotations

import sys

_BESIDE = 256
"""For everything else: files, pages that follow, connections that are being opened."""


def make_room(connections: int) -> None:
    """Let this process have so many connections beside the rest, as far as the system allows it without rights.

    What it does not allow fails where it is opened, and is a gap then.
    """
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + _BESIDE
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, allowed), hard))
