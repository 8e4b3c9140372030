"""How strict a reading run is: when it fails, and what is let pass."""

from __future__ import annotations

import msgspec

from meshglobal.domain.report import Thresholds
from meshglobal.domain.waivers import Allowances


class Strictness(msgspec.Struct, frozen=True):
    """The thresholds of a run and its allowances."""

    thresholds: Thresholds = Thresholds()
    allowances: Allowances = Allowances()
