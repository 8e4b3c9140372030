"""How the control plane reaches a cluster: a small port, whatever API server is behind it.

Refusals are the few exceptions below::

    AccessError
    ├── UnreachableError   no answer: try again
    ├── ConflictError      the object is not what we thought (409): look again
    ├── NotFoundError      no such object, or no such kind (404)
    └── RefusedError       anything else the API server says no to
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from meshglobal.sandbox.controlplane.observed import JSON

Callback: TypeAlias = Callable[[str, JSON], None]
"""Called on the event loop with ADDED, MODIFIED or DELETED and the object."""
Cancel: TypeAlias = Callable[[], None]


class AccessError(Exception):
    """A cluster did not do what was asked; the text is a sentence."""


class UnreachableError(AccessError):
    """The API server did not answer."""


class ConflictError(AccessError):
    """The object exists already, or has changed since it was read (409)."""


class NotFoundError(AccessError):
    """There is no such object, or the cluster does not serve such a kind (404)."""


class RefusedError(AccessError):
    """The API server refused: not allowed, not valid, or it failed itself."""


class Access(Protocol):
    """One cluster. Resources are named `services`, `serviceentries.networking.istio.io`."""

    @property
    def name(self) -> str:
        """The cluster's name in the mesh."""

    @property
    def is_reachable(self) -> bool:
        """Whether the last thing asked of it was answered."""

    @property
    def writers(self) -> int:
        """How many writes it may take at a time."""

    async def list(self, resource: str, namespace: str | None = None) -> list[JSON]:
        """The objects of a resource; raises AccessError."""

    async def subscribe(self, resource: str, callback: Callback) -> Cancel:
        """Tell of every present object with ADDED, then return; afterwards tell of every change.

        After a loss of contact the changes in between are told as if they happened then.
        """

    async def create(self, resource: str, obj: JSON) -> JSON:
        """Create an object, return it as stored; raises AccessError."""

    async def replace(self, resource: str, obj: JSON) -> JSON:
        """Replace an object at the resourceVersion that it carries, return it as stored; raises AccessError."""

    async def delete(self, resource: str, namespace: str, name: str) -> None:
        """Delete an object; raises AccessError."""

    async def close(self) -> None:
        """End all subscriptions and connections."""
