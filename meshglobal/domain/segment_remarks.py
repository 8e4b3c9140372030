"""What is documented in two ways about segments, said where it changes what is computed (R10)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from meshglobal.domain import scope
from meshglobal.domain.expectation import Expectation, Visibility
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.report import Note
from meshglobal.domain.view import ClusterView

_READINGS = {
    Visibility.MESH: "here they are taken to be; the other reading: --segment-visibility segment",
    Visibility.SEGMENT: "here they are taken not to be; the other reading: --segment-visibility mesh",
}


def visibility_notes(
    views: Sequence[ClusterView],
    expectation: Expectation,
    visibility: Visibility,
    keys: Collection[ServiceKey] | None = None,
) -> tuple[Note, ...]:
    """The doubt about R10, where clusters of several segments have services that are more than segment-wide.

    ``keys``: of these services; None: of all.
    """
    homes = {view.home.segment for view in views if view.home.is_segment_known}
    publications = (one for one in expectation.publications if keys is None or one.key in keys)
    is_wide = any(one.scope.value != scope.SEGMENT for one in publications)
    if len(homes) < 2 or not is_wide:  # noqa: PLR2004 - two segments
        return ()
    text = "whether services of scope global are seen in other segments is documented in two ways"
    return (Note(severity="note", message=f"{text}; {_READINGS[visibility]}", rule="R10"),)
