"""`meshglobal segment list`: the segments of the selected clusters."""

from __future__ import annotations

import sys

from meshglobal.cli.options import Output, OutputOptions, SourceOptions, takes_options


@takes_options
def list_(fleet: SourceOptions, output: OutputOptions) -> int:
    """List segments: their domains, which clusters are in them, how many services these publish, what differs.

    Every Segment belongs into every cluster, and says the same there. With -o wide the aliases are listed as well.
    """
    from meshglobal.app.segment_listing import list_segments
    from meshglobal.cli.session import session
    from meshglobal.render.documents import write_document
    from meshglobal.render.report import show_clusters, show_notes
    from meshglobal.render.segment_list import show_segments

    with session(fleet, output) as run:
        with run.progress("reading") as on_cluster:
            found = list_segments(run.fleet, run.mesh, on_cluster)
        match output.output:
            case Output.JSON | Output.YAML:
                write_document(found, output.output.value, sys.stdout)
            case Output.NAME:
                for row in found.segments:
                    if row.name is not None:
                        run.out.print(f"segment.admin.solo.io/{row.name}")
            case _:
                show_segments(found, run.out, wide=output.output is Output.WIDE)
        show_notes(found.notes, run.err)
        show_clusters(found.clusters, run.err)
        return found.exit_code
