"""Versions of the control plane, as the tags of its images and the names of its revisions tell them.

Only a version that is told in full counts: a digest, a channel or a release candidate is no version.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from meshglobal.domain.labels import REVISION
from meshglobal.domain.objects import Deployment

_VARIANTS = frozenset({"solo", "distroless", "debug", "fips"})
_TAG = re.compile(r"v?(\d{1,4})\.(\d{1,4})\.(\d{1,4})((?:-[a-z0-9]+)*)", re.ASCII)
_REVISION = re.compile(r"(\d{1,4})-(\d{1,4})-(\d{1,4})(?:-patch(\d{1,4}))?", re.ASCII)
_CONTAINER = "discovery"


class Build(NamedTuple):
    """A version; ``patch`` counts the vendor's own releases upon one of upstream's: -1 is none of them."""

    major: int
    minor: int
    release: int
    patch: int = -1

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.release}" + (f"-patch{self.patch}" if self.patch >= 0 else "")


def build_of(istiod: Deployment) -> Build | None:
    """The version of an istiod: by its image's tag, else by its revision; None: not known."""
    images = [one.image for one in istiod.spec.template.spec.containers or [] if one.name == _CONTAINER]
    found = _tagged(images[0]) if images else None
    return found or _revised(istiod.metadata.label(REVISION) or "")


def _tagged(image: str) -> Build | None:
    tag = image.partition("@")[0].rpartition("/")[2].partition(":")[2]
    if (match := _TAG.fullmatch(tag)) is None:
        return None
    patch = -1
    for part in filter(None, match[4].split("-")):
        number = part.removeprefix("patch")
        if number != part and number.isdecimal():
            patch = int(number)
        elif part not in _VARIANTS:
            return None
    return Build(int(match[1]), int(match[2]), int(match[3]), patch)


def _revised(revision: str) -> Build | None:
    if (match := _REVISION.fullmatch(revision)) is None:
        return None
    patch = match[4]
    return Build(int(match[1]), int(match[2]), int(match[3]), int(patch) if patch is not None else -1)


_FIXED = Build(1, 28, 6), Build(1, 29, 2, 0)


def drops_named_ports(build: Build) -> bool:
    """Whether a version leaves ports out whose targetPort is a name: mended in 1.28.6 and 1.29.2-patch0."""
    older, newer = _FIXED
    return build < older or (build.minor == newer.minor and build.major == newer.major and build < newer)
