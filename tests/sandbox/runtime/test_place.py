from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from meshglobal.sandbox.runtime.errors import AskedWrongError, SandboxError
from meshglobal.sandbox.runtime.place import Place, place_of, places_root

if TYPE_CHECKING:
    from collections.abc import Callable


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_stand_in_the_state_directory_that_the_environment_names(tmp_path: Path) -> None:
    assert places_root({"XDG_STATE_HOME": str(tmp_path)}) == tmp_path / "meshglobal" / "sandbox"


@pytest.mark.parametrize("setting", ["", "relative/path"])
def test_a_missing_or_relative_state_directory_means_the_home(setting: str) -> None:
    assert places_root({"XDG_STATE_HOME": setting}) == Path.home() / ".local/state/meshglobal/sandbox"


@pytest.mark.parametrize("name", ["../other", "a/b", "", "Upper", "-dash", "a" * 64])
def test_a_name_that_could_lead_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(AskedWrongError):
        place_of(name, {"XDG_STATE_HOME": str(tmp_path)})


def test_the_folder_is_closed_to_others_even_if_it_was_open_before(place: Callable[..., Place]) -> None:
    here = place()
    here.folder.mkdir(parents=True, mode=0o755)
    here.prepare()
    assert mode(here.folder) == 0o700


def test_written_files_are_closed_to_others_and_leave_nothing_beside_them(place: Callable[..., Place]) -> None:
    here = place()
    here.prepare()
    here.write(here.state, b"old")
    here.write(here.state, b"new")
    assert here.state.read_bytes() == b"new"
    assert mode(here.state) == 0o600
    assert list(here.folder.iterdir()) == [here.state]


def test_only_one_has_the_lock(place: Callable[..., Place]) -> None:
    here = place()
    here.prepare()
    with here.locked() as first, here.locked() as second:
        assert (first, second) == (True, False)
    with here.locked() as again:
        assert again


def test_a_folder_that_cannot_be_made_is_told_with_the_next_step(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SandboxError, match="cannot make") as told:
        Place("x", tmp_path / "file" / "x").prepare()
    assert "XDG_STATE_HOME" in told.value.hint
