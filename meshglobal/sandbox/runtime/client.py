"""Plain requests to a running sandbox, by its own kubeconfig, over its own HTTPS."""

from __future__ import annotations

import http.client
import json
import ssl
from base64 import b64decode
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from meshglobal.sandbox.runtime.errors import SandboxError

_ANSWER_SECONDS = 10.0
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
WHOLE = "application/json"


class Client:
    """One cluster of a sandbox. One connection, kept open; for one thread."""

    def __init__(self, name: str, url: str, token: str, authority: str) -> None:
        self.name = name
        self._token = token
        address = urlsplit(url)
        context = ssl.create_default_context(cadata=authority)
        self._connection = http.client.HTTPSConnection(
            address.hostname or "", address.port, context=context, timeout=_ANSWER_SECONDS
        )

    def get(self, path: str, accept: str = WHOLE) -> dict[str, Any]:
        """The decoded answer to a GET; raises SandboxError for anything but a 200."""
        status, body = self._exchanged("GET", path, {"Accept": accept})
        if status != HTTPStatus.OK:
            raise SandboxError(f"{self.name} answered {status} to GET {path}")
        found: dict[str, Any] = json.loads(body)
        return found

    def find(self, path: str) -> dict[str, Any] | None:
        """An object, or None where there is none."""
        try:
            return self.send("GET", path)
        except RefusedError as refusal:
            if refusal.status == HTTPStatus.NOT_FOUND:
                return None
            raise

    def send(self, method: str, path: str, body: Any = None, content_type: str = WHOLE) -> dict[str, Any]:
        """The decoded answer to a request; raises RefusedError with the server's own words."""
        headers = {"Accept": WHOLE, "Content-Type": content_type} if body is not None else {"Accept": WHOLE}
        text = json.dumps(body) if body is not None else None
        status, answer = self._exchanged(method, path, headers, text)
        if status >= HTTPStatus.BAD_REQUEST:
            raise RefusedError(f"{self.name} refused {method} {path}: {_words(answer)}", status)
        found: dict[str, Any] = json.loads(answer)
        return found

    def _exchanged(self, method: str, path: str, headers: dict[str, str], body: str | None = None) -> tuple[int, bytes]:
        try:
            self._connection.request(method, path, body, {"Authorization": f"Bearer {self._token}", **headers})
            response = self._connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException) as failure:
            self._connection.close()
            raise SandboxError(f"{self.name} does not answer: {type(failure).__name__}") from failure

    def count(self, path: str) -> int:
        """How many objects a list has, without reading them."""
        page = self.get(f"{path}?limit=1")
        return len(page["items"]) + int(page["metadata"].get("remainingItemCount", 0))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class RefusedError(SandboxError):
    """A cluster said no; `status` is what its HTTP answer bore."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def _words(answer: bytes) -> str:
    """What an answer that refuses says."""
    try:
        found = json.loads(answer)
    except ValueError:
        return answer.decode(errors="replace").strip()
    return str(found.get("message") or found.get("error") or found)


def clients(kubeconfig: Path) -> list[Client]:
    """A client for each context of a kubeconfig of ours; raises SandboxError where it is gone."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = yaml.load(kubeconfig.read_text("utf-8"), Loader=loader)  # noqa: S506 - it is the safe one, in C
    except FileNotFoundError as gone:
        raise SandboxError(f"{kubeconfig} is gone", "is somebody ending the sandbox?") from gone
    clusters = {each["name"]: each["cluster"] for each in content["clusters"]}
    users = {each["name"]: each["user"] for each in content["users"]}
    return [
        Client(
            each["name"],
            clusters[each["context"]["cluster"]]["server"],
            users[each["context"]["user"]]["token"],
            b64decode(clusters[each["context"]["cluster"]]["certificate-authority-data"]).decode(),
        )
        for each in content["contexts"]
    ]
