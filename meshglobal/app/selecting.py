"""Which services a command is about: by name, by namespace, by label selector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from meshglobal.app.picture import Picture
from meshglobal.app.ports import Fleet
from meshglobal.domain import kinds
from meshglobal.domain.errors import NotFoundError, UsageError
from meshglobal.domain.failure import Cause
from meshglobal.domain.kinds import Kind
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.snapshot import Query
from meshglobal.domain.targets import Targets


@dataclass(frozen=True, slots=True)
class Wanted:
    """The services asked for, as a container of keys.

    Attributes:
        namespaces: only these; None: all.
        names: only these names; None: all.
    """

    namespaces: frozenset[str] | None = None
    names: frozenset[str] | None = None

    def __contains__(self, key: object) -> bool:
        """Whether a service is asked for."""
        if not isinstance(key, ServiceKey):
            return False
        return (self.namespaces is None or key.namespace in self.namespaces) and (
            self.names is None or key.name in self.names
        )


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for: targets (None: everything in the namespace), where, and a label selector.

    ``namespace`` None stands for all namespaces.
    """

    targets: Targets | None
    namespace: str | None
    selector: str = ""

    @property
    def kind(self) -> Kind:
        """What it is about: Services, or Namespaces as a whole."""
        return self.targets.kind if self.targets is not None else kinds.SERVICE

    @property
    def read_namespace(self) -> str | None:
        """The one namespace that must be read; None when it takes all."""
        if self.targets is not None and self.targets.kind is kinds.NAMESPACE:
            return self.targets.names[0] if len(self.targets.names) == 1 else None
        return self.namespace

    @property
    def place(self) -> str:
        """Where it looks, for people: ``in bookinfo namespace``; empty for all namespaces."""
        if self.targets is not None and self.targets.kind is kinds.NAMESPACE and self.targets.names:
            names = self.targets.names
            return f"in {', '.join(names)} namespace{'s' if len(names) > 1 else ''}"
        return "" if self.namespace is None else f"in {self.namespace} namespace"


def selecting_queries(kind: Kind, request: Request) -> tuple[tuple[Query, ...], ...]:
    """The reading that finds what a label selector matches, before everything else; none without a selector."""
    if not request.selector:
        return ()
    return ((Query(kind, request.namespace if kind.is_namespaced else None, selector=request.selector),),)


def wanted_services(fleet: Fleet, request: Request) -> Wanted:
    """The services that a reading command is about."""
    targets = request.targets
    if targets is not None and targets.kind is kinds.NAMESPACE:
        return Wanted(frozenset(named(fleet, kinds.NAMESPACE, request) if request.selector else targets.names))
    namespaces = None if request.namespace is None else frozenset((request.namespace,))
    if request.selector:
        return Wanted(namespaces, frozenset(named(fleet, kinds.SERVICE, request)))
    return Wanted(namespaces, frozenset(targets.names) if targets is not None and targets.names else None)


def named(fleet: Fleet, kind: Kind, request: Request) -> tuple[str, ...]:
    """The names that were given, or those that the selector matches in any cluster (the servers evaluate it).

    Raises:
        UsageError: names and a selector at once, or a selector that the servers do not understand.
    """
    names = request.targets.names if request.targets is not None else ()
    if not request.selector:
        return names
    if names:
        raise UsageError("give either names or a label selector (-l), not both")
    (queries,) = selecting_queries(kind, request)
    snapshot = fleet.read(queries)
    for cluster in snapshot.clusters:
        for gap in cluster.gaps:
            if gap.failure.cause is Cause.REJECTED:
                raise UsageError(f"label selector {request.selector!r}: {gap.failure.message}")
    return tuple(sorted({found.name for cluster in snapshot.reached for found in cluster.of(kind, kind.record)}))


def named_keys(request: Request, picture: Picture) -> tuple[ServiceKey, ...]:
    """The services that were named one by one, each of which must therefore be global.

    In all namespaces a name stands for the services of that name that are published or, where none is, for all of them.
    """
    targets = request.targets
    if targets is None or targets.kind is not kinds.SERVICE:
        return ()
    if request.namespace is not None:
        return tuple(ServiceKey(request.namespace, name) for name in targets.names)
    published, known = picture.published_keys(), picture.service_keys()
    return tuple(
        key
        for name in targets.names
        for key in [one for one in published if one.name == name] or [one for one in known if one.name == name]
    )


def check_named(picture: Picture, request: Request) -> None:
    """Refuse what was named, services or namespaces, and is in no cluster.

    Raises:
        NotFoundError: see `check_exists` and `check_namespaces`.
    """
    targets = request.targets
    if targets is None:
        return
    if targets.kind is kinds.NAMESPACE:
        check_namespaces(picture, targets.names)
    else:
        check_exists(picture, request.namespace, targets.names)


def check_exists(picture: Picture, namespace: str | None, names: Sequence[str]) -> None:
    """Refuse names of services that are in no cluster, if every cluster could be read; ``namespace`` None: anywhere.

    Raises:
        NotFoundError: with near names.
    """
    if not all(view.cluster.has_read(kinds.SERVICE, namespace) for view in picture.views):
        return
    keys = {*picture.service_keys(), *picture.published_keys()}
    keys.update(key for view in picture.views for key in view.named_entries)
    known = {key.name for key in keys if namespace in (None, key.namespace)}
    for name in names:
        if name not in known:
            where = "any namespace" if namespace is None else f'namespace "{namespace}"'
            raise NotFoundError(
                f'services "{name}" not found in {where} of any selected cluster '
                f"({', '.join(view.context for view in picture.views[:5])}{', …' if len(picture.views) > 5 else ''})",  # noqa: PLR2004 - a line's worth
                _near(name, known, namespace),
            )


def _near(name: str, known: set[str], namespace: str | None) -> str:
    if near := get_close_matches(name, sorted(known), n=3):
        return f"did you mean {' or '.join(near)}?"
    return "" if namespace is None else "is it in another namespace? choose one with -n"


def check_namespaces(picture: Picture, names: Sequence[str]) -> None:
    """Refuse namespaces that are in no cluster, if every cluster could be read.

    Raises:
        NotFoundError: with near names.
    """
    known = {name for view in picture.views for name in view.namespaces}
    for name in names:
        complete = all(view.cluster.has_read(kinds.NAMESPACE, name=name) for view in picture.views)
        if name not in known and complete:
            near = get_close_matches(name, known, n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else ""
            raise NotFoundError(f'namespaces "{name}" not found in any selected cluster', hint)
