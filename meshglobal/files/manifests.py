"""Clusters as manifests: what people write and what kubectl prints.

Manifests hold what is declared. What servers and control planes add to that counts as read only where it is there:
generated entries by their names, endpoints, pods, gateways and the like by the UID that a server gave them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from meshglobal.app.ports import Member
from meshglobal.domain import kinds
from meshglobal.domain.demand import IDENTITY
from meshglobal.domain.errors import CannotCheckError
from meshglobal.domain.failure import Cause, Failure
from meshglobal.domain.kinds import KINDS, Kind
from meshglobal.domain.names import is_generated
from meshglobal.domain.objects import Object
from meshglobal.domain.snapshot import Query
from meshglobal.files.decoding import objects_in
from meshglobal.files.places import IllegibleError
from meshglobal.files.saved import Objects, Reading, Saved
from meshglobal.files.texts import Text, documents_in

# What is in no manifest is not there: people write these by hand, and their status matters to nobody here.
DECLARED = frozenset(
    {
        kinds.NAMESPACE,
        kinds.SERVICE,
        kinds.SEGMENT,
        kinds.HTTP_ROUTE,
        kinds.DESTINATION_RULE,
        kinds.VIRTUAL_SERVICE,
        kinds.AUTHORIZATION_POLICY,
    }
)
_GENERATED = frozenset({kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY})
# Looked for in all namespaces; entries in others than the control plane's are written by hand.
_EVERYWHERE = frozenset({kinds.GATEWAY, *_GENERATED})

Log = Callable[[str], None]


@dataclass(slots=True)
class Manifests:
    """The objects of one cluster as its files are read. ``ignored``: how many documents are of other kinds."""

    context: str
    server: str
    objects: dict[Kind, dict[tuple[str, str], Object]] = field(default_factory=dict)
    ignored: int = 0
    _places: dict[tuple[Kind, str, str], str] = field(default_factory=dict)

    def take(self, text: Text) -> None:
        """Take in one file.

        Raises:
            CannotCheckError: it cannot be read, or an object stands twice, with both places.
        """
        try:
            for document in documents_in(text):
                for line, kind, found in objects_in(document):
                    if kind is None or found is None:
                        self.ignored += 1
                    else:
                        self._keep(kind, found, f"{text.name}:{line}")
        except IllegibleError as error:
            raise CannotCheckError(f"{text.name}:{error.line}: {error}", _hint(text)) from error

    @property
    def count(self) -> int:
        """How many objects it holds."""
        return len(self._places)

    def saved(self) -> Saved:
        """The cluster."""
        known = self.objects.get(kinds.NAMESPACE, {}).get(("", IDENTITY.name or ""))
        readings = tuple(Reading(query) for kind in KINDS for query in _read(kind, self.objects.get(kind, {}).values()))
        return Saved(self.context, _unheld, uid=known.metadata.uid if known is not None else "", readings=readings)

    def _keep(self, kind: Kind, found: Object, place: str) -> None:
        key = (kind, found.namespace, found.name)
        same = self.objects.setdefault(kind, {})
        if same.setdefault((found.namespace, found.name), found) != found:
            called = "/".join(filter(None, (found.namespace, found.name)))
            raise CannotCheckError(
                f"{place}: {kind.word} {called} of {self.context} stands in {self._places[key]} already, and differs",
                "which one counts? of overlays take the result: kubectl kustomize DIR | meshglobal verify --from -",
            )
        self._places.setdefault(key, place)


@dataclass(frozen=True, slots=True)
class ManifestSource:
    """Clusters of manifests, each once."""

    members: tuple[Member, ...]
    clusters: tuple[Saved, ...]
    taken_at: float | None
    _objects: Mapping[str, Objects]

    def each(self, clusters: Collection[str], kinds: Collection[Kind]) -> Iterator[tuple[str, Objects]]:
        """See `Source.each`."""
        for context, objects in self._objects.items():
            if context in clusters:
                yield context, {kind: found for kind, found in objects.items() if kind in kinds}


def source_of(found: Iterable[Manifests]) -> ManifestSource:
    """Some clusters as one source."""
    all_of = list(found)
    return ManifestSource(
        members=tuple(Member(one.context, one.server) for one in all_of),
        clusters=tuple(one.saved() for one in all_of),
        taken_at=None,
        _objects={
            one.context: {kind: tuple(objects.values()) for kind, objects in one.objects.items()} for one in all_of
        },
    )


def manifests_of(context: str, place: str, texts: Iterable[Text], log: Log | None = None) -> Manifests:
    """Read the files of one cluster; see `Manifests.take`."""
    found = Manifests(context, place)
    for text in texts:
        found.take(text)
    if log is not None:
        log(f"{context}: {found.count} objects in {place}; {found.ignored} documents of other kinds ignored")
    return found


def _read(kind: Kind, found: Iterable[Object]) -> list[Query]:
    """What counts as read of a kind, given what is there of it."""
    if kind in DECLARED:
        return [Query(kind)]
    observed = [one for one in found if (is_generated(one.name) if kind in _GENERATED else one.metadata.uid)]
    if kind in _EVERYWHERE:
        return [Query(kind)] if observed else []
    return [Query(kind, namespace) for namespace in sorted({one.namespace for one in observed})]


def _unheld(query: Query) -> Failure:
    message = "the files hold none as a server gives them: it is not known what there is"
    if query.kind in _GENERATED:
        message = "the files hold no generated entries: what the control plane has made of them is not known"
    return Failure(Cause.NOT_IN_FILES, message, "ask the clusters: the same command with --context, without --from")


def _hint(text: Text) -> str:
    if b"{{" in text.data:
        return "templates are not read; render them first: helm template CHART | meshglobal verify --from -"
    return ""
