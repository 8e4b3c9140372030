"""The options that commands share, each written once, and the decorator that gives them to a command.

A group of options is a dataclass whose fields are annotated as Typer wants them. ``@takes(FleetOptions)`` replaces a
command's parameter of that type by the group's fields; the command gets the group as one object.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from enum import StrEnum
from typing import Annotated, Any, get_type_hints

import typer

from meshglobal.cli.complete import complete_contexts, complete_formats, complete_namespaces
from meshglobal.domain.names import ISTIO_NAMESPACE
from meshglobal.render.catalogue import NAMES
from meshglobal.settings import MOST_WORKERS


class Output(StrEnum):
    """``-o``."""

    TABLE = "table"
    WIDE = "wide"
    JSON = "json"
    YAML = "yaml"
    NAME = "name"


class Color(StrEnum):
    """``--color``."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class DryRun(StrEnum):
    """``--dry-run``."""

    NONE = "none"
    CLIENT = "client"
    SERVER = "server"


class FailOn(StrEnum):
    """``--fail-on``."""

    UNKNOWN = "unknown"
    WARNING = "warning"
    ERROR = "error"
    NEVER = "never"


class SegmentVisibility(StrEnum):
    """``--segment-visibility``: the two readings of R10, as `expectation.Visibility` has them."""

    MESH = "mesh"
    SEGMENT = "segment"


IstioNamespaceFlag = Annotated[
    str,
    typer.Option(
        "-i",
        "--istio-namespace",
        metavar="NAME",
        envvar="MESHGLOBAL_ISTIO_NAMESPACE",
        help="Where the control plane lives and entries are generated.",
    ),
]


@dataclass(frozen=True, slots=True)
class FleetOptions:
    """Which clusters, and how they are read."""

    context: Annotated[
        list[str],
        typer.Option(
            "--context",
            metavar="NAME",
            help="Contexts: exact, glob (prod-*), /regex/, !name leaves out; repeatable, comma-separated.",
            autocompletion=complete_contexts,
        ),
    ] = field(default_factory=list)
    all_contexts: Annotated[bool, typer.Option("--all-contexts", help="Every cluster of the kubeconfig, once.")] = False
    kubeconfig: Annotated[
        str | None, typer.Option("--kubeconfig", metavar="FILE", help="Beats KUBECONFIG; never written to.")
    ] = None
    istio_namespace: IstioNamespaceFlag = ISTIO_NAMESPACE
    segment_visibility: Annotated[
        SegmentVisibility,
        typer.Option(
            "--segment-visibility",
            envvar="MESHGLOBAL_SEGMENT_VISIBILITY",
            help="How far scope global reaches: the mesh, or the segment; it is documented in two ways.",
        ),
    ] = SegmentVisibility.MESH
    request_timeout: Annotated[
        str,
        typer.Option(
            "--request-timeout",
            metavar="TIME",
            envvar="MESHGLOBAL_REQUEST_TIMEOUT",
            help="For one request: 10s, 500ms; 0: no limit but --timeout.",
        ),
    ] = "10s"
    timeout: Annotated[
        str,
        typer.Option(
            "--timeout",
            metavar="TIME",
            envvar="MESHGLOBAL_TIMEOUT",
            help="For the whole run, waiting included: 90s, 5m; 0: look once, do not wait.",
        ),
    ] = "60s"
    workers: Annotated[
        int,
        typer.Option(
            "--workers", metavar="N", envvar="MESHGLOBAL_WORKERS", min=1, max=MOST_WORKERS, help="Clusters at a time."
        ),
    ] = 100
    as_user: Annotated[str | None, typer.Option("--as", metavar="USER", help="Impersonate a user.")] = None
    as_group: Annotated[
        list[str], typer.Option("--as-group", metavar="GROUP", help="Impersonate a group; repeatable.")
    ] = field(default_factory=list)
    verbose: Annotated[int, typer.Option("-v", "--verbose", count=True, help="Log requests to stderr.")] = 0

    @property
    def files(self) -> list[str]:
        """What is read in place of clusters: nothing, unless a command takes ``--from``."""
        return []


@dataclass(frozen=True, slots=True)
class SourceOptions(FleetOptions):
    """The same for commands that only read: clusters, or what was written down of them."""

    source: Annotated[
        list[str],
        typer.Option(
            "--from",
            metavar="PATH",
            help="Read no clusters but a bundle, a folder with one folder a cluster, a file, or - (stdin); repeatable.",
        ),
    ] = field(default_factory=list)

    @property
    def files(self) -> list[str]:
        """What is read in place of clusters."""
        return self.source


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """How results are shown."""

    output: Annotated[
        Output, typer.Option("-o", "--output", envvar="MESHGLOBAL_OUTPUT", help="Format of the result on stdout.")
    ] = Output.TABLE
    color: Annotated[
        Color, typer.Option("--color", envvar="MESHGLOBAL_COLOR", help="NO_COLOR and CLICOLOR_FORCE count too.")
    ] = Color.AUTO
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="No progress, hints or remarks.")] = False


NamespaceFlag = Annotated[
    str | None,
    typer.Option(
        "-n",
        "--namespace",
        metavar="NAME",
        envvar="MESHGLOBAL_NAMESPACE",
        help="Else the context's own, else default.",
        autocompletion=complete_namespaces,
    ),
]


@dataclass(frozen=True, slots=True)
class NamespaceOption:
    """``-n``, for commands that take one service."""

    namespace: NamespaceFlag = None


@dataclass(frozen=True, slots=True)
class SelectOptions:
    """Which services."""

    namespace: NamespaceFlag = None
    selector: Annotated[
        str, typer.Option("-l", "--selector", metavar="LABELS", help="Label selector, as kubectl's.")
    ] = ""


@dataclass(frozen=True, slots=True)
class AllNamespacesOption:
    """``-A``, for commands that only read."""

    all_namespaces: Annotated[bool, typer.Option("-A", "--all-namespaces", help="Every namespace.")] = False


@dataclass(frozen=True, slots=True)
class ThresholdOptions:
    """What counts as failure."""

    fail_on: Annotated[
        FailOn,
        typer.Option("--fail-on", envvar="MESHGLOBAL_FAIL_ON", help="Lowest severity that ends with exit code 1."),
    ] = FailOn.ERROR
    min_coverage: Annotated[
        str,
        typer.Option(
            "--min-coverage",
            metavar="N%",
            envvar="MESHGLOBAL_MIN_COVERAGE",
            help="How many of the clusters must have been read, else exit code 3.",
        ),
    ] = "100%"
    require_all: Annotated[bool, typer.Option("--require-all", help="The same as --min-coverage 100%.")] = False


@dataclass(frozen=True, slots=True)
class AllowanceOptions:
    """What is let pass."""

    waivers: Annotated[
        str | None,
        typer.Option("--waivers", metavar="FILE", help="What may be wrong, each with a reason, in YAML."),
    ] = None
    baseline: Annotated[
        str | None,
        typer.Option("--baseline", metavar="FILE", help="An earlier -o json: only what is new counts."),
    ] = None


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """Files that are written beside the result on stdout."""

    report: Annotated[
        list[str],
        typer.Option(
            "--report",
            metavar="FORMAT=FILE",
            help=f"Also write the result to a file; repeatable. Formats: {', '.join(NAMES)}.",
            autocompletion=complete_formats,
        ),
    ] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FollowOptions:
    """Whether links are looked at for longer than once."""

    samples: Annotated[
        int,
        typer.Option(
            "--samples",
            metavar="N",
            min=1,
            help="How often links are looked at; they are followed in between, and those that flap are found.",
        ),
    ] = 1
    interval: Annotated[
        str, typer.Option("--interval", metavar="TIME", help="From one look at the links to the next.")
    ] = "2s"


@dataclass(frozen=True, slots=True)
class PlaceOptions:
    """Where the parts of the mesh are said to be; they are found by class and label, whatever they are called."""

    istiod_namespace: Annotated[
        str | None, typer.Option("--istiod-namespace", metavar="NAME", help="Of istiod; else that of -i.")
    ] = None
    cni_namespace: Annotated[
        str | None, typer.Option("--cni-namespace", metavar="NAME", help="Of the CNI plugin; else any.")
    ] = None
    ztunnel_namespace: Annotated[
        str | None, typer.Option("--ztunnel-namespace", metavar="NAME", help="Of ztunnel; else any.")
    ] = None
    gateway_namespace: Annotated[
        str | None, typer.Option("--gateway-namespace", metavar="NAME", help="Of all gateways for peers; else any.")
    ] = None


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """How something is written."""

    dry_run: Annotated[DryRun, typer.Option("--dry-run", help="client: send no write; server: let it check only.")] = (
        DryRun.NONE
    )
    diff: Annotated[bool, typer.Option("--diff", help="Show the change first, and ask.")] = False
    yes: Annotated[bool, typer.Option("-y", "--yes", help="Do not ask.")] = False
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Until the entries are as expected.")] = True
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace values that differ.")] = False
    field_manager: Annotated[str, typer.Option("--field-manager", metavar="NAME", help="Owner of the fields.")] = (
        "meshglobal"
    )


def _parameters(group: type[Any]) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            one.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=one.default_factory() if one.default_factory is not MISSING else one.default,
            annotation=hints[one.name],
        )
        for one in fields(group)
    ]


def takes_options(command: Callable[..., int]) -> Callable[..., int]:
    """Let Typer see the fields of every parameter that is a dataclass of options, instead of the parameter itself."""
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, type[Any]] = {
        name: hint for name, hint in hints.items() if name != "return" and isinstance(hint, type) and is_dataclass(hint)
    }
    own = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[parameter.name])
        for parameter in inspect.signature(command).parameters.values()
        if parameter.name not in groups
    ]
    shared = [parameter for group in groups.values() for parameter in _parameters(group)]

    @functools.wraps(command)
    def call(**values: Any) -> int:
        gathered = {
            name: group(**{one.name: values.pop(one.name) for one in fields(group)}) for name, group in groups.items()
        }
        return command(**values, **gathered)

    call.__signature__ = inspect.Signature([*own, *shared])  # type: ignore[attr-defined] # how Typer reads parameters
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in [*own, *shared]}
    return call
