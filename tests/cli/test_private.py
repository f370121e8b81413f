"""What a command writes into the data folder is its user's alone, whatever the umask, and so becomes what was there."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import private
from contracts import SERVICES
from kernel import config


@pytest.fixture(autouse=True)
def generous() -> Iterator[None]:
    """A umask that leaves everybody every right."""
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    return [str(path) for path in (folder, *folder.rglob("*")) if path.lstat().st_mode & 0o077]


def test_what_a_command_makes_is_closed_and_what_is_open_gets_closed(data: Path, lyceum) -> None:
    assert lyceum("migrate").status == 0
    made = {path.name for path in data.rglob("*")}
    assert made >= {*(f"{service}.sqlite" for service in SERVICES), "secret-key", "private.jwk", "public.jwks"}
    assert open_to_others(data) == []
    (data / "mail").mkdir()
    (data / "mail" / "letter.eml").touch()
    for path in (data, *data.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    assert lyceum("migrate", "identity").status == 0
    assert open_to_others(data) == []
    assert stat.S_IMODE((data / "identity.sqlite").stat().st_mode) == 0o600


def test_what_lies_elsewhere_is_closed_to_strangers_and_not_to_a_group(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data.mkdir()
    keys = tmp_path / "keys"
    (keys / "identity").mkdir(parents=True)
    (keys / "public").mkdir()
    for path in (keys / "identity" / "private.jwk", keys / "public" / "public.jwks", tmp_path / "identity.sqlite"):
        path.touch(mode=0o664)
    monkeypatch.setenv("LYCEUM_KEYS", str(keys))
    monkeypatch.setenv("LYCEUM_DATABASE_URL", f"sqlite:///{tmp_path}/{{service}}.sqlite")
    private.tighten(config.load())
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*") if path.is_file()}
    assert modes == {"private.jwk": 0o660, "identity.sqlite": 0o660, "public.jwks": 0o664}


def test_links_are_not_followed_and_servers_keep_what_is_theirs(data: Path, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger"
    stranger.touch(mode=0o666)
    own = data / "servers" / "postgres" / "data"
    own.mkdir(parents=True)
    (own / "base").touch(mode=0o640)
    (data / "link").symlink_to(stranger)
    private.tighten(config.load())
    assert stat.S_IMODE(stranger.stat().st_mode) == 0o666
    assert stat.S_IMODE((own / "base").stat().st_mode) == 0o640
    assert stat.S_IMODE(own.stat().st_mode) == 0o700


def test_a_server_s_user_passes_where_we_are_root_and_goes_on_passing(data: Path) -> None:
    data.mkdir(mode=0o700)
    private.let_servers_pass(data)
    private.tighten(config.load())
    assert stat.S_IMODE(data.stat().st_mode) == (private.PASSING if os.geteuid() == 0 else 0o700)
