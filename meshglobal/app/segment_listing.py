"""`segment list`: the segments of the selected clusters."""

from __future__ import annotations

from meshglobal.app.picture import MeshSettings, OnCluster, read_picture
from meshglobal.app.ports import Fleet
from meshglobal.app.segment_demands import segment_listing_demand
from meshglobal.domain.errors import ExitCode
from meshglobal.domain.report import cluster_report
from meshglobal.domain.segment_list import SegmentList, segment_rows, unplaced
from meshglobal.domain.segment_remarks import visibility_notes


def list_segments(fleet: Fleet, mesh: MeshSettings, on_cluster: OnCluster | None = None) -> SegmentList:
    """Every segment that a cluster is in or has; the exit code says only whether all clusters could be read."""
    picture = read_picture(fleet, segment_listing_demand(mesh).queries, mesh, on_cluster)
    clusters = tuple(map(cluster_report, picture.snapshot.clusters))
    is_complete = all(cluster.reached and not cluster.unread for cluster in clusters)
    return SegmentList(
        exit_code=int(ExitCode.OK if is_complete else ExitCode.CANNOT_CHECK),
        visibility=mesh.visibility,
        clusters=clusters,
        segments=segment_rows(picture.views, picture.expectation, mesh.istio_namespace),
        unplaced=unplaced(picture.views),
        notes=visibility_notes(picture.views, picture.expectation, mesh.visibility),
    )
