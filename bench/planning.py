"""`python -m bench.planning BUNDLE`: what a plan of segments takes, against reading the mesh alone, as JSON.

Every second cluster is to join the Segment, so that hosts vanish and references break. Reading is decoding a bundle;
planning is all that the command does after it. Clusters would take longer to read.
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path

from bench.bundles import SEGMENT
from bench.timing import cost_of_call, in_turns
from meshglobal.app.picture import MeshSettings
from meshglobal.app.segment_demands import segment_planning_demand
from meshglobal.app.segment_planning import plan_change
from meshglobal.cli.main import OBJECTS_BETWEEN_COLLECTIONS
from meshglobal.domain.segment_intent import Action, SegmentIntent
from meshglobal.files.bundle_reading import bundle_at
from meshglobal.files.fleet import FileFleet


def main() -> int:
    """Print the costs, seconds on the clock and of the processor, of each round."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    bundle = bundle_at(Path(sys.argv[1]))
    contexts = [member.context for member in bundle.members]
    fleet, mesh = FileFleet([bundle], contexts), MeshSettings()
    intent = SegmentIntent(Action.ASSIGN, tuple(contexts[::2]), SEGMENT)
    broken = len(plan_change(fleet, mesh, intent).plan.references)
    if not broken:
        raise RuntimeError("references were made to break")
    whole, reading = in_turns(
        (
            lambda: cost_of_call(lambda: plan_change(fleet, mesh, intent)),
            lambda: cost_of_call(lambda: fleet.read(segment_planning_demand(mesh).queries)),
        ),
        5,
        60.0,
    )
    found = {
        "planning": [[w.wall - r.wall, w.cpu - r.cpu] for w, r in zip(whole.runs, reading.runs, strict=True)],
        "reading": [[one.wall, one.cpu] for one in reading.runs],
    }
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
