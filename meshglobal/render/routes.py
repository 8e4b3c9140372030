"""Routes for people: manifests, what was found, what was written, and the differences."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from meshglobal.domain.object_plan import JSON, ObjectResult
from meshglobal.domain.plan import Status
from meshglobal.domain.route_remarks import RouteRemark
from meshglobal.domain.route_report import ObjectWrite, RouteReport
from meshglobal.render.rights import as_yaml_documents
from meshglobal.render.screen import Screen

_SUFFIX = {"none": "", "client": " (dry run)", "server": " (server dry run)"}
_STYLES = {"error": "red", "warning": "yellow", "unknown": "yellow"}
_HIDDEN = ("managedFields", "resourceVersion", "uid", "creationTimestamp", "generation")


def manifests_text(report: RouteReport) -> str:
    """The objects as YAML that kubectl applies: of all clusters once where they are the same everywhere."""
    together: dict[str, list[str]] = {}
    for one in report.routes:
        if one.objects:
            together.setdefault(as_yaml_documents(one.objects), []).append(one.context)
    return "---\n".join(f"# for {', '.join(contexts)}\n{text}" for text, contexts in together.items())


def manifests_list(report: RouteReport) -> JSON:
    """The objects as one JSON List, each once though several clusters get it."""
    items: list[JSON] = []
    for one in report.routes:
        items += [obj for obj in one.objects if obj not in items]
    return {"apiVersion": "v1", "kind": "List", "items": items}


def show_remarks(remarks: Sequence[RouteRemark], out: Screen) -> None:
    """Print what was found, and what to do about it."""
    for one in remarks:
        out.print_parts((one.level.value, _STYLES[one.level.value]), (f": {one.context}: {one.message}", ""))
        if one.remedy:
            out.print(f"  {one.remedy}")


def write_lines(report: RouteReport) -> Iterator[str]:
    """One line an object, in kubectl's words."""
    for one in report.writes:
        if one.failure is None:
            yield f"{one.context}: {_word(one)} {one.verb}{_SUFFIX[report.dry_run] if _is_change(one) else ''}"


def show_failures(report: RouteReport, out: Screen) -> None:
    """Print which objects could not be written, and what to do next."""
    failed = [(one, one.failure) for one in report.writes if one.failure is not None]
    for one, failure in failed:
        out.print(f"error: {one.context}: {_word(one)} {one.status.value}: {failure.message}")
        if failure.next_step:
            out.print(f"hint: {failure.next_step}")
    is_real = report.mode != "diff" and report.dry_run == "none"
    if failed and is_real and not any(one.status is Status.CHANGED for one in report.writes):
        out.print("error: nothing was written")


def show_differences(results: Sequence[ObjectResult], out: Screen) -> None:
    """Print what would change, as `kubectl diff` does: what stands there against what the server would make of it."""
    for one in results:
        if one.status is not Status.WOULD_CHANGE:
            continue
        name = f"{one.step.context}: {one.step.kind.name} {one.step.namespace}/{one.step.name}"
        before, after = (
            as_yaml_documents([_shown(each)]).splitlines() if each else [] for each in (one.before, one.after)
        )
        for line in difflib.unified_diff(before, after, f"{name} (now)", f"{name} (then)", lineterm=""):
            style = {"+": "green", "-": "red"}.get(line[0], "")
            out.print(line, style=style)


def _shown(found: JSON) -> JSON:
    metadata = {key: value for key, value in found["metadata"].items() if key not in _HIDDEN}
    rest = {key: value for key, value in found.items() if key != "status"}
    return {"apiVersion": rest.pop("apiVersion", None), "kind": rest.pop("kind", None)} | rest | {"metadata": metadata}


def _word(one: ObjectWrite) -> str:
    return f"{one.kind.lower()}.gateway.networking.k8s.io/{one.name}"


def _is_change(one: ObjectWrite) -> bool:
    return one.status is not Status.UNCHANGED
