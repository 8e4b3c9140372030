"""What is read below ``/api/v1/``."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus

import msgspec

from meshglobal.checks.catalogue import Listed, check_named
from meshglobal.checks.pages import placeholders
from meshglobal.dashboard.documents import About, Explanation, Findings
from meshglobal.dashboard.exchange import VERSION, Answer, Asked, Encoded, Stream, document, problem
from meshglobal.dashboard.hub import MOST_STREAMS, Hub
from meshglobal.dashboard.routes import Routes
from meshglobal.domain.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Api:
    """Answers from the hub alone: it waits for no cluster."""

    hub: Hub
    about: About
    _services: Encoded = field(default_factory=Encoded)
    _clusters: Encoded = field(default_factory=Encoded)

    def add_to(self, routes: Routes) -> None:
        """Add what there is."""
        routes.get("/api/v1/about", self._tell_about)
        routes.get("/api/v1/services", self._list_services)
        routes.get("/api/v1/clusters", self._list_clusters)
        routes.get("/api/v1/findings", self._list_findings)
        routes.get("/api/v1/explanations/{code}", self._explain)
        routes.get("/api/v1/events", self._follow)

    async def _tell_about(self, _: Asked) -> Answer:
        return document(self.about)

    async def _list_services(self, _: Asked) -> Answer:
        shown = self.hub.shown
        return _of_version(self._services.of(shown.inventory), shown.version)

    async def _list_clusters(self, _: Asked) -> Answer:
        shown = self.hub.shown
        return _of_version(self._clusters.of(shown.check), shown.version)

    async def _list_findings(self, _: Asked) -> Answer:
        shown = self.hub.shown
        found = Findings(findings=shown.findings, waived=shown.waived)
        return _of_version(msgspec.json.encode(found), shown.version)

    async def _explain(self, asked: Asked) -> Answer:
        code = asked.parts["code"]
        if (listed := check_named(code)) is None:
            raise NotFoundError(f"there is no finding {code!r}", "see: meshglobal explain --list")
        return document(explanation(listed))

    async def _follow(self, _: Asked) -> Answer | Stream:
        if self.hub.streams >= MOST_STREAMS:
            return problem(
                HTTPStatus.SERVICE_UNAVAILABLE, f"{MOST_STREAMS} pages follow already", "close those that nobody needs"
            )
        return Stream(self.hub.frames())


def _of_version(body: bytes, version: int) -> Answer:
    return Answer(body, headers=((VERSION, str(version)),))


def explanation(listed: Listed) -> Explanation:
    """What `explain` says of a finding, in parts."""
    check = listed.check
    return Explanation(
        code=check.code,
        slug=check.slug,
        title=check.title,
        level=check.level,
        summary=placeholders(check.summary),
        text=listed.documentation,
        remedy=placeholders(check.remedy),
        reads=tuple(kind.name for kind in check.needs),
        rule=check.rule,
    )
