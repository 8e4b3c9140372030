"""The official client, parts of which are executed only when somebody looks at them. Each test in its own process."""

from __future__ import annotations

import subprocess
import sys

_OIDC = """
import base64, http.server, json, threading
from meshglobal.kube.official import official

class Provider(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer({"token_endpoint": f"http://127.0.0.1:{server.server_port}/token"})
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer({"access_token": "a", "token_type": "Bearer", "id_token": "renewed", "refresh_token": "r2"})
    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())
    def log_message(self, *_):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Provider)
threading.Thread(target=server.serve_forever, daemon=True).start()
part = lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
provider = {"name": "oidc", "config": {
    "client-id": "me", "client-secret": "s", "refresh-token": "r", "idp-issuer-url": f"http://127.0.0.1:{server.server_port}",
    "id-token": ".".join([part({"alg": "none"}), part({"exp": 1}), ""])}}
document = {"current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
    "clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:1"}}],
    "users": [{"name": "u", "user": {"auth-provider": provider}}]}
configuration = official().configuration()
official().load(document, client_configuration=configuration, persist_config=False)
print(configuration.auth_settings()["BearerToken"]["value"])
"""

_WHOLE = """
from meshglobal.kube.official import official
Configuration = official().configuration
import kubernetes
from kubernetes import client, config, dynamic, utils, watch
assert kubernetes.__version__ and kubernetes.watch.Watch is watch.Watch
assert client.Configuration is Configuration
assert isinstance(client.ApiClient, type) and client.CoreV1Api(client.ApiClient(Configuration())).list_namespace
assert utils.parse_quantity("1k") == 1000 and dynamic.DynamicClient
import oauthlib.oauth2, requests_oauthlib
assert isinstance(requests_oauthlib.OAuth2Session, type) and oauthlib.oauth2.rfc6749.errors.InvalidClientIdError
assert kubernetes.config.kube_config.OAuth2Session(client_id="me").client_id == "me"
"""

_BEFORE = """
import kubernetes
before = kubernetes.client.ApiClient, kubernetes.client
from meshglobal.kube.official import official
assert official().configuration is kubernetes.client.Configuration
assert (kubernetes.client.ApiClient, kubernetes.client) == before
assert kubernetes.config.kube_config.ApiClient is before[0]
"""

_THREADS = """
import sys, threading
from meshglobal.kube.official import official
found, start = [], threading.Barrier(8)
def ask():
    start.wait()
    found.append(official())
threads = [threading.Thread(target=ask) for _ in range(8)]
[each.start() for each in threads]
[each.join() for each in threads]
assert len(found) == 8 and len(set(found)) == 1, found
assert "pydantic" not in sys.modules and "requests" not in sys.modules
assert "ApiClient" not in vars(sys.modules["kubernetes.client"])
"""


def _run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        env={"OAUTHLIB_INSECURE_TRANSPORT": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_an_oidc_token_is_renewed_by_the_parts_that_are_executed_late() -> None:
    assert _run(_OIDC) == "Bearer renewed"


def test_whoever_uses_the_whole_client_finds_it_whole() -> None:
    _run(_WHOLE)


def test_a_client_that_was_imported_before_stays_as_it_is() -> None:
    _run(_BEFORE)


def test_threads_that_ask_at_once_get_the_same() -> None:
    _run(_THREADS)
