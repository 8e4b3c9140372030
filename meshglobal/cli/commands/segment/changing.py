"""`meshglobal segment create|assign|unassign|delete`: write, after the plan was shown and agreed to."""

from __future__ import annotations

from typing import Annotated

import typer

from meshglobal.cli.commands.segment.places import PeerOptions
from meshglobal.cli.complete import complete_segments
from meshglobal.cli.options import FleetOptions, OutputOptions, WriteOptions, takes_options
from meshglobal.domain.segment_intent import Action, SegmentIntent

Name = Annotated[str, typer.Argument(metavar="NAME", help="Of the Segment.", autocompletion=complete_segments)]
Domain = Annotated[str, typer.Option("--domain", metavar="DOMAIN", help="Of its hosts, such as mesh.acme.")]


@takes_options
def create(
    fleet: FleetOptions, peers: PeerOptions, write: WriteOptions, output: OutputOptions, name: Name, domain: Domain
) -> int:
    """Make a Segment in every cluster of --context; where it has another domain, --overwrite replaces that.

    Name every cluster of the mesh: each must know the domains of its peers. No cluster joins it by that.
    """
    from meshglobal.cli.commands.segment.writing import write_segments

    return write_segments(SegmentIntent(Action.CREATE, (), name, domain), fleet, peers, write, output)


@takes_options
def assign(fleet: FleetOptions, peers: PeerOptions, write: WriteOptions, output: OutputOptions, name: Name) -> int:
    """Let the clusters of --context join a segment: show the plan, ask, label, wait until it has come true.

    The hosts of their own services get the segment's domain, and the old ones go: see 'segment plan assign'.
    """
    from meshglobal.cli.commands.segment.writing import write_segments

    return write_segments(SegmentIntent(Action.ASSIGN, (), name), fleet, peers, write, output)


@takes_options
def unassign(fleet: FleetOptions, peers: PeerOptions, write: WriteOptions, output: OutputOptions) -> int:
    """Take the clusters of --context back into the default segment, domain mesh.internal: the reverse of assign."""
    from meshglobal.cli.commands.segment.writing import write_segments

    return write_segments(SegmentIntent(Action.UNASSIGN, ()), fleet, peers, write, output)


@takes_options
def delete(fleet: FleetOptions, peers: PeerOptions, write: WriteOptions, output: OutputOptions, name: Name) -> int:
    """Delete a Segment in every cluster of --context; refused while a cluster is in it."""
    from meshglobal.cli.commands.segment.writing import write_segments

    return write_segments(SegmentIntent(Action.DELETE, (), name), fleet, peers, write, output)
