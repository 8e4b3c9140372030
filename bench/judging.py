"""`python -m bench.judging BUNDLE`: what decoding, joining, judging and checking take, in this process, as JSON.

Medians of some rounds, after one that is not counted; the peak of memory is that of the whole process, after one round.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
from pathlib import Path

from bench.bundles import queries
from bench.timing import Cost, Costs, cost_of_call
from meshglobal.app.picture import MeshSettings, Picture, picture_of
from meshglobal.cli.main import OBJECTS_BETWEEN_COLLECTIONS
from meshglobal.domain.finding import Finding
from meshglobal.domain.snapshot import MeshSnapshot
from meshglobal.domain.thinning import Thin, thinned
from meshglobal.domain.verdict import State, Verdict
from meshglobal.files.bundle_reading import bundle_at
from meshglobal.files.fleet import FileFleet


class Round:
    """One pass over the bundle; each step keeps its result for the next."""

    def __init__(self, path: Path, thin: Thin | None = None) -> None:
        self._bundle = bundle_at(path)
        self._thin = thin
        self.snapshot = MeshSnapshot(())
        self.picture: Picture
        self.verdicts: list[Verdict] = []
        self.findings: list[Finding] = []

    def decode(self) -> None:
        """Read the bundle's files into records."""
        contexts = [member.context for member in self._bundle.members]
        self.snapshot = FileFleet([self._bundle], contexts).read(queries(), None, self._thin)

    def join(self) -> None:
        """Index the clusters, and work out what must exist."""
        self.picture = picture_of(self.snapshot, MeshSettings())

    def judge(self) -> None:
        """One verdict for each global host and cluster."""
        self.verdicts = self.picture.verdicts()

    def check(self) -> None:
        """All checks."""
        self.findings = self.picture.findings(self.verdicts, self.picture.concerned_keys())


STEPS = ("decode", "join", "judge", "check")


def measured(path: Path, rounds: int) -> dict[str, list[Cost]]:
    """Each step's cost in each round. Raises RuntimeError where the mesh is not as healthy as it was made."""
    found: dict[str, Costs] = {step: Costs() for step in STEPS}
    for number in range(rounds + 1):
        one = Round(path)
        gc.collect()
        for step in STEPS:
            cost = cost_of_call(getattr(one, step))
            if number:
                found[step].runs.append(cost)
        wrong = {verdict.state for verdict in one.verdicts} - {State.READY}
        if wrong or one.findings:
            raise RuntimeError(f"the mesh was made healthy: {wrong} {[finding.code for finding in one.findings[:5]]}")
    return {step: costs.runs for step, costs in found.items()}


def peak(path: Path) -> int:
    """The most memory of one thin round in KiB."""
    one = Round(path, thinned)
    for step in STEPS:
        getattr(one, step)()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> int:
    """Print the figures: ``--peak`` memory alone, else the costs."""
    path = Path(sys.argv[1])
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)  # as the program does
    if "--peak" in sys.argv:
        print(json.dumps({"peak": peak(path)}))
    else:
        costs = measured(path, 5)
        print(json.dumps({step: [[cost.wall, cost.cpu] for cost in runs] for step, runs in costs.items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
