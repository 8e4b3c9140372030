"""Which paths there are: a small table, so that tests can look at all of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import unquote

from meshglobal.dashboard.exchange import Answer, Handler, problem

_READING = ("GET", "HEAD")


class Route(NamedTuple):
    """One path and method. ``pattern`` is as ``/api/v1/services/{namespace}/{name}``: a field is one part of a path."""

    method: str
    pattern: str
    handler: Handler


class Found(NamedTuple):
    """The handler of a path, and what stands there for the fields of its pattern."""

    handler: Handler
    parts: dict[str, str]


@dataclass(slots=True)
class Routes:
    """All routes, in the order in which they are tried.

    ``nowhere`` answers where no route leads, outside of ``/api/`` and of the page's files.
    """

    table: list[Route] = field(default_factory=list)
    nowhere: Handler | None = None

    def get(self, pattern: str, handler: Handler) -> None:
        """What is read; HEAD works as well."""
        self.table.append(Route("GET", pattern, handler))

    def post(self, pattern: str, handler: Handler) -> None:
        """What may change something: only with ``--allow-writes``."""
        self.table.append(Route("POST", pattern, handler))

    def find(self, method: str, raw_path: str) -> Found | Answer:
        """The handler for a path as it was sent; 404 or 405 where there is none.

        Only what stands for a field is decoded: no other spelling of ``/api/`` leads to a route, past its guard.
        """
        words = raw_path.split("/")
        there = {route.method: Found(route.handler, parts) for route, parts in self._matching(words)}
        if not there and self.nowhere is not None and method in _READING and words[1:2] not in (["api"], ["static"]):
            return Found(self.nowhere, {})
        if not there:
            return nothing_here()
        if (found := there.get("GET" if method == "HEAD" else method)) is not None:
            return found
        methods = ", ".join(["GET, HEAD" if one == "GET" else one for one in sorted(there)])
        refused = problem(HTTPStatus.METHOD_NOT_ALLOWED, f"this path takes only {methods}")
        return Answer(refused.body, refused.status, headers=(("Allow", methods),))

    def _matching(self, words: list[str]) -> Iterator[tuple[Route, dict[str, str]]]:
        for route in self.table:
            pattern = route.pattern.split("/")
            if len(pattern) == len(words) and all(_fits(*pair) for pair in zip(pattern, words, strict=True)):
                yield (
                    route,
                    {name[1:-1]: unquote(word) for name, word in zip(pattern, words, strict=True) if name[:1] == "{"},
                )


def nothing_here() -> Answer:
    """404, and where there is something."""
    return problem(HTTPStatus.NOT_FOUND, "there is nothing at this path", "the page is at /")


def _fits(expected: str, word: str) -> bool:
    return bool(word) if expected[:1] == "{" else expected == word
