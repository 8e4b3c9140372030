"""Makes `tests` importable: fleets and servers that several test files share stand there."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("busy-machine", deadline=None)  # how long an example takes says nothing about it
settings.load_profile("busy-machine")
