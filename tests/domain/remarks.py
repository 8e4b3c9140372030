"""Findings on settings as the case files list them: the same one about several clusters once, with the clusters."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from meshglobal.app.picture import Picture
from meshglobal.domain.finding import Finding
from meshglobal.domain.names import ServiceKey

_EXPOSURE = "MG1"
_SAID_BY_VERDICTS = "MG101"


def remarks_on(picture: Picture, keys: Sequence[ServiceKey]) -> list[Finding]:
    """What the checks find about settings of services; what the verdicts already say is left out."""
    alike: dict[tuple[str | None, ...], list[Finding]] = {}
    for finding in picture.findings((), keys):
        if finding.code.startswith(_EXPOSURE) and finding.code != _SAID_BY_VERDICTS:
            about = (finding.code, finding.message, finding.namespace, finding.service)
            alike.setdefault(about, []).append(finding)
    order = [view.context for view in picture.views]
    return [
        msgspec.structs.replace(
            found[0],
            context=", ".join(sorted((one.context for one in found if one.context), key=order.index)) or None,
        )
        for found in alike.values()
    ]
