"""What a command asks of every cluster: what it reads, follows and writes. It says so before anything is sent.

The use cases work off their own demand, and the rights that a command needs are worked out from the same one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from meshglobal.domain.kinds import NAMESPACE, Kind
from meshglobal.domain.snapshot import Query

IDENTITY = Query(NAMESPACE, name="kube-system")
"""Its UID tells clusters apart."""
ROLL_CALL = Query(NAMESPACE)
"""Lists every namespace, that of `IDENTITY` among them: where it is asked for anyway, nothing more is."""
ANY = "*"
"""Stands for every namespace, or for every name, where rights are asked for; no object is called so."""


@dataclass(frozen=True, slots=True)
class Write:
    """An object that is changed; ``name`` may be `ANY`, ``namespace`` too. A Namespace has no namespace.

    ``is_whole``: it is made and deleted as well.
    """

    kind: Kind
    namespace: str | None
    name: str
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of each cluster.

    Attributes:
        readings: each is read at once, one after another. The last is the one that everything is judged by.
        watched: what is followed afterwards.
        written: what is changed.
        patched: what is changed without being got by itself, such as a subresource of what is got.
        opened: subresources that are talked to, which is got and created at once.
        made: what is created and deleted again.
    """

    readings: tuple[tuple[Query, ...], ...]
    watched: tuple[Query, ...] = ()
    written: tuple[Write, ...] = ()
    patched: tuple[Write, ...] = ()
    opened: tuple[Write, ...] = ()
    made: tuple[Write, ...] = ()

    @property
    def queries(self) -> tuple[Query, ...]:
        """The last reading."""
        return self.readings[-1]


def is_identified_by(queries: Iterable[Query]) -> bool:
    """Whether a reading brings the cluster's identity along, so that it is not asked for beside."""
    return ROLL_CALL in queries
