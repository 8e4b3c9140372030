"""End a sandbox: exactly its process, and what it leaves."""

from __future__ import annotations

from meshglobal.sandbox.runtime.place import Place
from meshglobal.sandbox.runtime.process import end
from meshglobal.sandbox.runtime.running import clear, find


def bring_down(place: Place) -> bool:
    """End the sandbox that runs here, wait for it, remove its files; whether one ran. May be repeated."""
    running = find(place)
    was_running = running is not None and end(running.process)
    clear(place)
    return was_running
