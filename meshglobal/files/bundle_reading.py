"""Read a bundle: the index at once, objects as they are asked for, straight into records.

Nothing is unpacked to the disk. A file is looked for under the name that follows from the index; whatever else an
archive holds, links and paths out of it included, is passed over.
"""

from __future__ import annotations

import tarfile
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from meshglobal.app.ports import Member
from meshglobal.domain.errors import CannotCheckError, UsageError
from meshglobal.domain.failure import Cause, Failure
from meshglobal.domain.kinds import Kind
from meshglobal.domain.objects import Object
from meshglobal.domain.snapshot import Query
from meshglobal.files.bundle import FORMAT, INDEX, KIND, Index, IndexCluster, kind_named, name_of
from meshglobal.files.saved import Objects, Reading, Saved

T = TypeVar("T")
LARGEST = 1 << 30
"""Of one file in a bundle, in bytes: what claims more is no bundle of ours."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """An opened bundle."""

    path: Path
    index: Index

    @property
    def members(self) -> tuple[Member, ...]:
        """See `Source`. What holds one namespace is read in that namespace where none is named."""
        held = self.index.namespace
        return tuple(Member(one.context, one.server, held or one.namespace) for one in self.index.members)

    @property
    def clusters(self) -> tuple[Saved, ...]:
        """See `Source`."""
        return tuple(map(_saved, self.index.clusters))

    @property
    def taken_at(self) -> float | None:
        """See `Source`."""
        return self.index.ended_at

    def each(self, clusters: Collection[str], kinds: Collection[Kind]) -> Iterator[tuple[str, Objects]]:
        """See `Source.each`. A cluster comes as soon as its last file is decoded.

        Raises:
            CannotCheckError: a file that the index names is missing or damaged.
        """
        wanted: dict[str, tuple[str, Kind]] = {}
        found: dict[str, dict[Kind, tuple[Object, ...]]] = {}
        left: dict[str, int] = {}
        for place, cluster in enumerate(self.index.clusters):
            if cluster.context in clusters:
                files = {name_of(place, kind): (cluster.context, kind) for kind in _held(cluster) if kind in kinds}
                wanted |= files
                found[cluster.context], left[cluster.context] = {}, len(files)
        yield from ((context, found.pop(context)) for context, number in left.items() if not number)
        for name, data in _files(self.path, wanted):
            context, kind = wanted.pop(name)
            objects = _decoded(f"{self.path}: {name}", data, _list_decoder(kind))
            found[context][kind] = tuple(objects)
            left[context] -= 1
            if not left[context]:
                yield context, found.pop(context)
        for name in wanted:
            raise CannotCheckError(f"{self.path}: {name} is missing from the bundle", "it is not whole: collect again")


def _held(cluster: IndexCluster) -> list[Kind]:
    return [kind for word in cluster.objects if (kind := kind_named(word)) is not None]


def bundle_at(path: Path) -> Bundle:
    """Open a bundle.

    Raises:
        UsageError: it is none.
        CannotCheckError: it cannot be read, or comes from a newer version.
    """
    data = next((data for _, data in _files(path, {INDEX})), None)
    if data is None:
        raise UsageError(f"--from {path}: it is no bundle: it does not hold {INDEX}")
    head = _decoded(f"{path}: {INDEX}", data, msgspec.json.Decoder(_Head))
    if head.kind != KIND:
        raise UsageError(f"--from {path}: {INDEX} is not that of a bundle")
    if head.format > FORMAT:
        raise CannotCheckError(f"{path}: the bundle has format {head.format}; this program knows {FORMAT}", "upgrade")
    return Bundle(path, _decoded(f"{path}: {INDEX}", data, msgspec.json.Decoder(Index)))


class _Head(msgspec.Struct):
    kind: str = ""
    format: int = 0


@cache
def _list_decoder(kind: Kind) -> msgspec.json.Decoder[list[Object]]:
    return msgspec.json.Decoder(list[kind.record])  # type: ignore[name-defined]  # known at run time only


def _decoded(place: str, data: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise CannotCheckError(f"{place} cannot be read: {error}", "the bundle is damaged: collect again") from error


def _files(path: Path, names: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """The files of these names that are there, each once; those of an archive in its order."""
    try:
        yield from _plain(path, names) if path.is_dir() else _packed(path, names)
    except (OSError, EOFError, tarfile.TarError) as error:
        why = getattr(error, "strerror", None) or "it is no archive, or is damaged"
        raise CannotCheckError(f"{path} cannot be read: {why}") from error


def _plain(path: Path, names: Collection[str]) -> Iterator[tuple[str, bytes]]:
    for name in list(names):
        with suppress(FileNotFoundError):
            file = path / name
            _check_size(path, name, file.stat().st_size)
            yield name, file.read_bytes()


def _packed(path: Path, names: Collection[str]) -> Iterator[tuple[str, bytes]]:
    left = set(names)
    with tarfile.open(path, mode="r|gz") as archive:
        for member in archive:
            if member.name in left and member.isreg():
                left.discard(member.name)
                _check_size(path, member.name, member.size)
                if (file := archive.extractfile(member)) is not None:
                    yield member.name, file.read()
            if not left:
                return


def _check_size(path: Path, name: str, size: int) -> None:
    if size > LARGEST:
        raise CannotCheckError(f"{path}: {name} is larger than {LARGEST >> 30} GiB")


def _saved(cluster: IndexCluster) -> Saved:
    readings = tuple(
        Reading(Query(kind, one.namespace, one.name, is_optional=one.is_optional), one.failure)
        for one in cluster.readings
        if (kind := kind_named(one.kind)) is not None
    )

    def unheld(query: Query) -> Failure:
        alike = [one.query for one in readings if one.query.kind is query.kind and query.name is None]
        places = sorted({one.namespace for one in alike if one.namespace is not None})
        where = f", but of {', '.join(places)}" if places else ""
        what = f"no {query.kind.plural}" if query.name is None else f"nothing about {query.kind.word} {query.name}"
        message = f"the bundle holds {what}{where}"
        return Failure(Cause.NOT_IN_FILES, message, "collect again, with -n or -A as needed")

    return Saved(
        context=cluster.context,
        unheld=unheld,
        uid=cluster.uid,
        aliases=cluster.aliases,
        failure=cluster.failure,
        readings=readings,
        circumstances=cluster.circumstances,
    )
