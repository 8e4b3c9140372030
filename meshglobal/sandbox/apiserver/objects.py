"""Kubernetes objects as plain decoded JSON, and the few things that are read from all of them.

A stored object is never changed in place: whoever wants another one builds it. `fresh` gives a copy to build on.
"""

import copy
import datetime as dt
from typing import Any

JSON = dict[str, Any]
"""One decoded JSON object."""


def fresh(obj: JSON) -> JSON:
    """Return a deep copy of an object, free to be changed."""
    return copy.deepcopy(obj)


def metadata(obj: JSON) -> JSON:
    """Return the object's metadata, or an empty mapping where it has none."""
    found = obj.get("metadata")
    return found if isinstance(found, dict) else {}


def name_of(obj: JSON) -> str:
    """Return metadata.name, or an empty string."""
    return str(metadata(obj).get("name") or "")


def namespace_of(obj: JSON) -> str:
    """Return metadata.namespace, or an empty string for what lives in none."""
    return str(metadata(obj).get("namespace") or "")


def version_of(obj: JSON) -> int:
    """Return metadata.resourceVersion as a number, 0 where there is none."""
    text = str(metadata(obj).get("resourceVersion") or "")
    return int(text) if text.isdigit() else 0


def timestamp(now: dt.datetime | None = None) -> str:
    """Return a time (default: now) as Kubernetes writes it, whole seconds in UTC."""
    moment = now or dt.datetime.now(dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
