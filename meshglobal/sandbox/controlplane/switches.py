"""The open questions of the mesh's contract, each with the answer that the emulation gives by default.

Where the public record is silent or contradicts itself, the emulated control plane takes one answer and lets it be
switched, so that whatever judges a mesh can be tried against every answer. The table is the documentation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import NamedTuple


class Question(NamedTuple):
    """One open question: its switch, the rule it belongs to, the answers with their meaning, the default first."""

    switch: str
    rule: str
    asks: str
    answers: dict[str, str]

    @property
    def default(self) -> str:
        """The answer that is taken unless told otherwise."""
        return next(iter(self.answers))


QUESTIONS: tuple[Question, ...] = (
    Question(
        "scope-precedence",
        "R2",
        "Which scope counts where a Service and its Namespace differ?",
        {
            "service": "the Service's label where it has the key, else the Namespace's",
            "either": "published if either of the two publishes it",
        },
    ),
    Question(
        "unknown-segment",
        "R7",
        "What does a cluster publish whose segment label names no Segment?",
        {"nothing": "nothing, until the Segment exists", "default": "what it would in the default segment"},
    ),
    Question(
        "entry-names",
        "R8",
        "How is a ServiceEntry outside the default segment called?",
        {
            "segment": "autogen.<segment>.<namespace>.<service>",
            "short": "autogen.<namespace>.<service> for the cluster's own segment",
        },
    ),
    Question(
        "across-segments",
        "R10",
        "Is a service of scope global visible in other segments?",
        {"visible": "yes, under its owner's domain", "hidden": "no: global reaches no further than the segment"},
    ),
    Question(
        "peer-segment",
        "R10",
        "What of a peer's global service where this cluster lacks the Segment of the peer?",
        {"needed": "no entry: the domain is not known here", "borrowed": "the peer's own Segment gives the domain"},
    ),
    Question(
        "location",
        "R12",
        "What is the location of a generated ServiceEntry?",
        {"unset": "the field is absent", "MESH_INTERNAL": "MESH_INTERNAL"},
    ),
    Question(
        "peer-entry-names",
        "R19",
        "How is a peer's WorkloadEntry outside the default segment called?",
        {
            "plain": "autogen.<cluster>.<namespace>.<service>, as in the default segment",
            "segment": "autogen.<segment>.<cluster>.<namespace>.<service>",
        },
    ),
    Question(
        "flat-peer-entry",
        "R21",
        "Does a peer on the same network have its address-less WorkloadEntry beside those of its pods?",
        {"kept": "yes", "dropped": "no, the pods' alone"},
    ),
    Question(
        "waypoint-entries",
        "R23",
        "Does the waypoint of a published service get an entry of its own?",
        {"written": "yes, as was seen once", "none": "no, unless it is published itself"},
    ),
    Question(
        "takeover-host",
        "R25",
        "Does the entry carry the cluster-local name where peers alone have the service and it is taken over?",
        {"second-host": "yes, as a second host", "none": "no"},
    ),
    Question(
        "peering",
        "R33",
        "Whose services does a cluster see?",
        {
            "linked": "those of the peers it has an istio-remote Gateway for",
            "all": "those of every other cluster, for clusters without gateways",
        },
    ),
    Question(
        "external-name",
        "R40",
        "Is an ExternalName Service published?",
        {"ignored": "no, as in upstream's ambient index", "published": "yes"},
    ),
    Question(
        "headless",
        "R40",
        "Is a headless Service published?",
        {"published": "yes, like any other", "ignored": "no"},
    ),
    Question(
        "other-transports",
        "R40",
        "What becomes of ports that are not TCP?",
        {"dropped": "left out: tunnels carry TCP", "kept": "listed with their transport as the protocol"},
    ),
    Question(
        "named-target-port",
        "R15",
        "What becomes of a port whose targetPort is a name?",
        {"kept": "nothing special", "dropped": "left out, as builds before 1.28.6 did"},
    ),
    Question(
        "edited-entries",
        "R31",
        "What becomes of a generated entry that somebody edited?",
        {"mended": "it is put right at once", "left": "nothing, until it is deleted or its service changes"},
    ),
    Question(
        "hostname-backends",
        "R38",
        "What does the status of a route say of its backends of kind Hostname that exist?",
        {
            "resolved": "that they are resolved",
            "not-found": "BackendNotFound, though requests arrive, as was reported of upstream",
        },
    ),
)


@dataclass(frozen=True, slots=True)
class Switches:
    """One answer for each question; a field is the switch's name with underscores."""

    scope_precedence: str = "service"
    unknown_segment: str = "nothing"
    entry_names: str = "segment"
    across_segments: str = "visible"
    peer_segment: str = "needed"
    location: str = "unset"
    peer_entry_names: str = "plain"
    flat_peer_entry: str = "kept"
    waypoint_entries: str = "written"
    takeover_host: str = "second-host"
    peering: str = "linked"
    external_name: str = "ignored"
    headless: str = "published"
    other_transports: str = "dropped"
    named_target_port: str = "kept"
    edited_entries: str = "mended"
    hostname_backends: str = "resolved"

    def __post_init__(self) -> None:
        for question in QUESTIONS:
            answer = getattr(self, question.switch.replace("-", "_"))
            if answer not in question.answers:
                allowed = ", ".join(question.answers)
                raise ValueError(f"switch {question.switch} takes {allowed}; not {answer!r}")

    @classmethod
    def parse(cls, settings: Iterable[str], base: Switches | None = None) -> Switches:
        """Switches from texts of the form ``name=answer``; ValueError says what is wrong with the first bad one.

        ``base``: the answers to all other questions; the defaults without it.
        """
        known = {field.name.replace("_", "-"): field.name for field in fields(cls)}
        answers: dict[str, str] = {}
        for setting in settings:
            name, _, answer = setting.partition("=")
            if name not in known:
                raise ValueError(f"there is no switch {name!r}; there are {', '.join(sorted(known))}")
            answers[known[name]] = answer
        return replace(base or cls(), **answers)
