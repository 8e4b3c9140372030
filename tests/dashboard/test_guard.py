"""Who may ask the dashboard, and what every answer carries, whatever came: over real sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from pages import TOKEN, Page, served_routes

from meshglobal.dashboard.exchange import Answer, Asked
from meshglobal.dashboard.guard import HEADERS, Hosts
from meshglobal.dashboard.listener import MOST_BYTES
from meshglobal.dashboard.routes import Routes
from meshglobal.domain.errors import ConflictError, NotFoundError, UsageError

NOTES = "/api/v1/notes"
ERRORS = {"usage": (UsageError, 400), "gone": (NotFoundError, 404), "conflict": (ConflictError, 409)}


async def note(asked: Asked) -> Answer:
    return Answer(b'{"kind":"Note","of":"%s"}' % asked.parts.get("name", "").encode())


async def fails(asked: Asked) -> Answer:
    kind = asked.parts["how"]
    if kind in ERRORS:
        raise ERRORS[kind][0]("a sentence", "a hint")
    raise ValueError(f"it knows {TOKEN}")


async def shell(asked: Asked) -> Answer:
    del asked
    return Answer(b"<!doctype html>", content_type="text/html")


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    routes = Routes()
    routes.get("/", shell)
    routes.get(NOTES, note)
    routes.get(f"{NOTES}/{{name}}", note)
    routes.get("/api/v1/fails/{how}", fails)
    routes.post("/api/v1/writes", note)
    with served_routes(routes) as served:
        yield served


def test_the_page_with_its_token_is_answered(page: Page) -> None:
    answer = page.ask(NOTES, headers={"Origin": f"http://127.0.0.1:{page.port}", "Sec-Fetch-Site": "same-origin"})
    assert (answer.status, answer.document["kind"]) == (200, "Note")


@pytest.mark.parametrize(
    "said",
    [None, "", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN, "Bearer \xff"],
)
@pytest.mark.parametrize("path", [NOTES, "/api/v1/nothing", "/api/"])
def test_without_the_token_nothing_below_api_is_said(page: Page, said: str | None, path: str) -> None:
    answer = page.ask(path, headers={"Authorization": said})
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "printed" in answer.document["error"]["hint"]


@pytest.mark.parametrize(
    "path",
    ["/%61pi/v1/notes", "//api/v1/notes", "/./api/v1/notes", "/x/../api/v1/notes", "/API/v1/notes", "/api%2Fv1/notes"],
)
def test_no_other_spelling_leads_past_the_token(page: Page, path: str) -> None:
    assert page.ask(path, headers={"Authorization": None}).status in (401, 404)


@pytest.mark.parametrize(
    "host",
    ["evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.:{port}", "127.0.0.1.nip.io:{port}", "", "[::1]",
     "10.0.0.1:{port}", "localhost:{port}@evil.example", "127.0.0.1:{port}:{port}"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", NOTES])
def test_a_name_that_was_made_to_lead_here_is_refused(page: Page, host: str, path: str) -> None:
    answer = page.ask(path, headers={"Host": host.format(port=page.port)})
    assert answer.status in (400, 421)
    assert b"Note" not in answer.body


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}", "[::1]:{port}"])
def test_the_names_of_this_machine_are_ours(page: Page, host: str) -> None:
    assert page.ask(NOTES, headers={"Host": host.format(port=page.port)}).status == 200


def test_two_hosts_are_none(page: Page) -> None:
    text = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{page.port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert raw(page, text).split()[1] in (b"400", b"421")


EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing listens there in these tests


@pytest.mark.parametrize(
    ("address", "host", "is_ours"),
    [
        ("127.0.0.1", "127.0.0.1:80", True),
        ("127.0.0.1", "127.0.0.1", True),  # port 80 is not said
        ("127.0.0.1", "[::1]", True),
        ("127.0.0.1", "192.0.2.7:80", False),
        ("192.0.2.7", "192.0.2.7:80", True),
        ("192.0.2.7", "192.0.2.8:80", False),
        (EVERYWHERE, "192.0.2.8:80", True),
        (EVERYWHERE, "dash.example:80", False),
        (EVERYWHERE, "[2001:db8::1]:80", True),
        ("2001:db8::1", "[2001:db8::1]:80", True),
        ("2001:db8::1", "2001:db8::1:80", False),
        ("::", "dash.example:80", False),
    ],
)
def test_an_address_that_is_listened_on_is_a_name_of_ours(address: str, host: str, is_ours: bool) -> None:  # noqa: FBT001 - a column
    assert (host in Hosts(address, 80)) is is_ours


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1:{port}", "Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "PUT"])
def test_another_sites_page_neither_reads_nor_writes(page: Page, headers: dict[str, str], method: str) -> None:
    sent = {name: value.format(port=page.port) for name, value in headers.items()}
    answer = page.ask("/api/v1/writes" if method == "POST" else NOTES, method, headers=sent)
    assert answer.status == 403
    assert b"Note" not in answer.body
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_a_preflight_is_told_nothing(page: Page) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    answer = page.ask(NOTES, "OPTIONS", headers=asked)
    assert answer.status == 405
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize(
    ("path", "method", "body", "status"),
    [
        ("/", "GET", None, 200),
        ("/", "HEAD", None, 200),
        (NOTES, "GET", None, 200),
        ("/nothing", "GET", None, 404),
        ("/api/v1/nothing", "GET", None, 404),
        ("/", "DELETE", None, 405),
        (NOTES, "POST", b"{}", 405),
        ("/api/v1/writes", "POST", b"x" * (MOST_BYTES + 1), 413),
        ("/api/v1/fails/usage", "GET", None, 400),
        ("/api/v1/fails/gone", "GET", None, 404),
        ("/api/v1/fails/conflict", "GET", None, 409),
        ("/api/v1/fails/else", "GET", None, 500),
    ],
)
def test_every_answer_carries_the_headers(
    page: Page, path: str, method: str, body: bytes | None, status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = page.ask(path, method, body)
    assert answer.status == status
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert not [name for name in answer.headers if name.lower() == "set-cookie"]
    if status >= 400:
        assert answer.document["error"]["message"]
    told = capfd.readouterr().err
    assert ("internal error: ValueError in fails (test_guard.py:" in told) is (status == 500)
    assert TOKEN not in told + answer.body.decode()


def test_what_is_no_http_is_answered_with_the_headers_too(page: Page) -> None:
    answer = raw(page, "NONSENSE\r\n\r\n").decode()
    assert answer.startswith(("HTTP/1.0 400", "HTTP/1.1 400"))
    assert all(f"{name}: {value}\r\n" in answer for name, value in HEADERS.items())
    assert "NONSENSE" not in answer


@pytest.mark.parametrize("said", ["", f"Authorization: Bearer {TOKEN}\r\n"])
@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("Content-Encoding: gzip\r\nContent-Length: 3", "abc"),
        ("Content-Encoding: deflate\r\nContent-Length: 3", "abc"),
        ("Transfer-Encoding: chunked", "zz\r\n"),
    ],
)
def test_a_body_that_is_none_is_no_defect_of_ours(
    page: Page, said: str, encoding: str, body: str, capfd: pytest.CaptureFixture[str]
) -> None:
    head = (
        f"POST /api/v1/writes HTTP/1.1\r\nHost: 127.0.0.1:{page.port}\r\n{said}{encoding}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", page.port), timeout=10) as client:
        client.sendall((head + body).encode())  # at once: for what comes later the server waits its time
        answer = b"".join(iter(lambda: client.recv(65_536), b"")).decode()
    assert answer.split()[1] in ("200", "400", "401")
    assert "internal error" not in answer + capfd.readouterr().err


def test_what_stands_for_a_field_is_decoded(page: Page) -> None:
    assert page.document(f"{NOTES}/a%2Fb%3Cscript%3E")["of"] == "a/b<script>"


def test_only_what_a_path_takes_is_allowed(page: Page) -> None:
    assert page.ask(NOTES, "DELETE").headers["Allow"] == "GET, HEAD"
    assert page.ask("/api/v1/writes").headers["Allow"] == "POST"


def raw(page: Page, text: str) -> bytes:
    """All that comes back for some bytes."""
    with socket.create_connection(("127.0.0.1", page.port), timeout=10) as client:
        client.sendall(text.encode())
        return b"".join(iter(lambda: client.recv(65_536), b""))
