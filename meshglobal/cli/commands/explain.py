"""`meshglobal explain CODE`: what a finding means; works without any cluster."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def _codes(incomplete: str) -> list[str]:
    from meshglobal.checks.catalogue import catalogue

    return [one.check.code for one in catalogue() if one.check.code.startswith(incomplete.upper())]


@app.command()
def explain(
    code: Annotated[
        str | None, typer.Argument(help="A code (MG107) or its name.", show_default=False, autocompletion=_codes)
    ] = None,
    list_all: Annotated[bool, typer.Option("--list", help="List all findings.")] = False,
) -> int:
    """Explain a finding: what it means, what it was found by, and how to mend it."""
    from difflib import get_close_matches

    from meshglobal.checks.catalogue import catalogue, check_named
    from meshglobal.checks.pages import text_of
    from meshglobal.domain.errors import UsageError

    if list_all or code is None:
        for listed in catalogue():
            check = listed.check
            typer.echo(f"{check.code}   {check.level:<8}  {check.slug:<28}  {check.title}")
        return 0
    found = check_named(code)
    if found is None:
        names = [name for one in catalogue() for name in (one.check.code, one.check.slug)]
        near = get_close_matches(code, names, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "see: meshglobal explain --list"
        raise UsageError(f"there is no finding {code!r}", hint)
    typer.echo(text_of(found), nl=False)
    return 0
