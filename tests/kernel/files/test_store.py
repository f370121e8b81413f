"""Files are kept by their content, for one service and one school, whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from kernel.errors import Invalid, TooLarge, Unavailable
from kernel.files import kinds
from kernel.files.folder import INCOMING, FolderStore
from kernel.files.store import UNNEEDED, FileMissing, Key, Place, Store, Taken, delete_unneeded, take

MEGABYTE = 1024 * 1024
ZIP = b"PK\x03\x04 and so on"
PLACE = Place("identity", uuid4())


def hand_in(store: Store, *parts: bytes, place: Place = PLACE, largest: int = MEGABYTE) -> Taken:
    return take(store, place, parts, largest=largest, allowed={kinds.ZIP, kinds.PDF}, field="bundle")


def kept(store: Store, owner: str = "identity") -> list[Key]:
    return list(store.kept_before(owner, datetime.now(UTC) + timedelta(hours=1)))


def test_a_file_is_kept_by_its_content_and_read_again(store: Store):
    taken = hand_in(store, ZIP, b" in", b" parts")
    content = ZIP + b" in parts"
    assert taken == Taken(hashlib.sha256(content).hexdigest(), len(content))
    assert store.read(PLACE.key(taken.sha256)) == content
    assert store.size(PLACE.key(taken.sha256)) == len(content)


def test_a_file_is_read_part_by_part(store: Store):
    taken = hand_in(store, ZIP, b" in parts")
    file = store.open(PLACE.key(taken.sha256))
    assert [file.read(4), file.read(), file.read()] == [ZIP[:4], ZIP[4:] + b" in parts", b""]
    file.close()
    with pytest.raises(FileMissing):
        store.open(Place("identity", uuid4()).key(taken.sha256))


def test_the_same_file_twice_is_kept_once(store: Store):
    assert hand_in(store, ZIP) == hand_in(store, ZIP)
    assert len(kept(store)) == 1


def test_a_file_is_one_schools_and_one_services(store: Store):
    name = hand_in(store, ZIP).sha256
    for place in (Place("identity", uuid4()), Place("identity", None), Place("gradebook", PLACE.school_id)):
        assert store.size(place.key(name)) is None
        with pytest.raises(FileMissing):
            store.read(place.key(name))
    of_all = Place("identity", None)
    hand_in(store, ZIP, place=of_all)
    assert {key.place for key in kept(store)} == {PLACE, of_all}


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        ((), "file-empty"),
        ((b"",), "file-empty"),
        ((b"just words",), "file-kind"),
        ((b"\xff\xd8\xff a picture",), "file-kind"),
        ((b"MZ\x90\x00 a program",), "file-program"),
        ((b"\x7fELF a program",), "file-program"),
        ((b"#!/bin/sh\n",), "file-program"),
    ],
)
def test_what_is_no_file_of_an_allowed_kind_is_refused_and_not_kept(store: Store, parts: Any, rule: str):
    with pytest.raises(Invalid) as refused:
        hand_in(store, *parts)
    assert (refused.value.rule, refused.value.field) == (rule, "bundle")
    assert not kept(store)


def test_twenty_megabytes_are_kept_and_one_byte_more_is_refused(store: Store):
    whole = [b"%PDF-1.7".ljust(MEGABYTE), *[b" " * MEGABYTE] * 19]
    assert hand_in(store, *whole, largest=20 * MEGABYTE).size == 20 * MEGABYTE
    with pytest.raises(TooLarge) as refused:
        hand_in(store, *whole, b"!", largest=20 * MEGABYTE)
    assert str(refused.value) == "The file is larger than 20 MB."
    assert len(kept(store)) == 1


def test_of_a_file_that_breaks_off_nothing_is_kept(store: Store, tmp_path: Path):
    def breaks_off() -> Iterator[bytes]:
        yield ZIP
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        take(store, PLACE, breaks_off(), largest=MEGABYTE, allowed={kinds.ZIP}, field="bundle")
    assert not kept(store)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_what_is_not_needed_is_deleted_when_it_is_old(store: Store):
    needed, other = PLACE.key(hand_in(store, ZIP).sha256), PLACE.key(hand_in(store, ZIP, b"other").sha256)
    moment = datetime.now(UTC)
    assert delete_unneeded(store, "identity", [needed], moment + UNNEEDED - timedelta(minutes=1)) == 0
    assert delete_unneeded(store, "gradebook", [], moment + UNNEEDED + timedelta(minutes=1)) == 0
    assert delete_unneeded(store, "identity", [needed], moment + UNNEEDED + timedelta(minutes=1)) == 1
    assert (store.size(needed), store.size(other)) == (len(ZIP), None)
    store.delete(other)


def test_while_the_store_is_away_nothing_is_taken_for_kept(store: Store, without: Callable[[], None]):
    without()
    key = PLACE.key("0" * 64)
    for attempt in (lambda: hand_in(store, ZIP), lambda: store.read(key), lambda: kept(store)):
        with pytest.raises(Unavailable):  # not that the file is missing
            attempt()


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"GIF89a\x01\x00", kinds.GIF),
        (b"ID3\x04\x00\x00", kinds.MP3),
        (b"\xff\xfb\x90\x64", kinds.MP3),
        (b"OggS\x00\x02", kinds.OGG),
        (b"RIFF\x24\x00", kinds.WAV),
        (b"\x00\x00\x00\x20ftypM4A ", kinds.MP4),
        (b"\x00\x00\x00\x20moov", None),
        (b"just words", kinds.TEXT),
    ],
)
def test_pictures_and_sound_are_known_by_their_beginning(head: bytes, kind: str | None):
    assert kinds.kind_of(head[: kinds.LONGEST]) == kind


@pytest.mark.parametrize("name", ["", "../" + "0" * 61, "0" * 63, "G" * 64, "A" * 64, "0" * 64 + "\n"])
def test_a_name_that_is_no_hash_is_no_key(name: str):
    with pytest.raises(ValueError, match="SHA-256"):
        PLACE.key(name)


def test_a_folders_files_are_our_users_alone_and_what_was_left_half_is_cleared(tmp_path: Path):
    store = FolderStore(tmp_path / "files")
    path = store.folder / PLACE.key(hand_in(store, ZIP).sha256).path
    assert [oct(one.stat().st_mode)[-3:] for one in (path, path.parent, store.folder)] == ["600", "700", "700"]
    left = store.folder / INCOMING / "left-by-a-process-that-was-killed"
    left.write_bytes(ZIP)
    hand_in(store, ZIP)
    assert left.exists(), "it may be arriving still"
    old = (datetime.now(UTC) - UNNEEDED - timedelta(hours=1)).timestamp()
    os.utime(left, (old, old))
    hand_in(store, ZIP)
    assert not left.exists()
