"""What was collected, as a bundle; redacted if that is wanted."""

from __future__ import annotations

import secrets
from pathlib import Path

import msgspec

from meshglobal.app.collecting import Collected
from meshglobal.domain.kinds import Kind
from meshglobal.domain.objects import Object
from meshglobal.files.bundle_writing import index_of, write_bundle
from meshglobal.files.redaction import redacted

_KEY_BYTES = 32


def fresh_key() -> bytes:
    """What the names of one bundle hang on; nobody keeps it."""
    return secrets.token_bytes(_KEY_BYTES)


def hand_on(found: Collected, path: Path, version: str, *, key: bytes | None = None) -> int:
    """Write a bundle, redacted if there is a key; the number of its bytes.

    Raises:
        CannotCheckError: it cannot be written.
    """
    clusters = found.snapshot.clusters
    index = index_of(found, version, redacted=key is not None)
    if key is None:
        return write_bundle(path, index, lambda place, kind: clusters[place].objects.get(kind, ()))
    redaction = redacted(found, key)
    frame = index_of(redaction.frame(found), version, redacted=True)
    counted = (
        msgspec.structs.replace(one, objects=real.objects)
        for one, real in zip(frame.clusters, index.clusters, strict=True)
    )

    def objects_of(place: int, kind: Kind) -> list[Object]:
        return [redaction.object(kind, one) for one in clusters[place].objects.get(kind, ())]

    return write_bundle(path, msgspec.structs.replace(frame, clusters=tuple(counted)), objects_of)
