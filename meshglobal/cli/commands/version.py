"""`meshglobal version`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import meshglobal
from meshglobal.cli.options import Output

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def version(
    output: Annotated[Output, typer.Option("-o", "--output", envvar="MESHGLOBAL_OUTPUT")] = Output.TABLE,
) -> int:
    """Show the version of meshglobal, of Python and of the libraries that it talks to clusters with."""
    from importlib.metadata import version as installed

    libraries = {name: installed(name) for name in ("kubernetes", "typer", "rich", "msgspec", "pyyaml")}
    python = ".".join(map(str, sys.version_info[:3]))
    if output in (Output.JSON, Output.YAML):
        from meshglobal.domain.report import Version
        from meshglobal.render.documents import write_document

        write_document(
            Version(version=meshglobal.__version__, python=python, libraries=libraries), output.value, sys.stdout
        )
        return 0
    typer.echo(f"meshglobal {meshglobal.__version__}")
    typer.echo(f"python {python}")
    for name, number in libraries.items():
        typer.echo(f"{name} {number}")
    return 0
