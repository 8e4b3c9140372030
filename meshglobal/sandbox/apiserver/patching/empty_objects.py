"""What an object of a kind holds before anybody has written a field: where tracking of a new object starts.

A typed kind always shows its structs, so no manager owns them as such; a custom kind starts with nothing.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def _known() -> dict[str, JSON]:
    text = files("meshglobal.sandbox.apiserver").joinpath("data/empty_objects.yaml").read_text("utf-8")
    loaded: dict[str, JSON] = yaml.load(text, Loader=_LOADER)  # noqa: S506 - one of the two safe loaders
    return loaded


def empty_object(like: JSON) -> JSON:
    """Return an object of the same kind, in which nothing is set."""
    identity: JSON = {"apiVersion": like.get("apiVersion"), "kind": like.get("kind"), "metadata": {}}
    return identity | _known().get(f"{like.get('apiVersion')}/{like.get('kind')}", {})
