"""A mesh in which everything that may hold any text holds markup, script and templates."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import yaml
from served_mesh import ServedMesh
from shop_window import DISTRIBUTION, ENTRIES, ISTIO, change, expose_bookinfo, mark, settle

MARKUP = """<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script>{{7*7}}${7*7}"""
CONTEXT = f"{MARKUP} of a context"
LINK = "javascript:globalThis.hacked=1"
FORMULA = '=HYPERLINK("http://evil.localtest","open")'


def hostile(mesh: ServedMesh) -> None:
    """Put such texts wherever a user, another controller or another API server can put them."""
    expose_bookinfo(mesh, "reviews", "details", "ratings")
    mark(mesh, "cluster1", "reviews", annotations={DISTRIBUTION: MARKUP, "example.com/note": MARKUP, "link": LINK})
    mark(mesh, "cluster2", "details", annotations={DISTRIBUTION: FORMULA})
    settle(mesh)
    mesh.stop_control_plane()
    change(mesh, "cluster1", ENTRIES, (ISTIO, "autogen.bookinfo.ratings"), _spoil_hosts)
    for gateway in _gateways(mesh):
        _say(mesh, gateway)
    _rename_first_context(mesh)


def _spoil_hosts(entry: dict[str, Any]) -> None:
    entry["spec"]["hosts"] = [f"ratings.{MARKUP}"]


def _gateways(mesh: ServedMesh) -> list[str]:
    found = mesh.call(lambda: mesh.clusters["cluster1"].client().list("gateways.gateway.networking.k8s.io"))
    return [one["metadata"]["name"] for one in found if "remote" in one["spec"]["gatewayClassName"]]


def _say(mesh: ServedMesh, gateway: str) -> None:
    """Let the gateway of a peer say something in its conditions, which is shown as a reason."""
    client = mesh.clusters["cluster1"].client("somebody")
    kind = "gateways.gateway.networking.k8s.io"

    def store() -> None:
        namespaces = [one["metadata"]["namespace"] for one in client.list(kind) if one["metadata"]["name"] == gateway]
        for namespace in namespaces:
            found = client.get(kind, namespace, gateway)
            assert found is not None
            conditions = [
                {**one, "status": "False", "reason": "Broken", "message": MARKUP}
                for one in found.get("status", {}).get("conditions", [])
            ]
            client.replace(kind, {**found, "status": {**found.get("status", {}), "conditions": conditions}}, "status")

    mesh.call(store)


def _rename_first_context(mesh: ServedMesh) -> None:
    document = yaml.safe_load(mesh.kubeconfig.read_text())
    document["contexts"][0]["name"] = CONTEXT
    mesh.kubeconfig.write_text(yaml.safe_dump(document))


class _Liar(BaseHTTPRequestHandler):
    """Refuses everything, in words that are to be shown as a reason."""

    def do_GET(self) -> None:
        body = json.dumps({"kind": "Status", "status": "Failure", "message": MARKUP, "code": 403}).encode()
        self.send_response(403, "Forbidden")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay silent."""


@contextmanager
def lying_cluster(mesh: ServedMesh) -> Iterator[None]:
    """One more context, `liar`, whose API server answers with markup."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Liar) as server:
        thread = threading.Thread(target=server.serve_forever, name="liar", daemon=True)
        thread.start()
        document = yaml.safe_load(mesh.kubeconfig.read_text())
        document["clusters"].append({"name": "liar", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}})
        user = document["contexts"][0]["context"]["user"]
        document["contexts"].append({"name": "liar", "context": {"cluster": "liar", "user": user}})
        mesh.kubeconfig.write_text(yaml.safe_dump(document))
        try:
            yield
        finally:
            server.shutdown()
            thread.join(10)
