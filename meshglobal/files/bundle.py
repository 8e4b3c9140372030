"""What a bundle is: an index, and a file for each kind in each cluster.

It is a folder, or an archive (``.tar.gz``). ``bundle.json`` is the index; ``clusters/0001/services.json`` holds the
first cluster's Services as one JSON list. The names of files follow from the index, and are never taken from it.
Objects stand there with the fields that meshglobal reads, and no others.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from meshglobal.domain.circumstances import Circumstances
from meshglobal.domain.failure import Failure
from meshglobal.domain.kinds import KINDS, Kind
from meshglobal.domain.report import API_VERSION

INDEX = "bundle.json"
ARCHIVES = (".tar.gz", ".tgz")
_GZIP = b"\x1f\x8b"
FORMAT = 1
KIND = "Bundle"


class IndexReading(msgspec.Struct, frozen=True, rename="camel", kw_only=True, omit_defaults=True):
    """A query that was asked; ``kind`` is the kind's word (``serviceentry.networking.istio.io``)."""

    kind: str
    namespace: str | None = None
    name: str | None = None
    is_optional: bool = False
    failure: Failure | None = None


class IndexCluster(msgspec.Struct, frozen=True, rename="camel", kw_only=True, omit_defaults=True):
    """A cluster. ``failure``: why it could not be reached; ``objects``: how many there are, by the kind's word."""

    context: str
    uid: str = ""
    aliases: tuple[str, ...] = ()
    failure: Failure | None = None
    readings: tuple[IndexReading, ...] = ()
    objects: dict[str, int] = {}
    circumstances: Circumstances = msgspec.field(default_factory=Circumstances)


class IndexMember(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A context that was selected."""

    context: str
    server: str
    namespace: str | None = None


class Index(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """``bundle.json``. Times in seconds since the epoch; ``namespace`` null: of all namespaces."""

    api_version: str = API_VERSION
    kind: str = KIND
    format: int = FORMAT
    version: str = ""
    begun_at: float = 0.0
    ended_at: float = 0.0
    namespace: str | None = None
    istio_namespace: str = ""
    redacted: bool = False
    members: tuple[IndexMember, ...] = ()
    clusters: tuple[IndexCluster, ...] = ()


def is_archive(path: Path) -> bool:
    """Whether a file is packed, whatever it is called. Pipes are not looked into."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_GZIP)) == _GZIP


def is_bundle(path: Path) -> bool:
    """Whether a file or folder is meant to be a bundle."""
    return is_archive(path) or (path / INDEX).is_file()


def name_of(place: int, kind: Kind) -> str:
    """The file that holds a kind of the cluster at a place in the index."""
    return f"clusters/{place + 1:04}/{kind.plural}{'.' if kind.group else ''}{kind.group}.json"


def kind_named(word: str) -> Kind | None:
    """The kind of a word; None for kinds of other versions."""
    return next((kind for kind in KINDS if kind.word == word), None)
