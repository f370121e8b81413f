"""Names, logins, waiting times: pure."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.rules import logins, throttling
from services.identity.rules.names import folded, full_name, grade_of
from services.identity.rules.oneroster.archive import bundle_of_folder, opened
from services.identity.rules.oneroster.faults import Faults
from services.identity.rules.oneroster.grades import plain_number


@pytest.mark.parametrize(
    ("stated", "name", "grade"),
    [
        (("08",), "8А", 8),
        ((), "8А", 8),
        ((), "10-Б", 10),
        ((), '1 "В"', 1),
        ((), "Klasa 1", None),
        ((), "1/2", None),
        ((), "8", None),
        ((), "13А", None),
        ((), "1st grade", None),
        (("05",), "Klasa 1", 5),
        (("08", "09"), "8А", None),
        (("KG",), "8А", 8),
    ],
)
def test_the_grade_of_a_class_is_stated_or_begins_its_name(stated, name, grade):
    assert grade_of(stated, name) == grade


def test_names_are_compared_without_case_spaces_and_dots_of_yo():
    assert folded("  Королёва   АННА ") == "королева анна"
    assert full_name("Королёва", "Анна", "") == "Королёва Анна"


@pytest.mark.parametrize(
    ("text", "latin"),
    [("Щукина", "shchukina"), ("Łukasz", "lukasz"), ("O'Brien-Смит", "obrien-smit"), ("Ё ж", "ezh"), ("李", "")],
)
def test_logins_are_written_in_latin_letters(text, latin):
    assert logins.transliterated(text) == latin


@given(st.text(), st.text())
def test_everyone_can_be_given_a_login(username, family_name):
    candidates = logins.candidates(username, family_name)
    assert len(candidates) >= logins.CONSIDERED
    assert all(candidate and len(candidate) <= 120 for candidate in candidates)
    assert [logins.folded(candidate) for candidate in candidates] == candidates


def test_passwords_hold_60_bits_and_no_letter_that_looks_like_another():
    passwords = {logins.new_password() for _ in range(50)}
    assert len(passwords) == 50
    assert all(len(password) == 14 for password in passwords)
    assert not set("".join(passwords)) & set("01lo")


def test_waits_begin_after_the_free_failures_grow_and_end():
    waits = [throttling.wait(throttling.PAIR, failures) for failures in (0, 5, 6, 7, 8, 100, 10_000)]
    seconds = [wait.total_seconds() for wait in waits]
    assert seconds == [0, 0, 1, 2, 4, 900, 900]


def test_nobody_is_locked_out_by_failures_from_elsewhere_for_more_than_a_minute():
    own = throttling.keys("anna", "home")
    elsewhere = throttling.keys("anna", "far away")
    shared = {key: limit for key, limit in own.items() if key in elsewhere}
    assert list(shared.values()) == [throttling.LOGIN]
    assert throttling.wait(throttling.LOGIN, 10_000) == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "plain"),
    [("3.00", "3"), ("4.50", "4.5"), ("100", "100"), ("-0.5", "-0.5"), ("н/а", "н/а"), ("", None), ("NaN", "NaN")],
)
def test_numbers_lose_their_trailing_zeros_and_texts_stay(text, plain):
    assert plain_number(text) == plain


def test_a_folder_of_tables_becomes_the_same_bundle_every_time(tmp_path):
    (tmp_path / "users.csv").write_text("sourcedId\n", "utf-8")
    (tmp_path / "notes.txt").write_text("not for the bundle", "utf-8")
    packed = bundle_of_folder(tmp_path)
    assert packed == bundle_of_folder(tmp_path)
    assert opened(packed, Faults()) == {"users.csv": b"sourcedId\n"}
