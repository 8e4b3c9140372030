"""Settings: flags before environment before config file before defaults; and the units that they are written in.

The config file is ``$XDG_CONFIG_HOME/meshglobal/config.yaml`` (or ``MESHGLOBAL_CONFIG``). Its keys are the names of the
options without the dashes (``request-timeout``, ``fail-on``); ``context`` is a list, and so are the patterns of
``protected-contexts``; ``read-only`` is true or false.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from meshglobal.domain.errors import UsageError

_FREE: tuple[str, ...] = ()
# Every key with the values that it takes; none stands for any text, which is checked where it is used.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "context": _FREE,
    "namespace": _FREE,
    "istio-namespace": _FREE,
    "segment-visibility": ("mesh", "segment"),
    "output": ("table", "wide", "json", "yaml", "name"),
    "color": ("auto", "always", "never"),
    "timeout": _FREE,
    "request-timeout": _FREE,
    "workers": _FREE,
    "fail-on": ("unknown", "warning", "error", "never"),
    "min-coverage": _FREE,
    "protected-contexts": _FREE,
    "read-only": _FREE,
}
_SWITCHES = frozenset({"read-only"})
_LISTS = frozenset({"context", "protected-contexts"})
KEYS = tuple(CHOICES)

MOST_WORKERS = 512
DEFAULT_TIMEOUT = 60.0  # seconds
_LONGEST = 30 * 86_400.0  # seconds; the operating system takes no timeout without end
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|$)")


def seconds(text: str, option: str) -> float:
    """A duration such as ``90s``, ``5m``, ``1m30s``, ``500ms`` or plain seconds, in seconds; at most 30 days.

    Raises:
        UsageError: anything else.
    """
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise UsageError(f"{option} {text!r} is no duration: write 500ms, 90s, 5m or 1h")
    return min(sum(float(number) * _UNITS[unit] for number, unit in parts), _LONGEST)


def percent(text: str, option: str) -> float:
    """A share such as ``80%`` or ``80``, from 0 to 100.

    Raises:
        UsageError: anything else.
    """
    digits = text.removesuffix("%")
    if not re.fullmatch(r"\d+(\.\d+)?", digits) or float(digits) > 100:  # noqa: PLR2004 - percent
        raise UsageError(f"{option} {text!r} is no share: write a number from 0% to 100%")
    return float(digits)


def config_path(environ: Mapping[str, str]) -> Path:
    """Where the config file is, whether it exists or not."""
    if named := environ.get("MESHGLOBAL_CONFIG"):
        return Path(named)
    base = environ.get("XDG_CONFIG_HOME") or str(Path(environ.get("HOME", "~")) / ".config")
    return Path(base) / "meshglobal" / "config.yaml"


def read_config(environ: Mapping[str, str]) -> dict[str, Any]:
    """The config file's values by key; nothing when there is no file.

    Raises:
        UsageError: a file that was named is missing; no mapping; an unknown key, with the nearest one; a wrong value.
    """
    path = config_path(environ)
    if not path.exists():
        if environ.get("MESHGLOBAL_CONFIG"):
            raise UsageError(f"{path}: there is no such file", "unset MESHGLOBAL_CONFIG, or create it")
        return {}
    return _parsed(path)


def _parsed(path: Path) -> dict[str, Any]:
    import yaml

    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
        raise UsageError(f"{path}:{line}: {error.problem or 'no YAML'}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: is no text file in YAML") from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise UsageError(f"{path}: must hold a mapping of settings")
    for key in values:
        if key not in KEYS:
            near = difflib.get_close_matches(str(key), KEYS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(KEYS)}"
            raise UsageError(f"{path}: unknown key {key!r}", hint)
    return {key: _checked(path, key, value) for key, value in values.items() if value is not None}


def _checked(path: Path, key: str, value: Any) -> Any:
    """A value as the option of that name takes it: text, a list of texts for ``context`` and the like, or a truth.

    Raises:
        UsageError: anything else, with the file.
    """
    if key in _SWITCHES:
        if not isinstance(value, bool):
            raise UsageError(f"{path}: {key}: {value!r} is neither true nor false")
        return value
    if key in _LISTS and isinstance(value, list):
        return [_text(path, key, each) for each in value]
    choices = CHOICES[key]
    if choices and value not in choices:
        raise UsageError(f"{path}: {key}: {value!r} is none of {', '.join(choices)}")
    text = _text(path, key, value)
    if key == "workers" and not (text.isdecimal() and 1 <= int(text) <= MOST_WORKERS):
        raise UsageError(f"{path}: {key}: {value!r} is no number from 1 to {MOST_WORKERS}")
    if key in ("timeout", "request-timeout"):
        seconds(text, f"{path}: {key}:")
    if key == "min-coverage":
        percent(text, f"{path}: {key}:")
    return text


def _text(path: Path, key: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise UsageError(f"{path}: {key}: {value!r} is no text", "put it in quotes")
    return str(value)


def configured_contexts(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The config file's contexts: a list, or one text."""
    contexts = values.get("context") or ()
    return (contexts,) if isinstance(contexts, str) else tuple(contexts)


def protected_contexts(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The patterns of contexts in which nothing is drilled without a word more: a list, or one text."""
    patterns = values.get("protected-contexts") or ()
    return (patterns,) if isinstance(patterns, str) else tuple(patterns)


def drills_folder(environ: Mapping[str, str]) -> Path:
    """Where the journals of open drills are."""
    return _state_folder(environ) / "drills"


def write_journal_file(environ: Mapping[str, str]) -> Path:
    """The journal of what was changed from a page."""
    return _state_folder(environ) / "writes.jsonl"


def _state_folder(environ: Mapping[str, str]) -> Path:
    """Where state is kept. A relative XDG_STATE_HOME does not count, as its specification asks."""
    state = Path(environ.get("XDG_STATE_HOME", ""))
    base = state if state.is_absolute() else Path(environ.get("HOME", "~")).expanduser() / ".local" / "state"
    return base / "meshglobal"


def option_defaults(values: Mapping[str, Any]) -> dict[str, Any]:
    """The config file's values as defaults by parameter name; contexts are selected elsewhere."""
    return {key.replace("-", "_"): value for key, value in values.items() if key not in _LISTS}
