"""Where a sandbox's files stand: `$XDG_STATE_HOME/meshglobal/sandbox/NAME/`, a folder for its owner alone.

The kubeconfigs hold tokens, so they are of mode 0600 and the folder of mode 0700. A lock on a file of the folder says
who may write there: the serving process holds it for life, whoever clears up takes it for a moment.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from meshglobal.domain.names import is_dns_label
from meshglobal.sandbox.runtime.errors import AskedWrongError, SandboxError

DEFAULT_NAME = "default"
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of one sandbox."""

    name: str
    folder: Path

    @property
    def kubeconfig(self) -> Path:
        """The admin's kubeconfig, with a context a cluster."""
        return self.folder / "kubeconfig"

    @property
    def users_kubeconfig(self) -> Path:
        """Contexts `CLUSTER-USER` of users who may do little."""
        return self.folder / "users.kubeconfig"

    @property
    def state(self) -> Path:
        """What runs: there only while a sandbox is ready, or after its process was killed."""
        return self.folder / "state.json"

    @property
    def log(self) -> Path:
        """What a process in the background prints."""
        return self.folder / "log"

    @property
    def traffic(self) -> Path:
        """A folder for the Envoys, one below it for each cluster: what they are told, and their logs."""
        return self.folder / "traffic"

    def prepare(self) -> None:
        """Make the folder, closed to others; raises SandboxError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
            self.folder.chmod(_PRIVATE_FOLDER)
        except OSError as failure:
            raise SandboxError(
                f"cannot make {self.folder}: {failure.strerror}", "set XDG_STATE_HOME to a folder you may write to"
            ) from failure

    def open_log(self) -> int:
        """A descriptor to write a new log, closed to others."""
        return os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, _PRIVATE_FILE)

    def write(self, path: Path, content: bytes) -> None:
        """Write a file of the folder in one go: a reader sees the old one or the new one."""
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE_FILE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        fresh.replace(path)

    @contextlib.contextmanager
    def locked(self) -> Iterator[bool]:
        """Hold the folder's lock; whether it could be had. The system takes it back when the process ends."""
        descriptor = self._lock()
        try:
            yield descriptor is not None
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def remove(self) -> None:
        """Remove the folder with all its files; the caller holds the lock."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _lock(self) -> int | None:
        path = self.folder / "lock"
        while True:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, _PRIVATE_FILE)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_at(descriptor, path):
                    return descriptor
            except BlockingIOError:
                os.close(descriptor)
                return None
            os.close(descriptor)  # somebody removed the folder in between: this lock would guard nothing


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def places_root(environ: Mapping[str, str]) -> Path:
    """The folder of all sandboxes' folders. A relative XDG_STATE_HOME does not count, as its specification asks."""
    state = Path(environ.get("XDG_STATE_HOME", ""))
    base = state if state.is_absolute() else Path.home() / ".local" / "state"
    return base / "meshglobal" / "sandbox"


def place_of(name: str, environ: Mapping[str, str]) -> Place:
    """The place of a sandbox by its name; raises AskedWrongError for a name that cannot be."""
    if not is_dns_label(name):
        raise AskedWrongError(f"{name!r} cannot name a sandbox", "use small letters, digits and dashes")
    return Place(name, places_root(environ) / name)


def all_places(environ: Mapping[str, str]) -> list[Place]:
    """The places that have a folder, by name; what runs there is not said."""
    root = places_root(environ)
    found = [each for each in root.iterdir() if is_dns_label(each.name)] if root.is_dir() else []
    return [Place(each.name, each) for each in sorted(found) if each.is_dir()]
