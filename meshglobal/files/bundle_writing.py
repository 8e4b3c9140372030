"""Write a bundle: completely or not at all, readable for its owner alone, one file's content in memory at a time."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from meshglobal.app.collecting import Collected
from meshglobal.domain.errors import CannotCheckError, UsageError
from meshglobal.domain.failure import Failure
from meshglobal.domain.kinds import Kind
from meshglobal.domain.objects import Object
from meshglobal.domain.snapshot import ClusterSnapshot, Query
from meshglobal.files.bundle import (
    ARCHIVES,
    INDEX,
    Index,
    IndexCluster,
    IndexMember,
    IndexReading,
    kind_named,
    name_of,
)

ObjectsOf = Callable[[int, Kind], Sequence[Object]]
"""The objects of a kind in the cluster at a place of the index."""


def check_free(path: Path) -> None:
    """Refuse a place where a bundle cannot be written, before anything is read.

    Raises:
        UsageError: something stands there, or its folder cannot be written to.
    """
    if os.path.lexists(path):
        raise UsageError(f"--out {path} exists already", "choose another name; a bundle is never written over")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK | os.X_OK):
        raise UsageError(f"--out {path}: its folder does not exist, or cannot be written to")


def index_of(found: Collected, version: str, *, redacted: bool = False) -> Index:
    """The index of what was collected."""
    return Index(
        version=version,
        begun_at=found.begun_at,
        ended_at=found.ended_at,
        namespace=found.namespace,
        istio_namespace=found.istio_namespace,
        redacted=redacted,
        members=tuple(
            IndexMember(context=one.context, server=one.server, namespace=one.namespace) for one in found.members
        ),
        clusters=tuple(map(_cluster, found.snapshot.clusters)),
    )


def _cluster(cluster: ClusterSnapshot) -> IndexCluster:
    whole = next((gap.failure for gap in cluster.gaps if gap.query is None), None)
    failed = [(gap.query, gap.failure) for gap in cluster.gaps if gap.query is not None]
    return IndexCluster(
        context=cluster.context,
        uid=cluster.uid,
        aliases=cluster.aliases,
        failure=whole,
        readings=tuple(_reading(query, why) for query, why in (*((one, None) for one in cluster.queries), *failed)),
        objects={kind.word: len(objects) for kind, objects in cluster.objects.items() if objects},
        circumstances=cluster.circumstances,
    )


def _reading(query: Query, why: Failure | None) -> IndexReading:
    return IndexReading(
        kind=query.kind.word, namespace=query.namespace, name=query.name, is_optional=query.is_optional, failure=why
    )


def write_bundle(path: Path, index: Index, objects_of: ObjectsOf) -> int:
    """Write a folder, or an archive where the name ends so; the number of bytes.

    Raises:
        CannotCheckError: it cannot be written; nothing is left of it.
    """
    new = path.with_name(f".{path.name}.{os.getpid()}")
    contents = _contents(index, objects_of)
    try:
        size = _archive(new, contents) if path.name.endswith(ARCHIVES) else _folder(new, contents)
        check_free(path)
        new.rename(path)
    except OSError as error:
        raise CannotCheckError(f"--out {path} cannot be written: {error.strerror}") from error
    finally:
        _remove(new)
    return size


def _contents(index: Index, objects_of: ObjectsOf) -> Iterator[tuple[str, bytes]]:
    encoder = msgspec.json.Encoder()
    yield INDEX, msgspec.json.format(encoder.encode(index), indent=2) + b"\n"
    for place, cluster in enumerate(index.clusters):
        for word in cluster.objects:
            if (kind := kind_named(word)) is not None:
                yield name_of(place, kind), encoder.encode(objects_of(place, kind))


def _folder(path: Path, contents: Iterator[tuple[str, bytes]]) -> int:
    path.mkdir(mode=0o700)
    size = 0
    for name, data in contents:
        file = path / name
        for parent in reversed(file.relative_to(path).parents[:-1]):
            (path / parent).mkdir(mode=0o700, exist_ok=True)
        with _private(file) as out:
            size += out.write(data)
    return size


def _archive(path: Path, contents: Iterator[tuple[str, bytes]]) -> int:
    with (
        _private(path) as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=6) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, data in contents:
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(data), 0o600
            archive.addfile(member, io.BytesIO(data))
    return path.stat().st_size


def _private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _remove(path: Path) -> None:
    if not os.path.lexists(path):
        return
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
