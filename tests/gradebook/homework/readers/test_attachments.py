"""What teachers add to lessons is known by its content, and what could run on a family's computer is not taken."""

from __future__ import annotations

import pytest

from services.gradebook.homework.readers.attachments import ENDINGS, LARGEST_UNPACKED, look_at
from tests.gradebook.homework.readers import attached

TEXT = "Задание: № 5".encode()
GOOD = {
    "задание.pdf": (attached.PDF, "application/pdf"),
    "a.docx": (attached.office("word"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "a.xlsx": (attached.office("xl"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "a.pptx": (attached.office("ppt"), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "a.odt": (attached.open_document("text"), "application/vnd.oasis.opendocument.text"),
    "a.ods": (attached.open_document("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
    "a.odp": (attached.open_document("presentation"), "application/vnd.oasis.opendocument.presentation"),
    "a.doc": (attached.old_office("WordDocument"), "application/msword"),
    "a.xls": (attached.old_office("Workbook"), "application/vnd.ms-excel"),
    "a.ppt": (attached.old_office("PowerPoint Document"), "application/vnd.ms-powerpoint"),
    "a.txt": (TEXT, "text/plain"),
    "a.csv": (TEXT, "text/csv"),
    "a.png": (attached.png(), "image/png"),
    "ФОТО.JPG": (attached.jpeg(), "image/jpeg"),
    "a.jpeg": (attached.jpeg(), "image/jpeg"),
    "a.gif": (attached.gif(), "image/gif"),
    "a.mp3": (attached.MP3, "audio/mpeg"),
    "a.m4a": (attached.M4A, "audio/mp4"),
    "a.ogg": (attached.OGG, "audio/ogg"),
    "a.wav": (attached.WAV, "audio/wav"),
}


@pytest.mark.parametrize("name", GOOD)
def test_documents_pictures_and_sound_are_served_as_what_they_are(name: str) -> None:
    content, media_type = GOOD[name]
    assert look_at(content, name) == (media_type, "")


def test_every_ending_is_tried_above() -> None:
    assert {f".{name.rpartition('.')[2].lower()}" for name in GOOD} == set(ENDINGS)


@pytest.mark.parametrize("name", GOOD)
def test_no_content_passes_under_an_ending_of_another_kind(name: str) -> None:
    content, media_type = GOOD[name]
    for ending, kind in ENDINGS.items():
        if kind.media_type.partition("/")[0] == media_type.partition("/")[0] == "text":
            continue
        if kind.media_type != media_type and not (ending in (".txt", ".csv") and name == "задание.pdf"):
            assert look_at(content, f"a{ending}").rule == "file-ending", ending


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00", "игра.exe"), (b"MZ\x90\x00", "реферат.pdf"), (b"#!/bin/sh\nrm", "a.txt"),
        (b"alert(1)", "a.js"), (b"<svg/>", "a.svg"), (b"<html>", "a.html"), (b"PK\x03\x04", "a.zip"), (TEXT, "без"),
        (attached.PDF, "задание.pdf.exe"), (b"@echo off", "a.bat"), (attached.office("word"), "a.docm"),
    ],
)  # fmt: skip
def test_programs_scripts_archives_and_unknown_endings_are_refused(content: bytes, name: str) -> None:
    assert look_at(content, name) == ("", "file-kind")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<!DOCTYPE html><script>", "a.txt"), (b"\xef\xbb\xbf  <HTML>", "a.txt"), (b"<?php", "a.csv"),
        ("\ufeff<script>".encode("utf-16-le"), "a.txt"), (b"\xff\xfe\x00", "a.txt"), (b"text\x00", "a.txt"),
        (b"PK\x05\x06" + bytes(18), "a.docx"), (attached.png(0, 5), "a.png"), (attached.png()[:20], "a.png"),
        (attached.jpeg()[:12], "a.jpg"), (attached.open_document("text"), "a.ods"), (TEXT, "a.mp3"),
        (attached.zipped({"a.exe": b"MZ"}), "a.docx"), (attached.COMPOUND, "a.doc"),
        (b"RIFF\x24\x00\x00\x00AVI ", "a.wav"),
    ],
)  # fmt: skip
def test_content_that_is_not_what_the_ending_says_is_refused(content: bytes, name: str) -> None:
    assert look_at(content, name) == ("", "file-ending")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (attached.office("word", vbaProject_bin=b"x"), "a.docx"),
        (attached.open_document("text", "Basic/script-lb.xml"), "a.odt"),
        (attached.old_office("WordDocument", "_VBA_PROJECT"), "a.doc"),
    ],
)
def test_documents_with_macros_are_refused(content: bytes, name: str) -> None:
    assert look_at(content, name).rule == "file-macros"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (attached.office("word", media_bin=bytes(LARGEST_UNPACKED)), "a.docx"),
        (attached.png(200_000, 100_000), "a.png"),
        (attached.gif(65_000, 65_000), "a.gif"),
        (attached.jpeg(65_000, 65_000), "a.jpg"),
    ],
)
def test_what_takes_far_more_room_than_it_seems_to_is_refused(content: bytes, name: str) -> None:
    assert len(content) < 1024**2
    assert look_at(content, name).rule == "file-bomb"


def test_a_document_that_cannot_be_opened_is_refused() -> None:
    whole = attached.office("word")
    assert look_at(whole[: len(whole) // 2], "a.docx").rule == "file-damaged"


def test_text_may_be_in_any_of_the_usual_encodings() -> None:
    for encoding in ("utf-8-sig", "utf-16", "cp1251", "koi8-r"):
        assert look_at("Прочитать § 5\r\n\t№ 7".encode(encoding, "replace"), "a.txt").rule == "", encoding
