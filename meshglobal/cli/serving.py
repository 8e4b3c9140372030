"""`dashboard` from its options to its end: the address on stdout, remarks on stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from meshglobal.cli.dashboard_options import Parts, ServerOptions, ShownOptions
from meshglobal.cli.options import OutputOptions, SourceOptions
from meshglobal.domain.errors import ExitCode

if TYPE_CHECKING:
    from meshglobal.cli.session import Session
    from meshglobal.dashboard.discreet import Discretion
    from meshglobal.dashboard.place import Token
    from meshglobal.dashboard.subject import Subject
    from meshglobal.render.metrics_server import Address


def serve_dashboard(options: ServerOptions, parts: Parts) -> int:
    """Serve until it is interrupted, which is how it ends.

    Raises:
        UsageError: an address, a token or a selection that cannot be.
    """
    from meshglobal.cli.session import session
    from meshglobal.dashboard.place import bound, wanted_address, wanted_token
    from meshglobal.files.write_journal import WriteJournal
    from meshglobal.settings import write_journal_file

    place = wanted_address(options.listen, options.port)
    token = wanted_token(place, options.token_file)
    output = OutputOptions(color=options.color, quiet=options.quiet)
    with bound(place) as socket, session(parts.fleet, output, is_lasting=True) as run:
        place = replace(place, port=int(socket.getsockname()[1]))
        journal = WriteJournal(write_journal_file(os.environ)) if parts.writes else None
        subject = _subject(run, parts)
        with _announced(run, options, place, token):
            # A browser takes its time; what is large is imported meanwhile.
            from meshglobal.dashboard.server import Service, serve

            serve(subject, Service(socket, place, token, journal))
    return int(ExitCode.INTERRUPTED)


def _subject(run: Session, parts: Parts) -> Subject:
    from meshglobal.app.live import LiveOrder
    from meshglobal.app.selecting import Request
    from meshglobal.cli.noticing import settled
    from meshglobal.dashboard.subject import Subject
    from meshglobal.settings import protected_contexts, read_config

    patterns = protected_contexts(read_config(os.environ))
    contexts = [member.context for member in run.fleet.members]
    return Subject(
        fleet=run.fleet,
        clock=run.clock,
        mesh=settled(run.mesh, parts.places),
        order=LiveOrder(Request(None, _namespace(run, parts.shown), parts.shown.selector), parts.strict),
        is_live=not parts.fleet.source,
        taken_at=run.taken_at,
        protected=tuple(one for one in contexts if any(fnmatchcase(one, pattern) for pattern in patterns)),
        discretion=_discretion(parts.fleet),
    )


def _namespace(run: Session, options: ShownOptions) -> str | None:
    """The one namespace that is shown; None: all. What was written down of one namespace is shown of that one."""
    if options.all_namespaces or options.namespace is not None:
        return None if options.all_namespaces else options.namespace
    from meshglobal.files.fleet import FileFleet

    return run.fleet.namespace if isinstance(run.fleet, FileFleet) else None


def _discretion(fleet: SourceOptions) -> Discretion:
    """The user's own files, which pages do not name."""
    from meshglobal.dashboard.discreet import Discretion

    home = os.environ.get("HOME", "")
    kubeconfigs = [fleet.kubeconfig] if fleet.kubeconfig else os.environ.get("KUBECONFIG", "").split(os.pathsep)
    files = (*kubeconfigs, f"{home}/.kube/config", *fleet.source)
    return Discretion(tuple(one for one in files if one not in ("", "-")), home)


def _announced(run: Session, options: ServerOptions, place: Address, token: Token) -> AbstractContextManager[None]:
    """Say where the page is, and open it if that is wanted."""
    from meshglobal.dashboard.browser import has_display, opened
    from meshglobal.dashboard.place import Token as OfThisRun
    from meshglobal.dashboard.place import url_of

    sys.stdout.write(f"{url_of(place, token)}\n")
    sys.stdout.flush()
    if not place.is_loopback:
        run.err.print(f"warning: {place} is no loopback address, and this is plain HTTP: others can read along")
    if token.file:
        run.err.print(f"hint: append #token= and what stands in {token.file}")
    if options.open_page if options.open_page is not None else sys.stdout.isatty() and has_display(os.environ):
        return opened(url_of(place, OfThisRun(token.secret)), _no_browser(run))
    return nullcontext()


def _no_browser(run: Session) -> Callable[[], None]:
    return lambda: run.err.print("hint: no browser could be started: open the address yourself")
