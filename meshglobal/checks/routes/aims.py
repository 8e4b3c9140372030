"""What is wrong with references to generated entries, whoever holds them: routes by their parents, or policies."""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.hosts import is_asked
from meshglobal.checks.routes.publishing import without_remedy
from meshglobal.checks.routes.targets import GROUP, Target, lost_targets
from meshglobal.domain import kinds
from meshglobal.domain.fields import Spot, replacement
from meshglobal.domain.finding import Finding


def missed(mesh: Mesh, targets: Iterator[Target], check: Check) -> Iterator[Finding]:
    """Those to entries that do not exist; names of entries that people wrote are not looked at."""
    for one, key, meant in lost_targets(targets, mesh):
        if is_asked(mesh, key):
            found = check.finding(
                context=one.view.context,
                key=key,
                instead=f"{meant} does" if meant else f"none in {mesh.istio_namespace} is called so",
                patch=replacement([Spot(one.field, "name")], one.ref.name, meant),
                evidence=(one.field.seen("name", one.ref.name, meant or None),),
                **one.words,
            )
            yield found if meant else without_remedy(found)


def misnamed(mesh: Mesh, targets: Iterator[Target], check: Check) -> Iterator[Finding]:
    """Those in another kind or group, where an entry of that name stands."""
    for one in targets:
        if not one.is_entry and one.entry is not None and is_asked(mesh, one.key):
            yield check.finding(
                context=one.view.context,
                key=one.key,
                kind=one.ref.kind,
                group=one.ref.group or "''",
                patch=one.field.patch(("name", one.ref.name), {"group": GROUP, "kind": kinds.SERVICE_ENTRY.name}),
                evidence=(
                    one.field.seen("group", one.ref.group, GROUP),
                    one.field.seen("kind", one.ref.kind, kinds.SERVICE_ENTRY.name),
                ),
                **one.words,
            )
