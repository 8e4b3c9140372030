"""What a command line came to, for the tests of commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Ran:
    """What a command line came to."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The result as JSON; fails unless it is one valid document."""
        return json.loads(self.out)

    def states(self) -> dict[str, str]:
        """Context to state, of the one host in the document."""
        return {host["context"]: host["state"] for host in self.document["hosts"]}


Meshglobal = Callable[..., Ran]
