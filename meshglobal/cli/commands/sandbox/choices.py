"""Options that several sandbox commands have."""

from __future__ import annotations

from typing import Annotated

import typer

from meshglobal.cli.complete import complete_contexts

Name = Annotated[str, typer.Option("--name", metavar="NAME", help="Which sandbox: several may run side by side.")]
Scenario = Annotated[
    str,
    typer.Option(
        "--scenario", metavar="NAME|FILE", help="bookinfo, httpbin, httpbin-segments, empty, bulk:N, or a file."
    ),
]
SwitchAnswers = Annotated[
    list[str] | None,
    typer.Option("--switch", metavar="QUESTION=ANSWER", help="How an open question is answered; repeatable."),
]
WithTraffic = Annotated[
    bool | None,
    typer.Option(
        "--traffic/--no-traffic",
        help="Let requests travel: an Envoy a cluster. Default: on, but for bulk:N and more than 10 clusters.",
        show_default=False,
    ),
]
Contexts = Annotated[
    list[str] | None,
    typer.Option("--context", metavar="NAME", help="A cluster; repeatable.", autocompletion=complete_contexts),
]
Kubeconfig = Annotated[str | None, typer.Option("--kubeconfig", metavar="FILE", help="Beats KUBECONFIG.")]


def split(contexts: list[str] | None) -> list[str]:
    """The contexts that were named, each once; commas separate too."""
    words = (word.strip() for each in contexts or () for word in each.split(","))
    return list(dict.fromkeys(word for word in words if word))
