"""The sandbox's curl beside the real one: the same request, the same output, the same exit code."""

from __future__ import annotations

import asyncio
import re
import shutil
from dataclasses import dataclass

import pytest

from tests.sandbox.containers.pod_network import SECRET, Done, Names, Scripted, page, ran, serving

CURL = shutil.which("curl") or ""
needs_curl = pytest.mark.skipif(not CURL, reason="there is no curl on this machine to compare with")

CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"


@dataclass
class Pair:
    """The same call, carried out by both."""

    real: Done
    ours: Done
    requests: tuple[bytes, bytes]


async def both(server: Scripted, *arguments: str, stdin: bytes = b"") -> Pair:
    async with serving(server):
        words = tuple(each.replace("PORT", str(server.port)) for each in arguments)
        real = await asyncio.create_subprocess_exec(
            CURL, "-q", *words, stdin=-1, stdout=-1, stderr=-1, env={"no_proxy": "*"}
        )
        out, err = await real.communicate(stdin)
        ours = await ran(Names({"localhost": server.port, "127.0.0.1": server.port}), "curl", *words, stdin=stdin)
        first, second = (*server.received, b"", b"")[:2] if len(server.received) > 1 else (b"", b"")
        return Pair(Done(real.returncode or 0, out.decode(), err.decode()), ours, (first, second))


def stripped(request: bytes) -> str:
    """A request without what must differ: the version of curl, and what the network adds."""
    text = re.sub(r"curl/[0-9.]+", "curl/VERSION", request.decode())
    return re.sub(rf"{SECRET}: .*\r\n", "", text)


URL = "http://localhost:PORT/productpage?u=normal"
REQUESTS = [
    (URL,),
    ("-i", URL),
    ("-I", URL),
    ("-s", "-d", "a=1", "-d", "b=2", URL),
    ("-s", "-d", "@-", URL),
    ("-s", "--data-binary", "@-", URL),
    ("-s", "--data-raw", "@x", URL),
    ("-s", "--data-urlencode", "q=a b&c", URL),
    ("-s", "--json", '{"a":1}', URL),
    ("-s", "-G", "-d", "a=1", URL),
    ("-s", "-X", "DELETE", URL),
    ("-s", "-H", "X-A: b", "-H", "Accept:", "-H", "X-Empty;", URL),
    ("-s", "-H", "Host: other", "-A", "me", "-e", "ref", "-b", "c=d", "-u", "name:word", URL),
    ("-s", "-r", "0-3", "--http1.0", URL),
    ("-s", "-H", "content-type: text/x", "-d", "x", URL),
    ("-s", "http://localhost:PORT"),
    ("-s", "localhost:PORT/a/../b/./c#part"),
    ("-s", "--path-as-is", "localhost:PORT/a/../b"),
    ("-s", "-o", "/dev/null", "-w", r"%{http_code} %{size_download} %{size_header} %{num_headers}|%{method}\n", URL),
    ("-s", "-w", r"%{url_effective} %{scheme} %{exitcode} %{errormsg} %% %{nosuch}\t%header{server}", URL),
    ("-sk", "-4", "-N", "--compressed-ssh", URL),
    ("-s", URL, URL),
]


@needs_curl
@pytest.mark.parametrize("arguments", REQUESTS, ids=" ".join)
def test_a_request_and_what_is_printed_of_it_are_the_real_ones(arguments: tuple[str, ...]) -> None:
    pair = asyncio.run(both(Scripted(page(b"four" if "-I" not in arguments else b"")), *arguments, stdin=b"in\nput"))
    if len(arguments) > 2 and arguments[-2:] == (URL, URL):
        assert pair.ours.out == pair.real.out == "fourfour"
        return
    assert stripped(pair.requests[1]) == stripped(pair.requests[0])
    assert pair.ours.out.replace("HTTP ", "http ") == pair.real.out.replace("HTTP ", "http ")
    assert pair.ours.code == pair.real.code


ANSWERS = {
    "chunks": CHUNKED,
    "until the end": b"HTTP/1.0 200 OK\r\n\r\nuntil the end",
    "nothing": b"HTTP/1.1 204 No Content\r\n\r\n",
    "interim": b"HTTP/1.1 100 Continue\r\n\r\n" + page(),
    "cut off": b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf",
    "a cut chunk": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel",
    "no chunk": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n",
    "an empty reply": b"",
    "no HTTP": b"hello\r\n\r\n",
    "an error": page(b"sorry", "503 Service Unavailable"),
}


@needs_curl
@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("options", [("-sS", "-i"), ("-sS", "-f"), ("-sS", "--fail-with-body")], ids=" ".join)
def test_an_answer_is_taken_as_the_real_one_takes_it(name: str, options: tuple[str, ...]) -> None:
    pair = asyncio.run(both(Scripted(ANSWERS[name]), *options, "-w", "%{http_code}", "http://localhost:PORT/"))
    assert (pair.ours.code, pair.ours.out) == (pair.real.code, pair.real.out)
    # Messages change from version to version; that there is one, and under which number, does not.
    assert pair.ours.err[:9] == pair.real.err[:9]


@needs_curl
def test_a_connection_that_is_reset_is_one_to_the_real_curl_too() -> None:
    pair = asyncio.run(both(Scripted(b"", resets=True), "-sS", "http://localhost:PORT/"))
    assert pair.ours.code in (52, 56)
    assert pair.real.code in (52, 56)


@needs_curl
def test_a_time_out_ends_both() -> None:
    cut = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"
    pair = asyncio.run(both(Scripted(cut, hangs=True), "-sS", "-m", "0.2", "http://localhost:PORT/"))
    assert (pair.ours.code, pair.ours.out) == (pair.real.code, pair.real.out) == (28, "half")
    pattern = r"curl: \(28\) Operation timed out after \d+ milliseconds with 4 out of 9 bytes received\n"
    assert re.fullmatch(pattern, pair.ours.err)
    assert re.fullmatch(pattern, pair.real.err)


@needs_curl
def test_the_meter_has_the_real_shape() -> None:
    pair = asyncio.run(both(Scripted(page(b"x" * 5179)), "http://localhost:PORT/"))
    assert re.sub(r" *[\d.]+[kM]?", " N", pair.ours.err) == re.sub(r" *[\d.]+[kM]?", " N", pair.real.err)
    width = [len(line) for line in re.split(r"[\r\n]", pair.real.err)]
    assert [len(line) for line in re.split(r"[\r\n]", pair.ours.err)] == width
    assert "100  5179  100  5179    0     0" in pair.ours.err


@needs_curl
def test_what_is_told_of_request_and_answer_is_the_real_text() -> None:
    pair = asyncio.run(both(Scripted(page()), "-v", "-s", "-d", "a=1", "http://localhost:PORT/"))

    def told(text: str) -> list[str]:
        return [re.sub(r"curl/[0-9.]+", "curl/VERSION", each) for each in text.split("\n") if each[:1] in "<>{}"]

    assert told(pair.ours.err) == told(pair.real.err)


MANY = (
    "x[1-3]", "x[a-c]", "x[1-5:2]", "x{p,q}", "x[01-03]", "x[1-2]{a,b}", "x\\[1\\]", "x\\{a\\}", "x[]", "#[1-3]",
    "x[3-1]", "x[x]", "x{p", "x}", "x]", "x{}", "x[1-2:0]", "x[a-3]",
)  # fmt: skip


@needs_curl
@pytest.mark.parametrize("path", MANY)
@pytest.mark.parametrize("options", [(), ("-g",)], ids=["expanded", "literal"])
def test_ranges_and_lists_stand_for_the_same_urls(path: str, options: tuple[str, ...]) -> None:
    server = Scripted(page(b"four"))
    pair = asyncio.run(both(server, "-sS", *options, f"http://localhost:PORT/{path}"))
    assert (pair.ours.code, pair.ours.out) == (pair.real.code, pair.real.out)
    asked = [each.split()[1] for each in server.received]
    assert asked[: len(asked) // 2] == asked[len(asked) // 2 :]
    assert pair.ours.err[:9] == pair.real.err[:9]


@needs_curl
@pytest.mark.parametrize(
    "options",
    [
        ("-D", "-", "-o", "/dev/null"),
        ("-o", "/dev/null", "-w", "a%{stderr}b%{http_code}%{stdout}c\\n"),
        ("-H", "@-"),
        ("-H", "X-Z: 1", "-H", "@-", "-H", "X-Y: 2", "--noproxy", "*"),
        ("--rate", "100/s"),
        ("--rate", "5/x"),
        ("--rate", "0"),
    ],
    ids=" ".join,
)
def test_what_calls_of_many_need_is_as_the_real_one_does_it(options: tuple[str, ...]) -> None:
    lines = b"X-A: 1\r\n\nX-B: 2\n"
    pair = asyncio.run(both(Scripted(page(b"four")), "-sS", *options, "http://localhost:PORT/#[1-2]", stdin=lines))
    assert (pair.ours.code, pair.ours.out) == (pair.real.code, pair.real.out)
    assert pair.ours.err[:9] == pair.real.err[:9]
    assert stripped(pair.requests[1]) == stripped(pair.requests[0])
