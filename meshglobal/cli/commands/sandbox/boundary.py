"""What all sandbox commands share: the extra must be installed, and their errors become ours."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from meshglobal.domain.errors import CannotCheckError, MeshglobalError, UsageError

_EXTRA = ("aiohttp", "cryptography", "cel")


def of_sandbox(command: Callable[..., int]) -> Callable[..., int]:
    """A sandbox command that says its troubles as the other commands do."""

    @functools.wraps(command)
    def call(*args: object, **values: object) -> int:
        missing = [each for each in _EXTRA if importlib.util.find_spec(each) is None]
        if missing:
            raise CannotCheckError(
                f"the sandbox needs more than is installed ({', '.join(missing)})", "pip install 'meshglobal[sandbox]'"
            )
        with _said():
            return command(*args, **values)

    return call


@contextmanager
def _said() -> Iterator[None]:
    from meshglobal.sandbox.runtime.errors import AskedWrongError, SandboxError

    try:
        yield
    except SandboxError as failure:
        kind: type[MeshglobalError] = UsageError if isinstance(failure, AskedWrongError) else CannotCheckError
        raise kind(str(failure), failure.hint) from failure
