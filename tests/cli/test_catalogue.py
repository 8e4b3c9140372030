"""What holds for every check: its name, its page, what it reads, and that its remedy can be typed."""

from __future__ import annotations

import inspect
import json
import re
import shlex
import string
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from mesh_cases import Case, cases, picture_for
from ran import Meshglobal

import meshglobal.checks
from meshglobal.app.picture import Picture
from meshglobal.checks.catalogue import Listed, catalogue, check_named
from meshglobal.checks.pages import page_of, placeholders
from meshglobal.domain.finding import Finding
from meshglobal.domain.kinds import KINDS

CATALOGUE = catalogue()
ids = {"ids": lambda listed: listed.check.code}
ROOT = Path(__file__).resolve().parents[2]
FILL_IN = "FILL-IN"  # what tools/new_finding.py leaves to be written
PROGRAMS = ("kubectl ", "istioctl ", "meshglobal ")


def findings(case: Case) -> Iterator[Finding]:
    picture: Picture = picture_for(case)
    verdicts = picture.verdicts()
    keys = sorted({*picture.concerned_keys(), *picture.service_keys()})
    seen = {"is_fleet": case.is_fleet, "calls": case.calls, "drills": case.drills}
    yield from picture.findings(verdicts, keys, case.expired, **seen)


CASES = list(cases())
FOUND = {case.title: list(findings(case)) for case in CASES}


def test_codes_and_slugs_are_unique() -> None:
    assert len({listed.check.code for listed in CATALOGUE}) == len(CATALOGUE)
    assert len({listed.check.slug for listed in CATALOGUE}) == len(CATALOGUE)


@pytest.mark.parametrize("listed", CATALOGUE, **ids)
def test_the_file_is_named_after_the_check(listed: Listed) -> None:
    check = listed.check
    assert re.fullmatch(r"MG[1-6]\d\d", check.code)
    name = f"{check.code.lower()}_{check.slug.replace('-', '_')}.py"
    assert (Path(meshglobal.checks.__path__[0]) / listed.area / name).is_file()


@pytest.mark.parametrize("listed", CATALOGUE, **ids)
def test_it_says_what_it_is_about(listed: Listed) -> None:
    assert len(listed.documentation.split()) >= 5
    assert listed.check.title[0].isupper()
    assert set(listed.check.needs) <= set(KINDS)
    assert listed.check.needs or listed.area in ("waivers", "traffic")  # what a drill came to is no object
    assert check_named(listed.check.slug) is check_named(listed.check.code.lower()) is not None
    assert "{" not in page_of(listed)


@pytest.mark.parametrize("listed", CATALOGUE, **ids)
def test_a_case_shows_it_and_another_of_the_same_file_does_not(listed: Listed) -> None:
    code = listed.check.code
    hits = {title for title, found in FOUND.items() if any(one.code == code for one in found)}
    assert hits, f"no case in tests/domain/cases shows {code}"
    files = {case.file for case in CASES if case.title in hits}
    assert any(case.file in files and case.title not in hits for case in CASES)


@pytest.mark.parametrize("listed", CATALOGUE, **ids)
def test_nothing_is_left_to_fill_in(listed: Listed) -> None:
    assert FILL_IN not in inspect.getsource(inspect.getmodule(listed.check.find) or sys)
    named = [case for case in CASES if case.file.startswith(f"{listed.check.code.lower()}_")]
    assert not [case.title for case in named if FILL_IN in json.dumps(case.body)]
    assert len({json.dumps(case.body["clusters"]) for case in named}) == len(named)


def test_no_code_is_used_again() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "findings").glob("MG*.md")}
    retired = set(re.findall(r"^\| (MG\d{3}) \|", (ROOT / "docs/findings/retired.md").read_text(), re.MULTILINE))
    used = {listed.check.code for listed in CATALOGUE}
    assert not used & retired
    assert not pages - used, "a page without a check: list its code in docs/findings/retired.md and delete the page"


@pytest.mark.parametrize("listed", CATALOGUE, **ids)
def test_its_remedy_is_a_command_that_exists(listed: Listed, meshglobal: Meshglobal) -> None:
    remedy = listed.check.remedy
    if not remedy:
        return
    assert remedy.startswith(PROGRAMS)
    if remedy.startswith("meshglobal "):
        words = [word.lower() if word.isupper() else word for word in shlex.split(placeholders(remedy))[1:]]
        ran = meshglobal(*words, "--help")
        assert (ran.code, ran.err) == (0, ""), words


def test_evidence_names_what_was_seen() -> None:
    shown = [one for found in FOUND.values() for one in found]
    assert shown
    for finding in shown:
        assert finding.evidence, finding.code
        assert all((seen.context or seen.kind == "Waiver") and seen.kind for seen in finding.evidence)
        assert not set(string.Formatter().parse(finding.message)) & {"{", "}"}


def test_explain_tells_and_lists(meshglobal: Meshglobal) -> None:
    ran = meshglobal("explain", "mg107")
    assert ran.code == 0
    assert ran.out.startswith("MG107 takeover-prefers-network: Takeover together with PreferNetwork\nlevel: warning\n")
    assert meshglobal("explain", "--list").out.count("\n") == len(CATALOGUE)
    wrong = meshglobal("explain", "MG999")
    assert wrong.code == 2
    assert "there is no finding 'MG999'" in wrong.err
