"""Where the dashboard listens and by which secret: from options, before anything is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from meshglobal.dashboard.place import Token, bound, url_of, wanted_address, wanted_token
from meshglobal.domain.errors import UsageError
from meshglobal.render.metrics_server import Address

SECRET = "0123456789abcdef"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing listens there in these tests


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(f"{SECRET}\n", encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize(
    ("listen", "port", "place"),
    [
        (None, 0, "127.0.0.1:0"),
        (None, 8080, "127.0.0.1:8080"),
        ("127.0.0.1", 8080, "127.0.0.1:8080"),
        ("192.0.2.7", 0, "192.0.2.7:0"),
        ("192.0.2.7:9000", 0, "192.0.2.7:9000"),
        ("192.0.2.7:9000", 9000, "192.0.2.7:9000"),
        ("::1", 8080, "[::1]:8080"),
        ("[::1]", 8080, "[::1]:8080"),
        ("[::1]:8080", 0, "[::1]:8080"),
        (":9000", 0, "127.0.0.1:9000"),
        ("localhost:9000", 0, "127.0.0.1:9000"),
    ],
)
def test_an_address_with_or_without_its_port(listen: str | None, port: int, place: str) -> None:
    assert str(wanted_address(listen, port)) == place


@pytest.mark.parametrize(
    ("listen", "port", "says"),
    [("dash.example:80", 0, "--listen"), ("nonsense", 0, "--listen"), ("192.0.2.7:9000", 9001, "different ports")],
)
def test_what_is_no_address_is_refused(listen: str, port: int, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        wanted_address(listen, port)


def test_each_run_has_a_token_of_its_own() -> None:
    first, second = (wanted_token(Address("127.0.0.1", 0), None) for _ in range(2))
    assert first.secret != second.secret
    assert len(first.secret) >= 43
    assert first.secret not in repr(first)


@pytest.mark.parametrize("host", [EVERYWHERE, "192.0.2.7", "::"])
def test_off_loopback_a_secret_of_the_users_own_is_needed(host: str, secret: Path) -> None:
    with pytest.raises(UsageError) as refused:
        wanted_token(Address(host, 80), None)
    assert "--token-file" in refused.value.hint
    assert wanted_token(Address(host, 80), str(secret)).secret == SECRET


@pytest.mark.parametrize(
    ("text", "mode", "says"),
    [
        (SECRET, 0o640, "chmod 600"),
        (SECRET, 0o604, "chmod 600"),
        (SECRET[:-1], 0o600, "umask 077"),
        ("", 0o600, "umask 077"),
        ("two words of a token", 0o600, "umask 077"),
        ("ein-geheimnis-mit-ä", 0o600, "umask 077"),
    ],
)
def test_a_file_that_cannot_be_a_secret_is_refused_and_not_quoted(
    secret: Path, text: str, mode: int, says: str
) -> None:
    secret.write_text(text, encoding="utf-8")
    secret.chmod(mode)
    with pytest.raises(UsageError) as refused:
        wanted_token(Address("127.0.0.1", 0), str(secret))
    assert says in refused.value.hint
    assert not text or text not in f"{refused.value}{refused.value.hint}"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        wanted_token(Address("127.0.0.1", 0), str(tmp_path / "nothing"))


def test_a_port_that_is_taken_is_told() -> None:
    with bound(Address("127.0.0.1", 0)) as taken:
        taken.listen()
        with pytest.raises(UsageError, match=r"cannot listen on 127\.0\.0\.1:"):
            bound(Address("127.0.0.1", int(taken.getsockname()[1])))


@pytest.mark.parametrize(
    ("host", "token", "url"),
    [
        ("127.0.0.1", Token("abc"), "http://127.0.0.1:80/#token=abc"),
        ("::1", Token("abc"), "http://[::1]:80/#token=abc"),
        (EVERYWHERE, Token("abc", "file"), "http://127.0.0.1:80/"),
        ("::", Token("abc", "file"), "http://[::1]:80/"),
        ("192.0.2.7", Token("abc", "file"), "http://192.0.2.7:80/"),
    ],
)
def test_the_address_has_the_token_unless_the_user_keeps_it(host: str, token: Token, url: str) -> None:
    assert url_of(Address(host, 80), token) == url
