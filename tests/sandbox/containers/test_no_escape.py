"""Nothing of the host is run, read, written or dialled, whatever a command says."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.containers.pod_network import HOST, Done, Names, Scripted, page, ran, serving

SECRET_TEXT = "nobody in a container may read this"

# What the interpreter reports when something beyond this process is touched; see "Audit events" in its documentation.
TOUCHING = ("open", "os.", "subprocess.", "socket.connect", "socket.getaddrinfo", "socket.bind", "shutil.", "import")
_watched: dict[int, list[tuple[str, Any]]] = {}


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    seen = _watched.get(threading.get_ident())
    if seen is not None and event.startswith(TOUCHING):
        seen.append((event, arguments))


sys.addaudithook(_hook)


@contextmanager
def watched() -> Iterator[list[tuple[str, Any]]]:
    """Gather what is touched meanwhile, by this thread."""
    seen = _watched[threading.get_ident()] = []
    try:
        yield seen
    finally:
        del _watched[threading.get_ident()]


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text(SECRET_TEXT)
    return path


URL = f"http://{HOST}:9080/"
COMMANDS = [
    "curl -o NEW URL",
    "curl -o ../../../../NEW URL",
    "curl -O URL",
    "curl --output NEW --create-dirs URL",
    "curl --output-dir /tmp -o x URL",
    "curl -D NEW URL",
    "curl -c NEW URL",
    "curl --trace NEW URL",
    "curl --trace-ascii NEW URL",
    "curl --stderr NEW URL",
    "curl --hsts NEW URL",
    "curl --alt-svc NEW URL",
    "curl --etag-save NEW URL",
    "curl --libcurl NEW URL",
    "curl -K SECRET URL",
    "curl --config SECRET",
    "curl -d @SECRET URL",
    "curl --data-binary @SECRET URL",
    "curl --data-ascii @SECRET URL",
    "curl --data-urlencode @SECRET URL",
    "curl --data-urlencode name@SECRET URL",
    "curl --json @SECRET URL",
    "curl -H @SECRET URL",
    "curl -w @SECRET URL",
    "curl -F a=@SECRET URL",
    "curl -T SECRET URL",
    "curl -b SECRET URL",
    "curl -n URL",
    "curl --netrc-file SECRET URL",
    "curl --cacert SECRET URL",
    "curl --cert SECRET URL",
    "curl --url-query @SECRET URL",
    "curl --variable a@SECRET --expand-data {{a}} URL",
    "curl file://SECRET",
    "curl FILE://localhostSECRET",
    "curl ftp://127.0.0.1/",
    "curl gopher://127.0.0.1:22/",
    "curl dict://127.0.0.1:11211/",
    "curl telnet://127.0.0.1:22",
    "curl --unix-socket /var/run/docker.sock http://localhost/",
    "curl --abstract-unix-socket x http://localhost/",
    "curl -x http://127.0.0.1:3128 URL",
    "curl --proxy http://127.0.0.1:3128 URL",
    "curl --socks5 127.0.0.1 URL",
    "curl --preproxy socks5://127.0.0.1 URL",
    "curl --resolve HOST:9080:127.0.0.1 URL",
    "curl --connect-to ::127.0.0.1:22 URL",
    "curl --interface lo URL",
    "curl --dns-servers 127.0.0.1 URL",
    "curl --doh-url https://127.0.0.1/ URL",
    "curl http://127.0.0.1:22/",
    "curl http://169.254.169.254/latest/meta-data/",
    "curl http://[::1]:22/",
    "curl http://0x7f000001/",
    "curl http://2130706433/",
    "curl http://%6c%6f%63%61%6c%68%6f%73%74/",
    "curl http://kubernetes.default.svc/",
    "curl http://HOST@127.0.0.1:22/",
    "cat SECRET",
    "cat /proc/self/environ",
    "cat - SECRET",
    "env sh -c id",
    "env",
    "hostname newname",
    "sh -c id",
    "/bin/sh -c id",
    "bash",
    "python3 -c print(1)",
    "/usr/bin/../bin/sh",
    "./curl URL",
    "/opt/curl URL",
    "../bin/curl URL",
    "busybox sh",
    "true; id",
    "curl;id",
    "$(id)",
    "echo $(id) `id` ${HOME} | tee NEW > NEW",
    "getent passwd",
    "getent passwd root",
    "getent hosts localhost",
    "nslookup localhost",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_touches_nothing_of_the_host(
    command: str, secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MESHGLOBAL_SECRET", SECRET_TEXT)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    new = tmp_path / "new"
    words = [
        each.replace("NEW", str(new)).replace("SECRET", str(secret)).replace("URL", URL).replace("HOST", HOST)
        for each in command.split()
    ]
    server = Scripted(page())

    async def inside() -> tuple[Done, list[tuple[str, Any]]]:
        async with serving(server):
            network = Names({HOST: server.port})
            await ran(network, "curl", URL)  # what is imported late is imported now
            server.received.clear()
            with watched() as seen:
                return await ran(network, *words), list(seen)

    done, seen = asyncio.run(inside())
    allowed = ("127.0.0.1", server.port)
    assert [each for each in seen if each[0] != "socket.connect" or each[1][1] != allowed] == []
    assert not new.exists()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["secret"]
    assert SECRET_TEXT not in done.out + done.err
    assert all(SECRET_TEXT.encode() not in each for each in server.received)
    assert "uid=" not in done.out
    assert "root:" not in done.out


def test_the_test_would_see_a_file_that_is_opened(secret: Path) -> None:
    with watched() as seen:
        secret.read_text()
    assert any(event == "open" for event, _ in seen)
