"""Misbehaviour on demand: what an embedded API server does to requests instead of, or before, answering them."""

import fnmatch
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of trouble, for the requests that it names.

    `latency` seconds pass first; then the connection hangs, or is dropped, or a fixed status is the answer, or -
    where none of these is set - the request is answered as usual.
    """

    latency: float = 0.0
    hangs: bool = False
    drops: bool = False
    status: int = 0
    retry_after: int | None = None
    """Seconds, for the Retry-After header of a fixed status."""
    skew: float = 0.0
    """Seconds by which the date in the answer is ahead."""
    methods: frozenset[str] = frozenset()
    """HTTP methods that it strikes; empty means all."""
    path: str = "*"
    """A glob on the path."""
    left: int | None = None
    """How many requests it strikes before it is over; None means all."""

    def strikes(self, method: str, path: str) -> bool:
        """Say whether this request is one of those."""
        return (not self.methods or method in self.methods) and fnmatch.fnmatchcase(path, self.path)


@dataclass(slots=True)
class Faults:
    """The troubles of one cluster; the first that strikes a request is the one it gets."""

    _active: dict[str, Fault] = field(default_factory=dict)
    _struck: dict[str, int] = field(default_factory=dict)

    def set(self, name: str, fault: Fault) -> None:
        """Begin a trouble, or change one, by its name."""
        self._active[name] = fault
        self._struck[name] = 0

    def clear(self, name: str | None = None) -> None:
        """End a trouble, or all of them."""
        for each in [name] if name is not None else list(self._active):
            self._active.pop(each, None)

    def names(self) -> list[str]:
        """Return the troubles that are on."""
        return list(self._active)

    def struck(self, name: str) -> int:
        """Return how many requests a trouble has struck so far."""
        return self._struck.get(name, 0)

    def strike(self, method: str, path: str) -> Fault | None:
        """Return what this request gets, None where it is left alone."""
        for name, fault in self._active.items():
            if fault.strikes(method, path) and (fault.left is None or self._struck[name] < fault.left):
                self._struck[name] += 1
                return fault
        return None
