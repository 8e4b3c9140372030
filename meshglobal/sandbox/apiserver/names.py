"""What names, label keys and label values may look like, with the API server's own sentences for what is wrong."""

from __future__ import annotations

import re
from typing import Final

_ALPHANUMERIC = "and must start and end with an alphanumeric character"
LABEL: Final = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
SUBDOMAIN: Final = rf"{LABEL}(\.{LABEL})*"
QUALIFIED: Final = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_VALUE: Final = f"({QUALIFIED})?"
_CONFIG_KEY: Final = "[-._a-zA-Z0-9]+"
_LABEL_LENGTH, _SUBDOMAIN_LENGTH = 63, 253


def label_problems(name: str) -> list[str]:
    """What keeps a name from being a DNS label (RFC 1123)."""
    found = [f"must be no more than {_LABEL_LENGTH} characters"] if len(name) > _LABEL_LENGTH else []
    if not re.fullmatch(LABEL, name):
        rule = f"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', {_ALPHANUMERIC}"
        found.append(f"{rule} (e.g. 'my-name',  or '123-abc', regex used for validation is '{LABEL}')")
    return found


def subdomain_problems(name: str) -> list[str]:
    """What keeps a name from being a DNS subdomain (RFC 1123)."""
    found = [f"must be no more than {_SUBDOMAIN_LENGTH} characters"] if len(name) > _SUBDOMAIN_LENGTH else []
    if not re.fullmatch(SUBDOMAIN, name):
        consists = "must consist of lower case alphanumeric characters, '-' or '.'"
        rule = f"a lowercase RFC 1123 subdomain {consists}, {_ALPHANUMERIC}"
        found.append(f"{rule} (e.g. 'example.com', regex used for validation is '{SUBDOMAIN}')")
    return found


def path_segment_problems(name: str) -> list[str]:
    """What keeps a name from being one part of a path; RBAC allows all others."""
    if name in (".", ".."):
        return [f"may not be '{name}'"]
    return [f"may not contain '{mark}'" for mark in "/%" if mark in name]


def key_problems(key: str) -> list[str]:
    """What keeps a text from being a label or annotation key (`[prefix/]name`)."""
    prefix, slash, name = key.rpartition("/")
    if "/" in prefix:
        optional = "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
        return [f"a valid label key {_of_qualified('MyName', 'my.name', '123-abc', QUALIFIED)} {optional}"]
    found = []
    if slash and not prefix:
        found.append("prefix part must be non-empty")
    elif slash:
        found += [f"prefix part {_in_bytes(why)}" for why in subdomain_problems(prefix)]
    if not name:
        return [*found, "name part must be non-empty"]
    if len(name) > _LABEL_LENGTH:
        found.append(f"name part must be no more than {_LABEL_LENGTH} bytes")
    if not re.fullmatch(QUALIFIED, name):
        found.append(f"name part {_of_qualified('MyName', 'my.name', '123-abc', QUALIFIED)}")
    return found


def value_problems(value: str) -> list[str]:
    """What keeps a text from being a label value."""
    found = [f"must be no more than {_LABEL_LENGTH} bytes"] if len(value) > _LABEL_LENGTH else []
    if not re.fullmatch(_VALUE, value):
        rule = _of_qualified("MyValue", "my_value", "12345", _VALUE)
        found.append(f"a valid label must be an empty string or {rule.removeprefix('must ')}")
    return found


def config_key_problems(key: str) -> list[str]:
    """What keeps a text from being a key of a ConfigMap or Secret."""
    if not re.fullmatch(_CONFIG_KEY, key):
        rule = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
        examples = "(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is"
        return [f"{rule} {examples} '{_CONFIG_KEY}')"]
    return [f"must be no more than {_SUBDOMAIN_LENGTH} characters"] if len(key) > _SUBDOMAIN_LENGTH else []


def _of_qualified(first: str, second: str, third: str, pattern: str) -> str:
    rule = f"must consist of alphanumeric characters, '-', '_' or '.', {_ALPHANUMERIC}"
    return f"{rule} (e.g. '{first}',  or '{second}',  or '{third}', regex used for validation is '{pattern}')"


def _in_bytes(why: str) -> str:
    return why.replace("characters", "bytes") if why.startswith("must be no more") else why
