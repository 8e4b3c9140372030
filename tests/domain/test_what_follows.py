"""What follows from what, and which finding is to be looked at first where no link is broken."""

from __future__ import annotations

from meshglobal.checks.catalogue import catalogue
from meshglobal.checks.following import FOLLOWS, doubt_of, with_followers
from meshglobal.domain.diagnosis import RootCause
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.names import ServiceKey

KEY = ServiceKey("bookinfo", "reviews")
EXPOSE = "meshglobal expose svc reviews -n bookinfo --context {}"


def finding(
    code: str, context: str | None, level: Level = Level.WARNING, remedy: str = "", service: str | None = "reviews"
) -> Finding:
    seen = (Evidence(context=context or "c9", kind="Service"),)
    namespace = "bookinfo" if service else None
    return Finding(
        code=code, slug="", level=level, message=f"{code} here", remedy=remedy, context=context, namespace=namespace,
        service=service, evidence=seen,
    )  # fmt: skip


def test_the_table_names_findings_that_there_are_and_no_circle() -> None:
    codes = {listed.check.code for listed in catalogue()}
    assert {*FOLLOWS, *(code for some in FOLLOWS.values() for code in some)} <= codes
    for code, some in FOLLOWS.items():
        assert code not in some
        assert not [one for one in some if code in FOLLOWS.get(one, ())]


def test_nothing_found_is_no_doubt() -> None:
    assert doubt_of([], KEY) is None
    assert with_followers(None, []) is None


def test_the_worst_comes_first_then_what_is_about_the_service_then_the_lower_code() -> None:
    fleet = finding("MG102", "c1", Level.ERROR, service=None)
    assert doubt_of([finding("MG107", "c1"), fleet], KEY) == doubt_of([fleet, finding("MG107", "c1")], KEY)
    for found, code in (
        ([finding("MG107", "c1"), fleet], "MG102"),
        ([finding("MG105", "c1", service=None), finding("MG107", "c1")], "MG107"),
        ([finding("MG107", "c1"), finding("MG105", "c2")], "MG105"),
        ([finding("MG602", "c1", Level.UNKNOWN), finding("MG107", "c1")], "MG107"),
    ):
        doubt = doubt_of(found, KEY)
        assert doubt is not None
        assert (doubt.code, doubt.link) == (code, "")


def test_what_another_brings_about_is_not_named_but_counted_with_it() -> None:
    doubt = doubt_of([finding("MG109", None), finding("MG111", "c1"), finding("MG222", "c1")], KEY)
    assert doubt is not None
    assert (doubt.code, doubt.explains) == ("MG111", ("MG109", "MG222"))
    cause = with_followers(
        RootCause(contexts=("c1",), link="entry", level=Level.ERROR, message="", code="MG307"), [finding("MG201", "c1")]
    )
    assert cause is not None
    assert cause.explains == ("MG201",)


def test_one_command_of_ours_is_for_all_contexts_and_others_are_for_one() -> None:
    alike = [finding("MG107", context, remedy=EXPOSE.format(context)) for context in ("c1", "c10")]
    doubt = doubt_of(alike, KEY)
    assert doubt is not None
    assert (doubt.contexts, doubt.remedy) == (("c1", "c10"), EXPOSE.format("c1,c10"))
    others = [finding("MG107", context, remedy=f"kubectl --context {context} get pods") for context in ("c1", "c10")]
    doubt = doubt_of(others, KEY)
    assert doubt is not None
    assert (doubt.contexts, doubt.remedy) == (("c1",), "kubectl --context c1 get pods")


def test_a_finding_about_the_mesh_is_about_the_clusters_in_its_evidence() -> None:
    doubt = doubt_of([finding("MG115", None, remedy="meshglobal expose svc reviews --context c2")], KEY)
    assert doubt is not None
    assert (doubt.contexts, doubt.remedy) == (("c9",), "meshglobal expose svc reviews --context c2")
