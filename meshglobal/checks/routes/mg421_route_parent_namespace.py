"""An HTTPRoute hangs on a generated ServiceEntry from outside the namespace of its service.

The entry is shown in the namespace of the service, and only routes of that namespace were seen to hang on it.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.hosts import is_asked
from meshglobal.checks.routes.publishing import without_remedy
from meshglobal.checks.routes.targets import Target, parents_of
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.route_objects import ParentRef

CHECK = Check(
    code="MG421",
    slug="route-parent-namespace",
    title="An HTTPRoute hangs on an entry from another namespace than the service's",
    level=Level.WARNING,
    summary="{where} looks for ServiceEntry {entry} in {looked}; routes were seen to find it in {namespace} only",
    remedy="kubectl --context {context} -n {object_namespace} patch httproute {object} --type=json -p {patch}",
    needs=(kinds.HTTP_ROUTE, kinds.SERVICE_ENTRY),
    rule="R39",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """A route that lies in another namespace has to be moved: no command does that."""
    for one in parents_of(mesh):
        looked = _namespace(one)
        if one.is_entry and one.entry is not None and looked != one.key.namespace and is_asked(mesh, one.key):
            found = CHECK.finding(
                context=one.view.context,
                key=one.key,
                looked=looked,
                patch=one.field.patch(("name", one.ref.name), {"namespace": None}),
                evidence=(one.field.seen("namespace", _written(one), one.key.namespace),),
                **one.words,
            )
            yield found if one.named_in.namespace == one.key.namespace else without_remedy(found)


def _written(one: Target) -> str | None:
    return one.ref.namespace if isinstance(one.ref, ParentRef) else None


def _namespace(one: Target) -> str:
    return _written(one) or one.named_in.namespace
