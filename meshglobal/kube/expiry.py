"""When credentials end, read from the credential itself, to tell "expired" from "refused" after a 401."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

_SEQUENCE, _UTC_TIME, _GENERALIZED_TIME, _VERSION = 0x30, 0x17, 0x18, 0xA0
_LONG_FORM = 0x80


class _Claims(msgspec.Struct):
    exp: float | None = None


def token_expiry(token: str) -> datetime | None:
    """The ``exp`` claim of a JWT; None for any other token."""
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004 - header, claims, signature
        return None
    try:
        raw = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        expires = msgspec.json.decode(raw, type=_Claims).exp
    except (binascii.Error, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return datetime.fromtimestamp(expires, UTC) if expires is not None else None


def certificate_expiry(pem: str) -> datetime | None:
    """``notAfter`` of the first certificate in a PEM text; None when there is none."""
    _, begin, rest = pem.partition("-----BEGIN CERTIFICATE-----")
    body, end, _ = rest.partition("-----END CERTIFICATE-----")
    if not begin or not end:
        return None
    try:
        return _not_after(base64.b64decode(body))
    except (binascii.Error, ValueError, IndexError, KeyError, StopIteration):
        return None


def _not_after(certificate: bytes) -> datetime:
    """Walk Certificate > tbsCertificate > validity (RFC 5280, 4.1): version?, serial, algorithm, issuer, validity."""
    _, outer = next(_elements(certificate))
    _, inner = next(_elements(outer))
    fields = [element for element in _elements(inner) if element[0] != _VERSION]
    tag, validity = fields[3]
    if tag != _SEQUENCE:
        raise ValueError("no validity")
    _, (tag, end) = _elements(validity)
    form = {_UTC_TIME: "%y%m%d%H%M%SZ", _GENERALIZED_TIME: "%Y%m%d%H%M%SZ"}[tag]
    return datetime.strptime(end.decode("ascii"), form).replace(tzinfo=UTC)


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The (tag, content) pairs of DER data."""
    while data:
        tag, length, start = data[0], data[1], 2
        if length >= _LONG_FORM:
            start += length - _LONG_FORM
            length = int.from_bytes(data[2:start], "big")
        yield tag, data[start : start + length]
        data = data[start + length :]
