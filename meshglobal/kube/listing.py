"""Read one query completely: pages of a list, or one object. Bodies are decoded page by page and then dropped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from meshglobal.domain.failure import Cause
from meshglobal.domain.objects import Object
from meshglobal.domain.snapshot import Query
from meshglobal.kube.answer import Answer, Request, object_of, page_of
from meshglobal.kube.classify import status_error
from meshglobal.kube.client import Client
from meshglobal.kube.failing import ClusterError
from meshglobal.kube.retrying import Patience, ask
from meshglobal.kube.timing import Deadline

LIMIT = 500
_GONE = 410


@dataclass(frozen=True, slots=True)
class Listed:
    """What a query found, as of ``resource_version`` (empty when the kind is not served, or for a single object)."""

    objects: tuple[Object, ...] = ()
    resource_version: str = ""


def read_query(client: Client, query: Query, deadline: Deadline, patience: Patience) -> Listed:
    """All objects that a query selects; none where the one it names, or its optional CRD, does not exist.

    Raises:
        ClusterError: it could not be read completely.
    """
    if query.name is None:
        return list_query(client, query, deadline, patience)
    try:
        return Listed((_read_one(client, query, deadline, patience),))
    except ClusterError as error:
        if error.cause is Cause.NOT_FOUND or _is_absent(query, error):
            return Listed()
        raise


def list_query(client: Client, query: Query, deadline: Deadline, patience: Patience) -> Listed:
    """As `read_query`, but always by a list, which has a version that a watch can start from."""
    try:
        return _read_list(client, query, deadline, patience)
    except ClusterError as error:
        if _is_absent(query, error):
            return Listed()
        raise


def _is_absent(query: Query, error: ClusterError) -> bool:
    return query.is_optional and error.cause is Cause.NO_SUCH_KIND


def selection_of(query: Query) -> tuple[tuple[str, str], ...]:
    """The parameters that select what the query wants; in a list a single object is a field selector."""
    selector = (("labelSelector", query.selector),) if query.selector else ()
    return (*selector, ("fieldSelector", f"metadata.name={query.name}")) if query.name is not None else selector


def _read_one(client: Client, query: Query, deadline: Deadline, patience: Patience) -> Object:
    request = Request(query.kind, query.kind.path(query.namespace, query.name))
    answer = _require_success(ask(client, request, deadline, patience), request, client)
    return object_of(query.kind, answer.body, client.context)


def _read_list(client: Client, query: Query, deadline: Deadline, patience: Patience) -> Listed:
    objects: list[Object] = []
    version = ""
    try:
        for more in _pages(client, query, deadline, patience):
            if more is None:
                objects.clear()
                continue
            objects += more.objects
            version = more.resource_version
    except ClusterError as error:
        raise _cut_short(error, query, len(objects), client) from error
    return Listed(tuple(objects), version)


def _cut_short(error: ClusterError, query: Query, read: int, client: Client) -> ClusterError:
    """What a list failed with; that its beginning had come already is said, for that looks like a list."""
    if not read:
        return error
    said = f"the list of {query.kind.plural} was cut short after {read}: {error.failure.message}"
    return ClusterError(error.cause, said, client.context)


def _pages(client: Client, query: Query, deadline: Deadline, patience: Patience) -> Iterator[Listed | None]:
    """Page after page; None: the server has forgotten the version being paged through, all begins again.

    The second time everything is asked for at once, so that it cannot expire again (as client-go does).
    """
    limit, token = LIMIT, ""
    while True:
        request = _page_request(query, limit, token)
        answer = ask(client, request, deadline, patience)
        if answer.status == _GONE and token:
            limit, token = 0, ""
            yield None
            continue
        page = page_of(query.kind, _require_success(answer, request, client).body, client.context)
        yield Listed(tuple(page.items or ()), page.metadata.resource_version)
        token = page.metadata.continue_
        if not token:
            return


def _page_request(query: Query, limit: int, token: str) -> Request:
    parameters = selection_of(query)
    if limit:
        parameters += (("limit", str(limit)),)
    if token:
        parameters += (("continue", token),)
    return Request(query.kind, query.kind.path(query.namespace), parameters)


def _require_success(answer: Answer, request: Request, client: Client) -> Answer:
    if answer.status // 100 != 2:  # noqa: PLR2004 - success
        raise status_error(answer, request, client.context)
    return answer
