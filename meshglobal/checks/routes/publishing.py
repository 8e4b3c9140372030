"""What mends a host that does not exist because nobody publishes its service for a cluster."""

from __future__ import annotations

import shlex

import msgspec

from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds, scope
from meshglobal.domain.finding import Finding
from meshglobal.domain.names import SplitHost


def exposing(mesh: Mesh, found: Finding, host: SplitHost) -> Finding:
    """The finding with the command that makes the host exist, as far as there is one.

    Where Services were not read, `diagnose` goes on; without a Service that would have this host, nothing mends it.
    """
    if not all(view.cluster.has_read(kinds.SERVICE, host.key.namespace) for view in mesh.views):
        return msgspec.structs.replace(found, remedy=f"meshglobal diagnose svc {host.key.name} -n {host.key.namespace}")
    contexts = [view.context for view in mesh.views if view.home.domain == host.domain and host.key in view.services]
    published = {
        one.context for one in mesh.expectation.publications if one.key == host.key and one.scope.value != scope.SEGMENT
    }
    if not contexts or published & set(contexts):
        return without_remedy(found)
    target = f"svc {host.key.name} -n {host.key.namespace} --context {shlex.quote(','.join(sorted(contexts)))}"
    return msgspec.structs.replace(found, remedy=f"meshglobal expose {target}")


def without_remedy(found: Finding) -> Finding:
    """The finding where only a person can decide."""
    return msgspec.structs.replace(found, remedy="")
