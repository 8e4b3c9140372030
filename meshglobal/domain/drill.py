"""A drill: a cluster's copy of a service is taken away for a while and put back, each value as it was before.

What it changes is a list of touches, known and written down before the first of them. From a touch and what stands in
the cluster now follows what is to be done to put it back, however often that is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import msgspec

CLAIM = "meshglobal.dev/drill"
"""The annotation that tells everybody that an object is part of a drill, and how to put it back."""
PROTECTED = "meshglobal.dev/protected"
"""An annotation of a Namespace, a Service or a Deployment: no drill unless that is allowed."""


class Mode(StrEnum):
    """How the copy is taken away."""

    SCALE = "scale"
    CORDON_LABEL = "cordon-label"


class Field(StrEnum):
    """Where in an object a touched value stands."""

    REPLICAS = "replicas"
    LABEL = "labels"
    ANNOTATION = "annotations"


class Touch(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One value that a drill changes.

    Attributes:
        context, kind, namespace, name, uid: the object.
        field, key: the value; ``key`` is empty for replicas.
        before, after: the value as read, and during the drill; null: not set. Replicas are written as digits.
    """

    context: str
    kind: str
    namespace: str
    name: str
    uid: str
    field: Field
    key: str = ""
    before: str | None
    after: str | None
    resource_version: str = ""

    @property
    def is_claim(self) -> bool:
        """Whether it is the mark rather than the change itself."""
        return self.field is Field.ANNOTATION and self.key == CLAIM

    @property
    def subject(self) -> str:
        """The object, for people: ``deployment/productpage-v1``."""
        return f"{self.kind.lower()}/{self.name}"

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What tells the object from others."""
        return self.context, self.kind, self.namespace, self.name

    def shown(self, value: str | None) -> str:
        """A value with what it is, for people: ``replicas 0``, ``solo.io/service-scope not set``."""
        word = self.key or self.field.value
        return f"{word} not set" if value is None else f"{word} {value}"


class Journal(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What stands on disk while a drill is open: enough to put everything back, and no secret.

    Attributes:
        id: drawn for each drill; the claims carry it.
        created: RFC 3339, UTC.
        by: user and machine.
        kubeconfig: the files that the contexts were read from, as they were named; null: the usual ones.
        context: the cluster whose copy is taken away.
        reached: the steps that were begun, in order.
        touches: in the order in which they are made.
    """

    api_version: str = "meshglobal.dev/v1"
    kind: str = "DrillJournal"
    id: str
    created: str
    by: str
    kubeconfig: str | None
    namespace: str
    service: str
    context: str
    mode: Mode
    reached: tuple[str, ...] = ()
    touches: tuple[Touch, ...] = ()

    @property
    def title(self) -> str:
        """What is drilled, for people."""
        return f"{self.namespace}/{self.service} in {self.context}"


class Stage(StrEnum):
    """The steps of a drill. Each is written down before it is begun."""

    OPEN = "open"
    CLAIM = "claim"
    CALL = "call"
    TAKE_AWAY = "take-away"
    AWAY = "away"
    PUT_BACK = "put-back"
    RETURN = "return"
    UNCLAIM = "unclaim"


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands in a cluster: the value that a touch is about, and the mark of a drill on the same object."""

    uid: str
    value: str | None
    claim: str | None


class Move(StrEnum):
    """What is to be done to put one value back."""

    NOTHING = "nothing"
    PUT_BACK = "put-back"
    FOREIGN = "foreign"
    GONE = "gone"


def move_for(touch: Touch, seen: Seen | None, claim: str) -> Move:
    """What puts a value back, given what stands there now; ``claim``: the mark of this drill.

    A value that is neither the one before nor the drill's belongs to somebody else. So does the drill's own value where
    the mark is gone: the drill makes it only after it has marked the object.
    """
    if seen is None or seen.uid != touch.uid:
        return Move.GONE
    if seen.value == touch.before:
        return Move.NOTHING
    is_ours = seen.value == touch.after and (touch.is_claim or seen.claim == claim)
    return Move.PUT_BACK if is_ours else Move.FOREIGN


def claim_of(drill: str, by: str, since: str, replicas: str | None) -> str:
    """The value of the mark: which drill, who, since when, and what stood there, for whoever has no journal."""
    before = "" if replicas is None else f" replicas={replicas}"
    return f"id={drill} by={by} since={since}{before}"
