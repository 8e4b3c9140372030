"""Start a finding: its check, its case file with a bad and a good case, and what is to be done next.

``new_finding.py AREA SLUG [CODE]``; `make new-finding AREA=exposure SLUG=some-slug`. The code is the next one of the
area that no check has and none had: codes are never used again (`docs/findings/retired.md`). What is to be written
stands as FILL-IN. As long as one is left, the tests of the catalogue fail.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECKS = ROOT / "meshglobal" / "checks"
CASES = ROOT / "tests" / "domain" / "cases"
PAGES = ROOT / "docs" / "findings"
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_CODE = re.compile(r"MG([1-9]\d\d)")
_FILE = re.compile(r"mg(\d{3})_(\w+)")
_LINE, _INDENT = 120, len('    slug="",')

CHECK = '''"""FILL-IN: what is wrong, in one sentence.

FILL-IN: what follows from it, and what mends it.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.view import ClusterView

CHECK = Check(
    code="{code}",
    slug="{slug}",
    title="FILL-IN: what is wrong, in a few words",
    level=Level.WARNING,
    summary="FILL-IN: what was seen, with its values",
    remedy="",
    needs=(kinds.NAMESPACE,),
    rule="",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """FILL-IN: when it is said, and when it is not."""
    for view in mesh.views:
        if _is_wrong(view, mesh.istio_namespace):
            seen = Evidence(context=view.context, kind="Namespace", name=mesh.istio_namespace, field="FILL-IN")
            yield CHECK.finding(context=view.context, evidence=(seen,))


def _is_wrong(view: ClusterView, istio_namespace: str) -> bool:
    namespace = view.namespaces.get(istio_namespace)
    return namespace is not None and namespace.metadata.label("FILL-IN") is not None
'''

CASE = """# Objects of all files stand in case_objects.yaml, under anchors; ../mesh_cases.py says what a case may hold.
cases:
  - case: "FILL-IN: what is wrong"
    rules: []
    clusters:
      c1: [*n1, *ns, *global, *entry]
    findings: [{{code: {code}, in: c1, says: "FILL-IN: a piece of the message"}}]

  - case: "FILL-IN: nearly the same, and nothing is wrong"
    rules: []
    clusters:
      c1: [*n1, *ns, *global, *entry]
    findings: []
"""

NEXT = """{check}
{case}
next:
1. say in {check} what is wrong, what it is found by (needs: every kind that it looks at), and what mends it
2. give {case} a case with it and one nearly like it without; unread is never wrong
3. .venv/bin/pytest -n 0 tests/cli/test_catalogue.py tests/domain -k '{code} or cases or laws'
4. say in meshglobal/sandbox/breaking/data how a sandbox comes to have it, or under `unmade` why none can; then
   .venv/bin/pytest -n 0 tests/cli/test_sandbox_break_fixes.py -k {code}
5. make docs; then commit docs/findings/{code}.md as well
"""


class MistakenError(Exception):
    """The command line names something that cannot be."""


@dataclass(frozen=True)
class Known:
    """A finding that is, or was: its number, its slug, and its area (empty: it is no more)."""

    number: int
    slug: str
    area: str


def known() -> Iterator[Known]:
    """All findings that there are, those that were, and those of which only a page is left."""
    for path in CHECKS.glob("*/mg*.py"):
        if (match := _FILE.fullmatch(path.stem)) is not None:
            yield Known(int(match[1]), match[2].replace("_", "-"), path.parent.name)
    for path in PAGES.glob("MG*.md"):
        if (code := _CODE.fullmatch(path.stem)) is not None:
            yield Known(int(code[1]), "", "")
    retired = PAGES / "retired.md"
    for row in re.finditer(
        r"^\| *MG(\d{3}) *\| *`?([-a-z0-9]*)`? *\|", retired.read_text(encoding="utf-8"), re.MULTILINE
    ):
        yield Known(int(row[1]), row[2], "")


def next_code(area: str, wanted: str | None) -> str:
    """The wanted code, or the next of the area.

    Raises:
        MistakenError: it is, or was, another finding's; or the area's band is full.
    """
    taken = {one.number for one in known()}
    own = {one.number for one in known() if one.area == area}
    bands = {number // 100 for number in own}
    if wanted is None:
        free = next(number for number in range(max(own) + 1, 1000) if number not in taken)
        if free // 100 not in bands:
            raise MistakenError(f"after MG{max(own)} no code of {area} is free: choose one with CODE=")
        return f"MG{free}"
    match = _CODE.fullmatch(wanted.upper())
    if match is None or int(match[1]) // 100 not in bands:
        bands_shown = " or ".join(f"MG{band}.." for band in sorted(bands))
        raise MistakenError(f"{wanted!r} is no code of {area}: its codes are {bands_shown}")
    if int(match[1]) in taken:
        raise MistakenError(f"{wanted.upper()} is taken, or was once: codes are never used again")
    return wanted.upper()


def scaffold(area: str, slug: str, wanted: str | None) -> tuple[str, Path, Path]:
    """Write both files; the code and where they stand.

    Raises:
        MistakenError: no such area; no slug, or one that is taken; see also `next_code`.
    """
    areas = sorted({one.area for one in known() if one.area})
    if area not in areas:
        raise MistakenError(f"there is no area {area!r}: choose one of {', '.join(areas)}")
    if _SLUG.fullmatch(slug) is None or len(slug) > _LINE - _INDENT:
        raise MistakenError(f"{slug!r} is no slug: small words with '-' between them")
    if slug in {one.slug for one in known()}:
        raise MistakenError(f"the slug {slug!r} is taken, or was once")
    code = next_code(area, wanted)
    stem = f"{code.lower()}_{slug.replace('-', '_')}"
    check, case = CHECKS / area / f"{stem}.py", CASES / f"{stem}.yaml"
    check.write_text(CHECK.format(code=code, slug=slug), encoding="utf-8")
    case.write_text(CASE.format(code=code), encoding="utf-8")
    return code, check, case


def main(arguments: Sequence[str]) -> int:
    """Start a finding; 2 where the command line is mistaken."""
    given = [one for one in arguments if one]
    if len(given) not in (2, 3):
        print("usage: make new-finding AREA=exposure SLUG=some-slug [CODE=MG1xx]", file=sys.stderr)
        return 2
    try:
        code, check, case = scaffold(given[0], given[1], given[2] if len(given) > 2 else None)  # noqa: PLR2004 - the third
    except MistakenError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(NEXT.format(code=code, check=check.relative_to(ROOT), case=case.relative_to(ROOT)), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
