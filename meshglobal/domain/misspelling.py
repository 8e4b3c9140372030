"""Keys that look like one of the table's and are not: misspelt, or a label where an annotation is meant.

Only what hardly anybody writes on purpose counts: the same key in the other section, in other letter case or with
other separators, one slip of the pen away, or under another prefix of Solo's or Istio's.
"""

from __future__ import annotations

from functools import lru_cache

from meshglobal.domain import labels
from meshglobal.domain.labels import SERVICE_SCOPE, SERVICE_TAKEOVER, TRAFFIC_DISTRIBUTION, Key, Section
from meshglobal.domain.objects import Meta

_INTENDED = tuple(labels.BY_NAME[name] for name in (SERVICE_SCOPE, SERVICE_TAKEOVER, TRAFFIC_DISTRIBUTION))
_KNOWN = frozenset(value for name, value in vars(labels).items() if name.isupper() and isinstance(value, str))
_PREFIXES = ("solo.io", "istio.io")


@lru_cache(maxsize=1 << 12)  # the same keys stand on most objects
def intended(name: str, section: Section) -> Key | None:
    """The key that was most likely meant by one that stands in a section; None where it is right or something else."""
    for key in _INTENDED:
        if name == key.name:
            return key if section is not key.section else None
    if name in _KNOWN:
        return None
    return next((key for key in _INTENDED if _is_near(name, key.name)), None)


def misspelt_keys(metadata: Meta) -> list[tuple[str, Section, Key]]:
    """The misspelt keys of an object: each as it is written, where it stands, and what was meant.

    A key that stands rightly beside it was not forgotten, and is not looked for elsewhere.
    """
    found = []
    for section, written in ((Section.LABEL, metadata.labels), (Section.ANNOTATION, metadata.annotations)):
        for name in written or ():
            if not _is_beyond_doubt(name):
                meant = intended(name, section)
                if meant is not None and not _has(metadata, meant):
                    found.append((name, section, meant))
    return sorted(found, key=lambda one: one[0]) if found else found


@lru_cache(maxsize=1 << 12)
def _is_beyond_doubt(name: str) -> bool:
    """Whether a key has nothing to do with ours, wherever it stands: nearly all have not."""
    return all(intended(name, section) is None for section in Section)


def _has(metadata: Meta, key: Key) -> bool:
    value = metadata.label(key.name) if key.section is Section.LABEL else metadata.annotation(key.name)
    return value is not None


def _is_near(name: str, wanted: str) -> bool:
    if _plain(name) == _plain(wanted) or is_one_slip(name, wanted):
        return True
    prefix, _, last = name.rpartition("/")
    return _plain(last) == _plain(wanted.rpartition("/")[2]) and prefix.endswith(_PREFIXES)


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def is_one_slip(one: str, other: str) -> bool:
    """Whether one letter is added, left out or changed, or two neighbours are exchanged."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[start:], other[start:]
    is_exchanged = left[:2] == right[1::-1] and len(left) > 1 and left[2:] == right[2:]
    return is_exchanged or left[1:] == right[1:] or left[1:] == right or left == right[1:]
