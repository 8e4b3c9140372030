from __future__ import annotations

import asyncio
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.sandbox.containers.curl.option_table import OPTIONS
from meshglobal.sandbox.containers.network import Refusal, Trouble
from tests.sandbox.containers.pod_network import ADDRESS, HOST, Done, Names, Scripted, page, ran, run, serving

REFUSED = Refusal((ADDRESS,))


def against(server: Scripted, *arguments: str, has_terminal: bool = False) -> Done:
    """Run curl; HOST is the server."""

    async def inside() -> Done:
        async with serving(server):
            network = Names({HOST: server.port, "localhost": server.port})
            return await ran(network, "curl", *arguments, has_terminal=has_terminal)

    return asyncio.run(inside())


def test_the_guides_command_prints_head_and_page_and_tells_how_it_got_there() -> None:
    done = against(Scripted(page()), "-vik", f"http://{HOST}:9080/productpage")
    assert done.code == 0
    assert done.out.startswith("HTTP/1.1 200 OK\r\nserver: test\r\n")
    assert done.out.endswith("<title>Simple Bookstore App</title>\n")
    told = [line.rstrip("\r") for line in done.err.split("\n")]
    assert told[2].endswith(f"* Host {HOST}:9080 was resolved.")
    assert told[3:-3] == [
        "* IPv6: (none)",
        f"* IPv4: {ADDRESS}",
        f"*   Trying {ADDRESS}:9080...",
        f"* Connected to {HOST} ({ADDRESS}) port 9080",
        "* using HTTP/1.x",
        "> GET /productpage HTTP/1.1",
        f"> Host: {HOST}:9080",
        "> User-Agent: curl/8.13.0",
        "> Accept: */*",
        "> ",
        "* Request completely sent off",
        "< HTTP/1.1 200 OK",
        "< server: test",
        "< content-length: 36",
        "< ",
        "{ [36 bytes data]",
    ]
    assert told[-2] == f"* Connection #0 to host {HOST} left intact"


@pytest.mark.parametrize(
    ("trouble", "code", "message"),
    [
        (Trouble.UNKNOWN_HOST, 6, r"curl: \(6\) Could not resolve host: h"),
        (REFUSED, 7, r"curl: \(7\) Failed to connect to h port 80 after \d+ ms: Could not connect to server"),
        (Trouble.SILENT, 28, r"curl: \(28\) Connection timed out after \d+ milliseconds"),
    ],
)
def test_a_host_without_a_way_to_it_is_told_in_curls_words(trouble: Trouble | Refusal, code: int, message: str) -> None:
    done = run("curl", "-sS", "--connect-timeout", "0.1", "http://h/", h=trouble)
    assert done.code == code
    assert re.fullmatch(f"{message}\n", done.err)


def test_a_refused_connection_is_told_with_the_address_that_was_tried() -> None:
    told = run("curl", "-sv", "http://h:81/", h=REFUSED).err.splitlines()
    assert told[:5] == [
        "* Host h:81 was resolved.",
        "* IPv6: (none)",
        f"* IPv4: {ADDRESS}",
        f"*   Trying {ADDRESS}:81...",
        f"* connect to {ADDRESS} port 81 failed: Connection refused",
    ]
    assert re.fullmatch(r"\* Failed to connect to h port 81 after \d+ ms: Could not connect to server", told[5])
    assert told[6:] == ["* closing connection #0"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "curl: (2) no URL specified"),
        (("--nosuch",), 2, "curl: option --nosuch: is unknown"),
        (("-m",), 2, "curl: option -m: requires parameter"),
        (("-m", "soon", "h"), 2, "curl: option -m: expected a proper numerical parameter"),
        (("--no-header", "x", "h"), 2, "curl: option --no-header: used '--no-' for option that is not a boolean"),
        (("http://h:99999/",), 3, "curl: (3) URL rejected: Port number was not a decimal number between 0 and 65535"),
        (
            (f"http://h:{'9' * 5000}/",),
            3,
            "curl: (3) URL rejected: Port number was not a decimal number between 0 and 65535",
        ),
        ((f"http://h/{'x' * 9000}",), 3, "curl: (3) URL rejected: Malformed input to a URL function"),
        (("http:///x",), 3, "curl: (3) URL rejected: No host part in the URL"),
        (("http://a b/",), 3, "curl: (3) URL rejected: Malformed input to a URL function"),
        (("https://h/",), 1, 'curl: (1) Protocol "https" disabled'),
    ],
)
def test_what_cannot_be_done_is_said_in_curls_words(arguments: tuple[str, ...], code: int, message: str) -> None:
    done = run("curl", *(("-sS", *arguments) if arguments else ()), h=REFUSED)
    assert done.code == code
    assert done.err.startswith(f"{message}\n")


def test_a_terminal_shows_the_page_and_no_meter() -> None:
    done = against(Scripted(page()), "-v", f"http://{HOST}/", has_terminal=True)
    assert "% Total" not in done.err
    assert "bytes data]" not in done.err


def test_a_redirect_is_followed_where_that_is_asked_for() -> None:
    moved = page(b"", "302 Found", "location: /again\r\n")
    done = against(Scripted(moved), "-sS", "-L", "--max-redirs", "3", "-w", "%{num_redirects}", f"http://{HOST}/")
    assert (done.code, done.out) == (47, "3")
    assert against(Scripted(moved), "-s", "-w", "%{http_code} %{redirect_url}", f"http://{HOST}/").out == (
        f"302 http://{HOST}/again"
    )


def test_a_failing_server_is_tried_again_as_often_as_asked() -> None:
    server = Scripted(page(b"", "503 Service Unavailable"))
    done = against(server, "-S", "-s", "--retry", "2", "--retry-delay", "0.01", f"http://{HOST}/", "-w", "%{http_code}")
    assert (done.code, done.out, len(server.received)) == (0, "503503503", 3)


def test_what_the_network_adds_is_not_shown_and_cannot_be_given() -> None:
    server = Scripted(page())
    done = against(server, "-sv", "-H", "X-Way: west/other", "-H", "x-way : west/other", f"http://{HOST}/")
    head = server.received[0].decode().lower()
    if done.code == 0:
        assert head.count("x-way") == 1
        assert "x-way: east/ratings\r\n" in head
    assert "east/ratings" not in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("-H", "X-A: b\r\nX-Way: west/other"),
        ("-H", "X-A: b\nX-Way: west/other"),
        ("-H", "X\r\nX-Way: west/other"),
        ("-H", "X A: b"),
        ("-X", "GET / HTTP/1.1\r\nX-Way: w\r\n\r\nGET"),
        ("-X", "GET /other"),
        ("-A", "me\r\nX-Way: w"),
        ("-e", "me\r\nX-Way: w"),
        ("-b", "a=b\r\nX-Way: w"),
        ("-r", "0-1\r\nX-Way: w"),
        ("--oauth2-bearer", "t\r\nX-Way: w"),
        ("-H", "Content-Length: 0", "-d", "GET /other HTTP/1.1\r\n\r\n"),
        ("-H", "Transfer-Encoding: chunked", "-d", "0\r\n\r\nGET / HTTP/1.1\r\n\r\n"),
        ("-H", "Connection: x-way"),
        ("-H", "Host: a\r\nX-Way: w"),
        (f"http://{HOST}/a\r\nX-Way: w",),
        (f"http://{HOST}/a HTTP/1.1\r\nX-Way: w\r\n\r\n",),
        ("-G", "-d", "a\r\nX-Way: w"),
    ],
)
def test_nothing_that_is_given_makes_a_second_request_or_header(arguments: tuple[str, ...]) -> None:
    server = Scripted(page())
    done = against(server, "-sS", *arguments, *(() if "http" in arguments[0] else (f"http://{HOST}/",)))
    assert done.code in (3, 43)
    assert not server.received
    assert done.err.startswith(f"curl: ({done.code})")


WORDS = st.sampled_from([f"--{each.long}" for each in OPTIONS] + [f"-{each.short}" for each in OPTIONS if each.short])
URLS = st.sampled_from(
    ["http://h/", "http://known/a?b#c", "h:99", "//", "http://", "http://[::1", "@", "http://a@b@c:1/"]
)


@given(
    st.lists(
        WORDS | URLS | st.text(max_size=12) | st.sampled_from(["", "-", "--", "1e9", "-1", "@-", "@x"]), max_size=6
    )
)
def test_any_command_line_ends_with_an_exit_code_and_a_message(words: list[str]) -> None:
    done = run("curl", *words, h=REFUSED, known=1)
    assert 0 <= done.code < 100
    assert done.code == 0 or done.err.strip() or {"-s", "--silent"} & set(words) or "s" in "".join(words)
