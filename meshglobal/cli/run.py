"""The one boundary between exceptions and the user: text on stderr, or one valid document on stdout, and an exit code.

Nowhere else is an exception turned into text.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

import typer

from meshglobal.cli.formats import DEFAULT_FORMAT, MACHINE_FORMATS, wanted_format
from meshglobal.cli.table import LIVE_LIST, find
from meshglobal.domain.errors import CannotCheckError, ExitCode, InterruptedRunError, MeshglobalError, UsageError

BROKEN_PIPE = 141
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
COMPLETION_VARIABLE = "_MESHGLOBAL_COMPLETE"


def run(app: typer.Typer, argv: Sequence[str], program: str, environ: Mapping[str, str]) -> int:
    """Run a command line and return the exit code; whatever went wrong has been said."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    if COMPLETION_VARIABLE in environ:
        from typer.completion import completion_init  # type: ignore[attr-defined] # exported in fact

        completion_init()
    try:
        result = typer.main.get_command(app).main(list(argv), prog_name=program, standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        _give_up_stdout()
        return BROKEN_PIPE
    except OSError as error:
        if error.errno not in _NO_ROOM:
            return _say(error, argv, program, environ)
        _give_up_stdout()
        return _say(CannotCheckError(f"the result could not be written: {error.strerror}"), argv, program, environ)
    except Exception as error:  # noqa: BLE001 - this is the boundary
        return _say(error, argv, program, environ)
    return int(result or 0)


def _give_up_stdout() -> None:
    """Nobody takes our output any more; the interpreter must not complain when it flushes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _interrupt(number: int, frame: FrameType | None) -> None:
    """An exception of ours rather than KeyboardInterrupt, which Typer would turn into a silent exit."""
    del number, frame
    raise InterruptedRunError("interrupted")


def _say(error: BaseException, argv: Sequence[str], program: str, environ: Mapping[str, str]) -> int:
    known = _known(error, argv, program, environ)
    if known is None:
        return int(ExitCode.OK)
    output = wanted_format(argv, environ, _configured_format(environ))
    typed = next((word for word in argv if find(word) is not None), "")
    entry = find(typed)
    if output in MACHINE_FORMATS:
        from meshglobal.domain.report import error_report
        from meshglobal.render.documents import write_document, write_line

        report = error_report(entry.name if entry is not None else "", known)
        if output == "json" and ("--watch" in argv or typed == LIVE_LIST):  # one document a line
            write_line(report, sys.stdout)
        else:
            write_document(report, output, sys.stdout)
    from meshglobal.render.legible import legible  # names out of files and clusters may hold anything

    sys.stderr.write(legible(f"error: {known}\n"))
    if known.hint:
        sys.stderr.write(legible(f"hint: {known.hint}\n"))
    return int(known.code)


def _configured_format(environ: Mapping[str, str]) -> str:
    """The config file's ``output``; the default where the file itself is what is wrong."""
    from meshglobal.settings import config_path, read_config

    if not config_path(environ).exists():
        return DEFAULT_FORMAT
    try:
        return str(read_config(environ).get("output", DEFAULT_FORMAT))
    except UsageError:
        return DEFAULT_FORMAT


def _known(
    error: BaseException, argv: Sequence[str], program: str, environ: Mapping[str, str]
) -> MeshglobalError | None:
    if isinstance(error, MeshglobalError):
        return error
    if isinstance(error, typer.Abort):
        return InterruptedRunError("interrupted")
    if isinstance(error, typer.TyperException):
        if type(error).__name__ == "NoArgsIsHelpError":
            sys.stderr.write(f"{error.message}\n")
            return UsageError("a command or an argument is missing")
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else _typed(program, argv)
        return UsageError(error.format_message(), f"{path} --help")
    return _bug(error, environ)


def _typed(program: str, argv: Sequence[str]) -> str:
    """The program with the command that was typed, for errors that do not know it."""
    return f"{program} {argv[0]}" if argv and find(argv[0]) is not None else program


def _bug(error: BaseException, environ: Mapping[str, str]) -> MeshglobalError:
    """A defect of ours: where it happened, but not its message, which might hold what nobody may see."""
    if environ.get("MESHGLOBAL_DEBUG"):
        traceback.print_exception(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(frame.filename).name}:{frame.lineno}"
    return MeshglobalError(
        f"internal error: {type(error).__name__} in {frame.name} ({where})",
        "this is a bug of ours; run again with MESHGLOBAL_DEBUG=1 and report what it prints",
    )
