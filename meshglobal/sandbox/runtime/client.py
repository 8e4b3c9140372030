"""A few plain reads from a running sandbox, by its own kubeconfig, over its own HTTPS."""

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
        headers = {"Authorization": f"Bearer {self._token}", "Accept": accept}
        try:
            self._connection.request("GET", path, headers=headers)
            response = self._connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as failure:
            self._connection.close()
            raise SandboxError(f"{self.name} does not answer: {type(failure).__name__}") from failure
        if response.status != HTTPStatus.OK:
            raise SandboxError(f"{self.name} answered {response.status} to GET {path}")
        found: dict[str, Any] = json.loads(body)
        return found

    def count(self, path: str) -> int:
        """How many objects a list has, without reading them."""
        page = self.get(f"{path}?limit=1")
        return len(page["items"]) + int(page["metadata"].get("remainingItemCount", 0))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


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
