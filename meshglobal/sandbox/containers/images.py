"""What an image runs: which words begin a container."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON

_SHELL = ("sh",)


def argv_of(container: JSON) -> tuple[str, ...]:
    """Return the command that a container starts with; an image that is not known begins with a shell."""
    command, args = tuple(container.get("command") or ()), tuple(container.get("args") or ())
    if command:
        return command + args
    if name_of_image(container.get("image", "")) == "curl":
        # Its entry point lets curl take what is no command itself.
        return args if args and args[0] == "curl" else ("curl", *args)
    return args or _SHELL


def name_of_image(image: str) -> str:
    """Return the last part of an image's name, without tag and digest."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0]
