"""What is to be written as a whole: objects that a command makes, keeps as they should be, and takes away again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

import msgspec

from meshglobal.domain.failure import Failure
from meshglobal.domain.kinds import Kind
from meshglobal.domain.plan import Status

JSON: TypeAlias = dict[str, Any]


class ObjectStep(NamedTuple):
    """An object in one cluster, as it shall be.

    Attributes:
        context: the cluster.
        kind, namespace, name: the object.
        mark: labels by which an object is known as ours. One that stands there without them is somebody else's: it is
            neither changed nor deleted.
        wanted: the whole object; None: it shall not be there. A field that is None shall not be set.
    """

    context: str
    kind: Kind
    namespace: str
    name: str
    mark: Mapping[str, str]
    wanted: JSON | None


class ObjectResult(msgspec.Struct, frozen=True):
    """A step with its end.

    ``before`` is the object as it stood (None: not there), ``after`` as the server says that it is, or would be;
    ``warnings`` are the API server's Warning headers.
    """

    step: ObjectStep
    status: Status
    before: JSON | None = None
    after: JSON | None = None
    warnings: tuple[str, ...] = ()
    failure: Failure | None = None

    @property
    def verb(self) -> str:
        """What was, or would be, done, in kubectl's words."""
        if self.status is Status.UNCHANGED:
            return "unchanged" if self.step.wanted is not None else "not found"
        if self.step.wanted is None:
            return "deleted"
        return "created" if self.before is None else "configured"
