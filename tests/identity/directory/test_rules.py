"""What was typed to find people: pure."""

from __future__ import annotations

import pytest
from uuid_utils.compat import uuid7

from services.identity.directory.rules import Sought, sought

A, B, CADETS, YO = (uuid7() for _ in range(4))
CLASSES = {A: "8А", B: '10 "Б"', CADETS: "7 кадетский", YO: "9Ё"}


@pytest.mark.parametrize(
    ("typed", "found", "beside"),
    [
        ("8а", A, ""),
        ("8 А", A, ""),
        ("8-A", A, ""),  # a Latin A
        ("8 «а» класс", A, ""),
        ("кл. 8а", A, ""),
        ("10б", B, ""),
        ("Ким 10 Б", B, "Ким"),
        ("10 «Б» ким ян", B, "ким ян"),
        ("ким ян 10 «Б»", B, "ким ян"),
        ("9е", YO, ""),
        ("9Ё", YO, ""),
        ("7 кадетский", CADETS, ""),
        ("Ким 7 кадетский класс", CADETS, "Ким"),
    ],
)
def test_d14_a_class_is_found_as_people_write_it_alone_or_beside_a_name(typed, found, beside):
    assert sought(typed, CLASSES) == Sought(typed, frozenset({found}), beside)


@pytest.mark.parametrize("typed", ["Ким", "8", "8В", "класс", ".", "Ким 8В", ""])
def test_d14_what_names_no_class_is_looked_for_in_names(typed):
    assert sought(typed, CLASSES) == Sought(typed)


def test_d14_classes_of_one_name_are_all_found():
    assert sought("8а", {A: "8А", B: "8-а"}).class_ids == {A, B}
