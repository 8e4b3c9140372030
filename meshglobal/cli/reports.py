"""`--report`: files that a run leaves beside its result, also where it could not go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from meshglobal.domain.errors import MeshglobalError

if TYPE_CHECKING:
    from meshglobal.cli.options import ReportOptions
    from meshglobal.domain.known import Document


@contextmanager
def reports(options: ReportOptions, command: str) -> Iterator[Callable[[Document], None]]:
    """Give what writes the reports; a run that could not go on leaves reports that say why.

    Raises:
        UsageError: a format or file that cannot be, before anything is read.
    """
    from meshglobal.domain.report import error_report
    from meshglobal.render.delivery import deliver, destinations

    wanted = destinations(options.report)
    try:
        yield lambda document: deliver(document, wanted)
    except MeshglobalError as error:
        deliver(error_report(command, error), wanted)
        raise
