"""What ``--from`` names: a file, standard input, a folder that is a cluster or holds one a cluster, or a bundle."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from meshglobal.domain.errors import CannotCheckError, UsageError
from meshglobal.files.bundle import is_bundle
from meshglobal.files.bundle_reading import bundle_at
from meshglobal.files.manifests import Log, Manifests, manifests_of, source_of
from meshglobal.files.saved import Source
from meshglobal.files.texts import SUFFIXES, text_of, text_of_stdin

_STDIN = "-"


def sources_of(named: Sequence[str], log: Log | None = None) -> list[Source]:
    """The clusters of all places.

    Raises:
        UsageError: a place that does not exist or holds nothing, or two clusters of one name.
        CannotCheckError: a file that cannot be read, with file and line.
    """
    if named.count(_STDIN) > 1:
        raise UsageError("--from - stands for standard input, which can be read once")
    found = [_source(one, log) for one in named]
    seen: dict[str, str] = {}
    for place, source in zip(named, found, strict=True):
        for member in source.members:
            if member.context in seen:
                raise UsageError(
                    f"--from {place}: a cluster {member.context} is in {seen[member.context]} already",
                    "a cluster is called as its folder or file: rename one of them",
                )
            seen[member.context] = place
    return found


def _source(name: str, log: Log | None) -> Source:
    if name == _STDIN:
        return source_of([_with_objects(manifests_of("stdin", name, [text_of_stdin()], log))])
    path = Path(name)
    try:
        is_packed_up = is_bundle(path)
    except OSError as error:
        raise CannotCheckError(f"{path} cannot be read: {error.strerror}") from error
    if is_packed_up:
        return bundle_at(path)
    if not path.is_dir():
        return source_of([_with_objects(manifests_of(path.stem, name, [text_of(path)], log))])
    return source_of(list(_folder(path, log)))


def _folder(path: Path, log: Log | None) -> Iterator[Manifests]:
    """A folder with manifests directly in it is a cluster; otherwise each folder in it that has some is one."""
    entries = _entries(path)
    if any(_is_manifest(one) for one in entries):
        yield _cluster(path, log)
        return
    inner = [one for one in entries if one.is_dir()]
    if bundles := [one for one in inner if is_bundle(one)]:
        raise UsageError(f"--from {path}: {bundles[0].name} in it is a bundle", f"name it itself: --from {bundles[0]}")
    found = [one for one in inner if next(_manifests(one), None) is not None]
    if not found:
        raise UsageError(f"--from {path}: there are no manifests in it", "they are called *.yaml, *.yml or *.json")
    for one in found:
        yield _cluster(one, log)


def _cluster(path: Path, log: Log | None) -> Manifests:
    return manifests_of(path.resolve().name, str(path), (text_of(one) for one in _manifests(path)), log)


def _with_objects(found: Manifests) -> Manifests:
    """One file that was named and holds nothing is a mistake."""
    if not found.count:
        raise UsageError(f"--from {found.server}: it holds no object that meshglobal reads", "Services, for example")
    return found


def _manifests(path: Path) -> Iterator[Path]:
    """All manifests below a folder, each real folder once, in the order of their names."""
    seen: set[Path] = set()
    left = [path]
    while left:
        here = left.pop()
        if (real := here.resolve()) in seen:
            continue
        seen.add(real)
        entries = _entries(here)
        yield from (one for one in entries if _is_manifest(one))
        left += reversed([one for one in entries if one.is_dir()])


def _entries(path: Path) -> list[Path]:
    try:
        return sorted(path / name for name in os.listdir(path) if not name.startswith("."))  # noqa: PTH208 - only names
    except OSError as error:
        raise CannotCheckError(f"{path} cannot be read: {error.strerror}") from error


def _is_manifest(path: Path) -> bool:
    return path.suffix in SUFFIXES and path.is_file()
