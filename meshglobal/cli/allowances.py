"""`--waivers FILE` and `--baseline FILE`: read before anything is sent."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from meshglobal.domain.errors import UsageError
from meshglobal.domain.verdict import State
from meshglobal.domain.waivers import Allowances, Waiver

if TYPE_CHECKING:
    from meshglobal.cli.options import AllowanceOptions, ThresholdOptions
    from meshglobal.domain.strictness import Strictness

_EXAMPLE = "an entry is: {finding: MG101, subject: 'cluster3 bookinfo/*', reason: why, expires: 2030-12-31}"
_STATES = frozenset(f"host-{state.value.lower()}" for state in State)


class _Kind(msgspec.Struct):
    kind: str = ""


def strictness(limits: ThresholdOptions, options: AllowanceOptions) -> Strictness:
    """When the run fails, and what it lets pass.

    Raises:
        UsageError: a value, a file or an entry that cannot be.
    """
    from meshglobal.cli.session import thresholds
    from meshglobal.domain.strictness import Strictness

    return Strictness(thresholds(limits), allowances(options))


def allowances(options: AllowanceOptions) -> Allowances:
    """What the options let pass.

    Raises:
        UsageError: a file that cannot be read, or an entry that cannot be.
    """
    return Allowances(
        waivers=_waivers(Path(options.waivers)) if options.waivers else (),
        baseline=_baseline(Path(options.baseline)) if options.baseline else frozenset(),
        today=datetime.now(UTC).date().isoformat(),
    )


def _text(path: Path, option: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{option} {path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{option} {path}: is no text") from error


def _baseline(path: Path) -> frozenset[str]:
    """The fingerprints of what an earlier document found."""
    from meshglobal.domain.inventory import Inventory
    from meshglobal.domain.known import DOCUMENTS, fingerprints_of

    text = _text(path, "--baseline")
    try:
        kind = msgspec.json.decode(text, type=_Kind).kind
        document = msgspec.json.decode(text, type=DOCUMENTS[kind]) if kind in DOCUMENTS else None
    except msgspec.DecodeError as error:
        raise UsageError(f"--baseline {path}: is no document of -o json: {error}") from error
    if document is None or (not isinstance(document, Inventory) and document.error is not None):
        raise UsageError(f"--baseline {path}: is no result of verify, diagnose, check, list or describe with -o json")
    return fingerprints_of(document)


def _waivers(path: Path) -> tuple[Waiver, ...]:
    import yaml

    try:
        document = yaml.safe_load(_text(path, "--waivers"))
    except yaml.YAMLError as error:
        raise UsageError(f"--waivers {path}: is no YAML") from error
    entries = document.get("waivers") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise UsageError(f"--waivers {path}: must hold a list under 'waivers'", _EXAMPLE)
    return tuple(_waiver(f"--waivers {path}: entry {number}", body) for number, body in enumerate(entries, 1))


def _waiver(place: str, body: Any) -> Waiver:
    """One entry, with everything in it known."""
    from meshglobal.checks.catalogue import check_named
    from meshglobal.checks.chain import LINKS
    from meshglobal.domain.excused import link_code

    if not isinstance(body, dict) or set(body) - set(Waiver.__struct_fields__):
        raise UsageError(f"{place}: knows {', '.join(Waiver.__struct_fields__)}", _EXAMPLE)
    try:
        waiver = msgspec.convert({key: _plain(value) for key, value in body.items()}, Waiver)
        if waiver.expires:
            date.fromisoformat(waiver.expires)
    except (msgspec.ValidationError, ValueError) as error:
        raise UsageError(f"{place}: {error}", _EXAMPLE) from error
    if not waiver.reason.strip():
        raise UsageError(f"{place}: a reason is required", _EXAMPLE)
    is_own = waiver.finding.casefold() in {*_STATES, *(link_code(link.name) for link in LINKS)}
    if not is_own and check_named(waiver.finding) is None:
        raise UsageError(f"{place}: there is no finding {waiver.finding!r}", "list them: meshglobal explain --list")
    if is_own and waiver.level is not None:
        raise UsageError(f"{place}: the level of a host follows from its state, that of a link from what broke it")
    return waiver


def _plain(value: Any) -> Any:
    """YAML reads dates as dates."""
    return value.isoformat() if isinstance(value, date) else value
