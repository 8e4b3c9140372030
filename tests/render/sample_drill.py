"""What `drill failover` prints, for the tests of formats: one with a loss, and drawn ones."""

from __future__ import annotations

from hypothesis import strategies as st
from sample_reports import drawn_clusters, drawn_findings, finding, full, texts

from meshglobal.domain.call import Answer
from meshglobal.domain.drill import Field, Touch
from meshglobal.domain.drill_course import Marks, Setting, Timed, course_of
from meshglobal.domain.drill_prediction import Ending
from meshglobal.domain.drill_report import Drill, Expected, PutBack, Reason, Refusal
from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.finding import Level

TOUCH = Touch(
    context="cluster1",
    kind="Deployment",
    namespace="bookinfo",
    name="productpage-v1",
    uid="u",
    field=Field.REPLICAS,
    before="1",
    after="0",
)
_SPANS = ((-1.0, 0.1, "cluster1", 200), (0.1, 0.3, "", 503), (0.3, 3.2, "cluster2", 200), (3.2, 4.5, "cluster1", 200))


def _calls() -> list[Timed]:
    return [
        Timed(begin + number / 10, Answer(status, 0.004 + number / 1000, by=by))
        for begin, end, by, status in _SPANS
        for number in range(round((end - begin) * 10))
    ]


def drill() -> Drill:
    """Another cluster took over, two calls were lost, and a value could not be put back."""
    course = course_of(
        _calls(), Marks(0.1, 3.0, 3.3), Setting("cluster1", {"cluster1": "cluster1", "cluster2": "cluster2"})
    )
    refused = failure(Cause.REJECTED, "admission webhook 'policy' denied it | <b>", "cluster1")
    lost = "2 calls failed since the copy of cluster1 was taken away, at most 0 might: HTTP 503"
    return Drill(
        exit_code=4,
        namespace="bookinfo",
        service="productpage",
        context="cluster1",
        caller="bookinfo/ratings-1",
        caller_context="cluster1",
        host="productpage.bookinfo.mesh.internal",
        port=9080,
        rate=10.0,
        clusters=full().clusters[:2],
        expected=Expected(
            ending=Ending.FAILOVER,
            distribution="PreferNetwork",
            before=("cluster1",),
            during=("cluster2",),
            why="cluster2 can answer",
        ),
        touches=(TOUCH,),
        course=course,
        restored=(PutBack(touch=TOUCH, status="failed", failure=refused),),
        findings=(finding("MG552", "drill-calls-lost", Level.ERROR, "cluster1", "productpage", lost),),
    )


_statuses = st.sampled_from(["put-back", "unchanged", "foreign", "gone", "failed"])
_answers = st.builds(Answer, st.sampled_from([0, 200, 503]), st.floats(0, 5), by=texts)
_timed = st.lists(st.builds(Timed, st.floats(-5, 60), _answers), max_size=12)
_courses = st.builds(
    lambda calls, name: course_of(calls, Marks(1.0, 20.0, 30.0), Setting(name, {name: name})), _timed, texts
)
_refusals = st.builds(Refusal, reason=st.sampled_from(Reason), message=texts, next_step=texts)
drawn_drills = st.builds(
    Drill,
    exit_code=st.sampled_from([0, 1, 3, 4]),
    namespace=texts,
    service=texts,
    context=texts,
    host=texts,
    clusters=st.lists(drawn_clusters(), max_size=2).map(tuple),
    expected=st.none() | st.builds(Expected, ending=st.sampled_from(Ending), distribution=texts, why=texts),
    refusals=st.lists(_refusals, max_size=2).map(tuple),
    course=st.none() | _courses,
    restored=st.lists(
        st.builds(PutBack, touch=st.just(TOUCH), status=_statuses, now=st.none() | texts), max_size=2
    ).map(tuple),
    findings=st.lists(drawn_findings(), max_size=2).map(tuple),
)
