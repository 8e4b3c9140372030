"""Put back what a drill has changed: after it, after an error, or after its process was killed. Idempotent.

First the values, then, when all is ready again, the marks, and last the journal. Who is killed in between can do it all
again: a value that is as before is left alone, and one that somebody else has changed is never replaced in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from meshglobal.app.drill_ports import Hands, OpenJournal, Wrote
from meshglobal.domain.drill import Journal, Move, Stage, Touch, move_for
from meshglobal.domain.drill_report import PutBack
from meshglobal.domain.errors import CannotCheckError
from meshglobal.domain.failure import Failure

_LEFT = {Move.NOTHING: "unchanged", Move.FOREIGN: "foreign", Move.GONE: "gone"}
_ENDS = {Wrote.DONE: "put-back", Wrote.FOREIGN: "foreign", Wrote.GONE: "gone", Wrote.FAILED: "failed"}


def marks_of(journal: Journal) -> tuple[Touch, ...]:
    """The marks on the objects."""
    return tuple(one for one in journal.touches if one.is_claim)


def changes_of(journal: Journal) -> tuple[Touch, ...]:
    """What was changed beside the marks."""
    return tuple(one for one in journal.touches if not one.is_claim)


def put_back(hands: Hands, journal: Journal, touches: Sequence[Touch], *, overwrite: bool = False) -> list[PutBack]:
    """Put values back, the last first. ``overwrite``: also those that somebody else has changed."""
    marks = {one.place: one.after or "" for one in marks_of(journal)}
    return [_put(hands, one, marks.get(one.place, ""), overwrite=overwrite) for one in reversed(touches)]


def _put(hands: Hands, touch: Touch, mark: str, *, overwrite: bool) -> PutBack:
    seen = hands.see(touch)
    if isinstance(seen, Failure):
        return PutBack(touch=touch, status="failed", failure=seen)
    move = move_for(touch, seen, mark)
    now = seen.value if seen is not None else None
    if move is not Move.PUT_BACK and not (move is Move.FOREIGN and overwrite):
        return PutBack(touch=touch, status=_LEFT[move], now=now)
    written = hands.put(touch, now, touch.before)
    is_done = written.end is Wrote.DONE
    return PutBack(
        touch=touch,
        status=_ENDS[written.end],
        now=touch.before if is_done else written.now,
        failure=written.failure,
    )


def restore(
    hands: Hands,
    held: OpenJournal,
    wait_ready: Callable[[], None] = lambda: None,
    *,
    overwrite: bool = False,
    gives_up: bool = False,
) -> tuple[tuple[PutBack, ...], bool]:
    """Put everything back and close the journal; what became of each value, and whether the drill is closed.

    Args:
        hands: write.
        held: the journal.
        wait_ready: waits until what was put back is there again, before the marks are taken away.
        overwrite: replace what somebody else has written meanwhile.
        gives_up: leave what somebody else has written, and close the drill all the same.
    """
    journal = held.journal
    _note(held, Stage.PUT_BACK)
    values = put_back(hands, journal, changes_of(journal), overwrite=overwrite)
    is_done = all(one.is_done or (gives_up and one.status == "foreign") for one in values)
    if not is_done:
        return tuple(values), False
    if any(one.status == "put-back" for one in values):
        _note(held, Stage.RETURN)
        wait_ready()
    _note(held, Stage.UNCLAIM)
    # A mark that is not ours any more is not ours to take away: then nothing of ours is left there.
    marks = put_back(hands, journal, marks_of(journal))
    is_done = all(one.is_done or one.status == "foreign" for one in marks)
    if is_done:
        held.close()
    return tuple(values) + tuple(one for one in marks if one.status == "failed"), is_done


def _note(held: OpenJournal, stage: Stage) -> None:
    """Write a step down, if that is possible: putting back must go on where the disk is full."""
    with suppress(CannotCheckError):
        held.reach(stage)
