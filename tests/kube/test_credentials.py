"""Whom a context acts as: tokens, files, certificates, plugins, impersonation; and where keys lie meanwhile."""

from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from certificates import Authority, encoded
from servers import Reply, Seen, Server, fleet_of, http_server, kubernetes, listed, quick, refusal

from meshglobal.domain.failure import Cause
from meshglobal.domain.kinds import SERVICE
from meshglobal.domain.snapshot import Query
from meshglobal.kube.credentials import Impersonation
from meshglobal.kube.exec_plugins import ExecPlugins, PluginError
from meshglobal.kube.expiry import certificate_expiry, token_expiry
from meshglobal.kube.redaction import without_secrets

SERVICES = Query(SERVICE, "shop")
V1 = "client.authentication.k8s.io/v1"
PLUGIN = """
import json, os, sys, pathlib
folder = pathlib.Path(__file__).parent
with open(folder / "runs", "a") as runs:
    runs.write(" ".join(sys.argv[1:]) + "\\n")
status = json.loads((folder / "status").read_text())
if "fails" in status:
    sys.stderr.write(status["fails"])
    sys.exit(3)
version = os.environ.get("SAYS", "client.authentication.k8s.io/v1")
print(json.dumps({"apiVersion": version, "kind": "ExecCredential", "status": status}))
"""


class Plugin:
    """A real exec plugin: a script that notes every run and gives what was laid out for it."""

    def __init__(self, directory: Path, status: dict[str, Any]) -> None:
        self.path = directory / "plugin.py"
        self.path.write_text(PLUGIN)
        self.give(status)

    def give(self, status: dict[str, Any]) -> None:
        """In one go, since the plugin may be running."""
        fresh = self.path.with_name(f"status-{threading.get_ident()}")
        fresh.write_text(json.dumps(status))
        fresh.replace(self.path.with_name("status"))

    def user(self, *arguments: str, **stanza: Any) -> dict[str, Any]:
        command = {"command": sys.executable, "args": [str(self.path), *arguments], "apiVersion": V1}
        return {"exec": command | {"interactiveMode": "Never"} | stanza}

    @property
    def runs(self) -> list[str]:
        runs = self.path.with_name("runs")
        return runs.read_text().splitlines() if runs.exists() else []


def accepting(*headers: str) -> Callable[[Seen], Reply]:
    """A server that lets in who sends one of these Authorization headers."""

    def reply(seen: Seen) -> Reply:
        return kubernetes(lambda _: listed())(seen) if seen.headers["Authorization"] in headers else refusal(401, "no")

    return reply


def causes(directory: Path, server: Server, **users: dict[str, Any]) -> list[tuple[Cause, str]]:
    """Read from one server by several users; the failures."""
    fleet = fleet_of(directory, {name: ({"server": f"{server.url}/{name}"}, user) for name, user in users.items()})
    snapshot = fleet.read([SERVICES])
    fleet.close()
    return [(gap.failure.cause, gap.failure.message) for cluster in snapshot.clusters for gap in cluster.gaps]


@contextmanager
def no_prefix(answer: Callable[[Seen], Reply]) -> Iterator[Server]:
    """A server for `causes`, in which each user's URL has a path of its own so that nothing is merged."""

    def reply(seen: Seen) -> Reply:
        return answer(Seen(seen.method, "/" + seen.path.split("/", 2)[2], seen.headers, seen.body))

    with http_server(reply) as server:
        yield server


# -- tokens ------------------------------------------------------------------------------------------------------


def test_each_way_to_authenticate_by_header(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-file\n")
    basic = "Basic " + base64.b64encode(b"u:p").decode()
    with no_prefix(accepting("Bearer inline", "Bearer from-file", basic)) as server:
        users = {
            "inline": {"token": "inline"},
            "file": {"tokenFile": str(tmp_path / "token")},
            "both": {"tokenFile": str(tmp_path / "token"), "token": "other"},
            "basic": {"username": "u", "password": "p"},
        }
        assert causes(tmp_path, server, **users) == []


def test_a_token_file_is_read_again_when_its_token_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("old")
    lock = threading.Lock()

    def rotate(seen: Seen) -> Reply:
        with lock:  # as kubelet does it: in one go
            if path.read_text() == "old":
                path.with_name("fresh").write_text("new")
                path.with_name("fresh").replace(path)
        return accepting("Bearer new")(seen)

    with no_prefix(rotate) as server:
        assert causes(tmp_path, server, file={"tokenFile": str(path)}) == []


def test_a_token_file_that_is_missing_or_holds_no_header_is_told_without_its_content(tmp_path: Path) -> None:
    (tmp_path / "odd").write_text("s3cret\x00\nmore")
    (tmp_path / "empty").write_text("\n")
    with no_prefix(accepting()) as server:
        users = {name: {"tokenFile": str(tmp_path / name)} for name in ("nowhere/token", "odd", "empty")}
        (gone, text), (odd, told), (empty, said) = causes(tmp_path, server, **users)
    assert (empty, "is empty" in said) == (Cause.CREDENTIALS_MISSING, True)
    assert (gone, "/nowhere/token" in text) == (Cause.CREDENTIALS_MISSING, True)
    assert (odd, "s3cret" in told) == (Cause.KUBECONFIG, False)
    assert server.requests == []


def test_a_static_token_that_is_refused_is_sent_once(tmp_path: Path) -> None:
    with no_prefix(accepting()) as server:
        found = causes(tmp_path, server, me={"token": "t"})
    assert [cause for cause, _ in found] == [Cause.UNAUTHORIZED]
    identity = [seen for seen in server.requests if "kube-system" in seen.path]
    assert len(identity) == 1


# -- plugins -----------------------------------------------------------------------------------------------------


def test_a_plugin_runs_once_for_all_contexts_that_name_it(tmp_path: Path) -> None:
    plugin = Plugin(tmp_path, {"token": "given"})
    with no_prefix(accepting("Bearer given")) as server:
        users = {f"c{number}": plugin.user("same") for number in range(20)}
        assert causes(tmp_path, server, **users, other=plugin.user("other")) == []
    assert sorted(plugin.runs) == ["other", "same"]


def test_a_plugin_whose_credentials_are_refused_runs_once_more(tmp_path: Path) -> None:
    plugin = Plugin(tmp_path, {"token": "old"})

    def renew(seen: Seen) -> Reply:
        plugin.give({"token": "new"})
        return accepting("Bearer new")(seen)

    with no_prefix(renew) as server:
        assert causes(tmp_path, server, **{f"c{number}": plugin.user() for number in range(8)}) == []
    assert len(plugin.runs) == 2


def test_a_plugin_that_fails_fails_its_clusters_with_its_own_words(tmp_path: Path) -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln"
    plugin = Plugin(tmp_path, {"fails": f"\n  not logged in; token={token}\nTraceback: noise\n"})
    with no_prefix(accepting("Bearer t")) as server:
        found = causes(tmp_path, server, a=plugin.user(), b=plugin.user(), c={"token": "t"})
    assert found == [(Cause.CREDENTIALS_PLUGIN, f"exec plugin {sys.executable}: not logged in; token=[hidden]")] * 2
    assert len(plugin.runs) == 1


@pytest.mark.parametrize(
    ("status", "stanza", "message"),
    [
        ({"fails": ""}, {}, "process returned 3 and said nothing"),
        ({"fails": "bad s3cret-value"}, {"env": [{"name": "KEY", "value": "s3cret-value"}]}, "bad [hidden]"),
        ({}, {}, "neither a token nor a certificate"),
        ({"clientCertificateData": "x"}, {}, "neither a token nor a certificate"),
        ({"token": "t"}, {"env": [{"name": "SAYS", "value": "v0"}]}, "plugin api version v0 does not match"),
        ({"token": "t"}, {"env": [{"name": "SAYS"}]}, "Expected key value in exec/env/0"),
        ({"token": "t"}, {"env": 1}, "malformed"),
        ({"token": "t"}, {"command": "no-such-plugin", "installHint": "get it\nthere"}, "cannot be run: No such file"),
        ({"token": "t"}, {"apiVersion": V1 + "beta1"}, "does not match"),
        ({"token": "t"}, {"interactiveMode": "Always"}, "there is no terminal"),
    ],
)
def test_what_can_be_wrong_with_a_plugin(
    tmp_path: Path, status: dict[str, Any], stanza: dict[str, Any], message: str
) -> None:
    plugin = Plugin(tmp_path, status)
    plugins = ExecPlugins(has_terminal=lambda: False)
    with pytest.raises(PluginError) as caught:
        plugins.credentials(plugin.user(**stanza)["exec"], {})
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_plugin_that_is_told_about_the_cluster_runs_once_per_cluster(tmp_path: Path) -> None:
    plugin = Plugin(tmp_path, {"token": "given"})
    with no_prefix(accepting("Bearer given")) as server:
        stanza = plugin.user(provideClusterInfo=True)
        assert causes(tmp_path, server, a=stanza, b=stanza) == []
    assert len(plugin.runs) == 2


def test_a_plugin_may_give_a_client_certificate(tmp_path: Path) -> None:
    authority = Authority()
    pair = authority.issue("me")
    plugin = Plugin(tmp_path, {"clientCertificateData": pair.certificate, "clientKeyData": pair.key})
    tls = authority.server_context(tmp_path, clients=authority)
    with http_server(kubernetes(lambda _: listed()), tls) as server:
        cluster = {"server": server.url, "certificate-authority-data": encoded(authority.pem)}
        fleet = fleet_of(tmp_path, {"c": (cluster, plugin.user())})
        (found,) = fleet.read([SERVICES]).clusters
        fleet.close()
    assert found.gaps == ()


# -- impersonation -----------------------------------------------------------------------------------------------


def impersonation_seen(directory: Path, user: dict[str, Any], asked: Impersonation) -> list[tuple[str, str]]:
    with http_server(kubernetes(lambda _: listed())) as server:
        fleet = fleet_of(directory, {"c": ({"server": server.url}, user)}, quick(impersonation=asked))
        fleet.read([SERVICES])
        fleet.close()
        headers = server.requests[0].headers.items()
    return [(name, value) for name, value in headers if name.startswith("Impersonate")]


def test_impersonation_comes_from_the_kubeconfig_or_the_flags(tmp_path: Path) -> None:
    user = {"as": "jane", "as-groups": ["dev", "ops"], "as-uid": "7", "as-user-extra": {"team": ["a", "b"]}}
    assert impersonation_seen(tmp_path, user, Impersonation()) == [
        ("Impersonate-User", "jane"),
        ("Impersonate-Group", "dev"),
        ("Impersonate-Group", "ops"),
        ("Impersonate-Uid", "7"),
        ("Impersonate-Extra-team", "a"),
        ("Impersonate-Extra-team", "b"),
    ]
    assert impersonation_seen(tmp_path, user, Impersonation("joe", ("qa", "x"))) == [
        ("Impersonate-User", "joe"),
        ("Impersonate-Group", "qa"),
        ("Impersonate-Group", "x"),
    ]
    assert impersonation_seen(tmp_path, {}, Impersonation()) == []


# -- certificates and their files --------------------------------------------------------------------------------


def test_inline_certificates_and_files_work_alike(tmp_path: Path) -> None:
    authority = Authority()
    pair = authority.issue("me")
    both = pair.written(tmp_path, "me")
    (tmp_path / "ca.crt").write_text(authority.pem)
    with http_server(kubernetes(lambda _: listed()), authority.server_context(tmp_path, clients=authority)) as server:
        inline = {"server": server.url, "certificate-authority-data": encoded(authority.pem)}
        files = {"server": server.url, "certificate-authority": "ca.crt", "certificate-authority-data": ""}
        user = {"client-certificate": both.name, "client-key": both.name, "client-key-data": ""}
        fleet = fleet_of(tmp_path, {"inline": (inline, pair.user), "files": (files, user)})
        (found,) = fleet.read([SERVICES]).clusters
        fleet.close()
    assert (found.gaps, found.aliases) == ((), ("files",))


def test_keys_are_on_disk_only_while_they_are_loaded_and_only_for_us(tmp_path: Path) -> None:
    """Looks at every file that is made for it, at the moment OpenSSL is given the key."""
    authority = Authority()
    pair = authority.issue("me")
    folder = tmp_path / "tmp"
    folder.mkdir()
    seen: list[tuple[int, int]] = []

    def look(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and str(arguments[0]).startswith(str(folder)) and threading.current_thread() in watched:
            path = Path(str(arguments[0]))
            if path.is_file():  # the first time it is still being made
                seen.append((stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)))

    watched: set[threading.Thread] = {threading.current_thread()}
    sys.addaudithook(look)
    from meshglobal.kube.connection import connect
    from meshglobal.kube.credentials import Identity
    from meshglobal.kube.tls import TlsContexts

    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        cluster = {"server": "https://127.0.0.1:1", "certificate-authority-data": encoded(authority.pem)}
        connect("c", cluster, Identity(pair.user), TlsContexts()).close()
    finally:
        tempfile.tempdir = before
        watched.clear()
    assert seen
    assert {file for file, _ in seen} == {0o600}
    assert {directory for _, directory in seen} == {0o700}
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:1", ""])
def test_a_server_that_need_not_be_verified_is_not_warned_about(tmp_path: Path, proxy: str) -> None:
    with http_server(kubernetes(lambda _: listed()), Authority().server_context(tmp_path, "other.example")) as server:
        cluster = {"server": server.url, "insecure-skip-tls-verify": True, "proxy-url": proxy}
        fleet = fleet_of(tmp_path, {"c": (cluster, {"token": "t"})})
        (found,) = fleet.read([SERVICES]).clusters
        fleet.close()
    assert [gap.failure.cause for gap in found.gaps] == ([Cause.PROXY] if proxy else [])


def test_a_socks_proxy_without_its_library_is_told(tmp_path: Path) -> None:
    fleet = fleet_of(tmp_path, {"c": ({"server": "https://127.0.0.1:1", "proxy-url": "socks5://127.0.0.1:1"}, {})})
    (found,) = fleet.read([SERVICES]).clusters
    fleet.close()
    assert [gap.failure.cause for gap in found.gaps] == [Cause.KUBECONFIG]
    assert "PySocks" in found.gaps[0].failure.message


@pytest.mark.parametrize("damaged", ["client-certificate-data", "client-key-data"])
def test_a_key_that_is_none_is_the_kubeconfigs_fault(tmp_path: Path, damaged: str) -> None:
    user = Authority().issue("me").user | {damaged: encoded("nonsense")}
    fleet = fleet_of(tmp_path, {"c": ({"server": "https://127.0.0.1:1"}, user), "d": ({}, {})})
    first, second = fleet.read([SERVICES]).clusters
    fleet.close()
    assert [gap.failure.cause for gap in first.gaps] == [Cause.KUBECONFIG]
    assert [gap.failure.cause for gap in second.gaps] == [Cause.KUBECONFIG]
    assert "kubeconfig" in second.gaps[0].failure.message


def test_the_end_of_a_certificate_is_read_from_its_der() -> None:
    from cryptography import x509

    for days in (-3, 400):
        pem = Authority().issue("me", days).certificate
        assert certificate_expiry(pem) == x509.load_pem_x509_certificate(pem.encode()).not_valid_after_utc
    assert certificate_expiry("no certificate") is None
    assert certificate_expiry("-----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE-----") is None


@pytest.mark.parametrize("token", ["opaque", "a.b.c", "a.!!.c", "a.e30.c"])
def test_tokens_that_do_not_tell_their_end(token: str) -> None:
    assert token_expiry(token) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Authorization: Bearer abc.def", "Authorization: Bearer [hidden]"),
        ('{"access_token": "abc", "x": 1}', '{"access_token": "[hidden]", "x": 1}'),
        ("https://me:pass@proxy:3128/x", "https://[hidden]@proxy:3128/x"),
        ("password=hunter2; try again", "password=[hidden]; try again"),
        ("your token has expired, run login", "your token has expired, run login"),
        (
            "cluster arn:aws:eks:eu-west-1:123456789012:cluster/x",
            "cluster arn:aws:eks:eu-west-1:123456789012:cluster/x",
        ),
    ],
)
def test_messages_lose_what_looks_like_a_secret(text: str, expected: str) -> None:
    assert without_secrets(text) == expected


def test_nothing_heavy_is_imported_before_a_cluster_is_asked() -> None:
    program = (
        "import sys, meshglobal.kube.fleet\n"
        "print([name for name in ('kubernetes', 'urllib3', 'yaml', 'requests') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=os.environ)
    assert run.stdout == "[]\n"
