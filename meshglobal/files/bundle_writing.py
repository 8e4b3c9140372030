"""Write a bundle: completely or not at all, readable for its owner alone, one file's content in memory at a time."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from meshglobal.domain.errors import CannotCheckError, UsageError
from meshglobal.domain.kinds import Kind
from meshglobal.domain.objects import Object
from meshglobal.files.bundle import ARCHIVE, INDEX, Index, kind_named, name_of

ObjectsOf = Callable[[int, Kind], tuple[Object, ...]]
"""The objects of a kind in the cluster at a place of the index."""


def check_free(path: Path) -> None:
    """Refuse a place where a bundle cannot be written, before anything is read.

    Raises:
        UsageError: something stands there, or its folder cannot be written to.
    """
    if path.exists() or path.is_symlink():
        raise UsageError(f"--out {path} exists already", "choose another name; a bundle is never written over")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK | os.X_OK):
        raise UsageError(f"--out {path}: its folder does not exist, or cannot be written to")


def write_bundle(path: Path, index: Index, objects_of: ObjectsOf) -> int:
    """Write a folder, or an archive where the name ends so; the number of bytes.

    Raises:
        CannotCheckError: it cannot be written; nothing is left of it.
    """
    new = path.with_name(f".{path.name}.{os.getpid()}")
    contents = _contents(index, objects_of)
    try:
        size = _archive(new, contents) if path.name.endswith(ARCHIVE) else _folder(new, contents)
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
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
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
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
