"""A blocking connection to a real API server: the official client's authentication and TLS, raw JSON otherwise.

The only module here that knows the official client; it is imported when a connection is made, not before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import msgspec

from meshglobal.sandbox.controlplane.access import (
    AccessError,
    ConflictError,
    NotFoundError,
    RefusedError,
    UnreachableError,
)
from meshglobal.sandbox.controlplane.observed import JSON

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 20.0
WATCH_SECONDS = 60
"""How long the server is asked to keep a watch open; a silence much longer than that is a dead connection."""
_SILENCE_SECONDS = WATCH_SECONDS + 15.0
_OK = range(200, 300)
_BY_STATUS: dict[int, type[AccessError]] = {404: NotFoundError, 409: ConflictError}


class ExpiredError(RefusedError):
    """The version to go on from is forgotten (410): list again."""


class Connection:
    """Requests to one API server from any thread. `client` is the official ApiClient."""

    def __init__(self, name: str, client: Any) -> None:
        self.name = name
        self._client = client

    def request(self, method: str, path: str, body: JSON | None = None, query: dict[str, str] | None = None) -> JSON:
        """Send a request, return the decoded answer; raises AccessError."""
        response = self._send(method, path, body, query or {}, (CONNECT_SECONDS, ANSWER_SECONDS))
        return self._checked(response)

    def watch(self, path: str, version: str) -> Watch:
        """Open a watch from a version on; raises AccessError, ExpiredError where the version is gone."""
        query = {"watch": "true", "resourceVersion": version, "allowWatchBookmarks": "true"}
        query["timeoutSeconds"] = str(WATCH_SECONDS)
        response = self._send("GET", path, None, query, (CONNECT_SECONDS, _SILENCE_SECONDS))
        if response.status not in _OK:
            self._checked(response)
        return Watch(self.name, response)

    def close(self) -> None:
        """Close idle connections."""
        self._client.rest_client.pool_manager.clear()

    def _send(
        self, method: str, path: str, body: JSON | None, query: dict[str, str], limits: tuple[float, float]
    ) -> Any:
        """One request through the client's pool; its body is still to be read."""
        from kubernetes.client.exceptions import ApiException  # costs 200 ms, only attach mode pays
        from urllib3.exceptions import HTTPError  # comes with the official client

        target = f"{path}?{urlencode(query)}" if query else path
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        try:
            call = self._client.param_serialize(
                method, target, header_params=headers, body=body, auth_settings=["BearerToken"]
            )
            return self._client.call_api(*call, _request_timeout=limits).response
        except (HTTPError, ApiException, OSError) as failure:
            raise UnreachableError(f"cluster {self.name} does not answer: {type(failure).__name__}") from failure

    def _checked(self, response: Any) -> JSON:
        """The decoded body of a good answer; raises what a refusal means."""
        from urllib3.exceptions import HTTPError  # as above

        try:
            found: JSON = msgspec.json.decode(response.data)
        except (HTTPError, OSError) as failure:
            raise UnreachableError(f"cluster {self.name} stopped in its answer: {type(failure).__name__}") from failure
        except msgspec.DecodeError as failure:
            if response.status in _OK:
                raise UnreachableError(f"cluster {self.name} answers, but not as a Kubernetes API") from failure
            found = {}
        if response.status not in _OK:
            raise refusal(self.name, response.status, found)
        return found


class Watch:
    """An open watch. Iterate over its events in one thread; `close` ends it from another."""

    def __init__(self, name: str, response: Any) -> None:
        self._name = name
        self._response = response

    def __iter__(self) -> Iterator[tuple[str, JSON]]:
        """Yield (type, object), bookmarks too, until the server ends the watch; raises AccessError."""
        from urllib3.exceptions import HTTPError  # as above

        try:
            for line in self._response:
                event = msgspec.json.decode(line)
                if event["type"] == "ERROR":
                    raise refusal(self._name, event["object"].get("code", 0), event["object"])
                yield event["type"], event["object"]
        except (HTTPError, OSError, msgspec.DecodeError) as failure:
            raise UnreachableError(f"cluster {self._name} broke off a watch: {type(failure).__name__}") from failure
        finally:
            self._response.close()

    def close(self) -> None:
        """End the watch: a read that waits in another thread returns. One that has ended already stays ended."""
        with suppress(ValueError, RuntimeError, OSError):
            self._response.shutdown()


def refusal(name: str, status: int, answer: JSON) -> AccessError:
    """What a Status object from a cluster means."""
    text = f"cluster {name}: {answer.get('message') or f'HTTP {status}'}"
    if status == HTTPStatus.GONE:
        return ExpiredError(text)
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}:
        return UnreachableError(text)
    return _BY_STATUS.get(status, RefusedError)(text)


def connect(kubeconfig: str | None, context: str, name: str) -> Connection:
    """Connect by a kubeconfig context; None means the usual places. Raises AccessError for an unusable context."""
    from kubernetes import client, config  # costs 200 ms, only attach mode pays

    settings = client.Configuration()
    settings.connection_pool_maxsize = 32
    try:
        api = config.new_client_from_config(
            config_file=kubeconfig, context=context, persist_config=False, client_configuration=settings
        )
    except config.ConfigException as failure:
        raise RefusedError(f"context {context}: {failure}") from failure
    return Connection(name, api)
