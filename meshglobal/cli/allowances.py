"""`--waivers FILE` and `--baseline FILE`: read before anything is sent."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meshglobal.domain.errors import UsageError
from meshglobal.domain.verdict import State
from meshglobal.domain.waivers import Allowances, Waiver

if TYPE_CHECKING:
    from meshglobal.cli.options import AllowanceOptions

_EXAMPLE = "an entry is: {finding: MG101, subject: 'cluster3 bookinfo/*', reason: why, expires: 2030-12-31}"


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
    import msgspec

    from meshglobal.domain.report import Report

    try:
        report = msgspec.json.decode(_text(path, "--baseline"), type=Report)
    except msgspec.DecodeError as error:
        raise UsageError(f"--baseline {path}: is no document of verify -o json: {error}") from error
    if report.kind != "Report" or report.error is not None:
        raise UsageError(f"--baseline {path}: is no result of verify -o json")
    hosts = {host.fingerprint for host in report.hosts if host.state is not State.READY}
    waived = {one.fingerprint for one in report.waived}
    return frozenset(hosts | waived | {finding.fingerprint for finding in report.findings})


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
    import msgspec

    from meshglobal.checks.catalogue import check_named

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
    is_host = waiver.finding.casefold() in {f"host-{state.value.lower()}" for state in State}
    if not is_host and check_named(waiver.finding) is None:
        raise UsageError(f"{place}: there is no finding {waiver.finding!r}", "list them: meshglobal explain --list")
    if is_host and waiver.level is not None:
        raise UsageError(f"{place}: the level of a host follows from its state")
    return waiver


def _plain(value: Any) -> Any:
    """YAML reads dates as dates."""
    return value.isoformat() if isinstance(value, date) else value
