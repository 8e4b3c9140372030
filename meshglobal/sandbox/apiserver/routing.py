"""What a path of the Kubernetes API means."""

from dataclasses import dataclass

_NAMESPACE_PARTS = ("status", "finalize")


@dataclass(frozen=True, slots=True)
class Route:
    """A path below a group version, taken apart. Whether somebody serves it is for the catalogue to say."""

    group: str
    version: str
    plural: str
    namespace: str = ""
    name: str = ""
    subresource: str = ""
    is_watch: bool = False
    """Whether it is one of the old /watch/ paths."""


def parse(path: str) -> Route | None:
    """Return the route of a resource path, None for any other path (discovery, health, ...)."""
    match [part for part in path.split("/") if part]:
        case ["api", version, *rest] if rest:
            return _below("", version, rest)
        case ["apis", group, version, *rest] if rest:
            return _below(group, version, rest)
    return None


def _below(group: str, version: str, parts: list[str]) -> Route | None:
    is_watch = parts[0] == "watch" and len(parts) > 1
    if is_watch:
        parts = parts[1:]
    namespace = ""
    match parts:
        case ["namespaces", inside, plural, *_] if plural not in _NAMESPACE_PARTS:
            namespace, parts = inside, parts[2:]
    plural, name, subresource, *rest = [*parts, "", ""]
    if any(rest) and subresource != "proxy":
        return None
    if plural == "namespaces" and name and not group:
        # Rights on one Namespace are asked for in that namespace, as the real server does it.
        namespace = name
    return Route(group, version, plural, namespace, name, subresource, is_watch)
