"""Files of days: looked at, then taken as they were shown."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.gradebook.calendar import LARGEST_DAYS_FILE, Calendar
from kernel.clock import now
from kernel.errors import Forbidden, Invalid, NotFound, Stale
from kernel.files import kinds
from kernel.files.folder import FolderStore
from kernel.files.store import UNNEEDED, Place, take
from tests.gradebook.calendar.readers.test_days_files import XML, event, ics
from tests.kit.calls import call


@pytest.fixture(autouse=True)
def _store(school: Any, tmp_path: Path) -> None:
    school.service.files = FolderStore(tmp_path / "files")


@pytest.fixture
def year(school: Any) -> dict[str, Any]:
    """The year 2026/27 of five-day weeks, without terms."""
    command = {"title": "2026/27", "starts_on": date(2040, 9, 1), "ends_on": date(2041, 8, 31)}
    made = call(school.service, Calendar.make_year, school.methodologist, **command)
    grades = [{"grade": grade, "days_a_week": 5} for grade in (1, 7)]
    command = {"year_id": made["id"], "version": 1, "grades": grades}
    return call(school.service, Calendar.set_grades, school.methodologist, **command)


def handed_in(school: Any, content: bytes) -> str:
    place = Place(Calendar.service, school.id)
    store = school.service.files
    return take(store, place, [content], largest=LARGEST_DAYS_FILE, allowed={kinds.TEXT}, field="file").sha256


def asked(school: Any, method: Any, year: dict[str, Any], actor: Any = None, **command: Any) -> dict[str, Any]:
    return call(school.service, method, actor or school.methodologist, year_id=year["id"], **command)


CONTENT = XML.replace('"2027"', '"2041"').format(more='<day d="02.23" t="7"/>').encode()


def test_d10_a_file_is_looked_at_and_then_taken_as_it_was_shown(school: Any, year: dict[str, Any]) -> None:
    old = {"kind": "public", "name": "Новый", "first": "2041-01-01", "last": "2041-01-01"}
    year = asked(school, Calendar.change_days, year, version=2, days_off=[old])
    file = handed_in(school, CONTENT)
    shown = asked(school, Calendar.read_days_file, year, file=file)
    assert (shown["version"], shown["refused"], shown["file"]) == (3, False, file)
    assert [(one["place"], one["rule"], one["ru"]) for one in shown["faults"]] == [
        ("02.23", "unknown-kind", "Неизвестный вид дня «7»."),
    ]
    off = {"what": "off", "kind": "public", "weekday": None, "grades": []}
    assert shown["changes"][0] == {
        "change": "replaced",
        "before": [{**off, "name": "Новый", "first": "2041-01-01", "last": "2041-01-01"}],
        "after": {**off, "name": "Новый год", "first": "2041-01-01", "last": "2041-01-02"},
    }
    assert asked(school, Calendar.schedule, year) == year, "looking writes nothing"
    taken = asked(school, Calendar.take_days_file, year, file=file, version=3)
    assert [(one["name"], one["last"]) for one in taken["days_off"]] == [
        ("Новый год", "2041-01-02"), ("Выходной день", "2041-02-22"),
    ]  # fmt: skip
    again = asked(school, Calendar.read_days_file, year, file=file)
    assert {one["change"] for one in again["changes"]} == {"same"}
    (change, *_) = asked(school, Calendar.calendar_changes, year)["changes"]
    assert (change["what"], change["before"]["days_off"][0]["name"]) == ("days", "Новый")


def test_d10_a_calendar_that_was_changed_after_the_file_was_shown_is_shown_again(
    school: Any, year: dict[str, Any]
) -> None:
    file = handed_in(school, ics(event("Каникулы", "20401026", "20401102")))
    asked(school, Calendar.change_days, year, version=2, short_days=[{"date": "2040-12-28"}])
    with pytest.raises(Stale) as refused:
        asked(school, Calendar.take_days_file, year, file=file, version=2, kind="holidays", grades=[7])
    assert refused.value.params["present"]["version"] == 3
    taken = asked(school, Calendar.take_days_file, year, file=file, version=3, kind="holidays", grades=[7])
    (day,) = taken["days_off"]
    assert (day["name"], day["first"], day["last"], day["grades"]) == ("Каникулы", "2040-10-26", "2040-11-01", [7])


def test_d10_of_a_file_that_cannot_be_read_nothing_is_taken(school: Any, year: dict[str, Any]) -> None:
    file = handed_in(school, b"<html></html>")
    shown = asked(school, Calendar.read_days_file, year, file=file)
    assert (shown["refused"], shown["changes"]) == (True, [])
    assert [one["rule"] for one in shown["faults"]] == ["not-a-calendar"]
    with pytest.raises(Invalid) as refused:
        asked(school, Calendar.take_days_file, year, file=file, version=2)
    assert refused.value.rule == "no-days"
    overlapping = ics(event("A", "20401026", "20401102"), event("B", "20401030", "20401105", uid="2"))
    with pytest.raises(Invalid) as refused:
        asked(school, Calendar.take_days_file, year, file=handed_in(school, overlapping), version=2)
    assert refused.value.rule == "days-off-overlap"
    assert asked(school, Calendar.schedule, year) == year


def test_d10_a_file_is_of_the_school_that_handed_it_in_and_the_methodologists(
    school: Any, another_school: Any, year: dict[str, Any]
) -> None:
    file = handed_in(another_school, CONTENT)
    for method, more in ((Calendar.read_days_file, {}), (Calendar.take_days_file, {"version": 2})):
        with pytest.raises(Invalid) as refused:
            asked(school, method, year, file=file, **more)
        assert refused.value.rule == "file-missing"
        with pytest.raises(Forbidden):
            asked(school, method, year, actor=school.director, file=file, **more)
        with pytest.raises(NotFound):
            asked(another_school, method, year, actor=another_school.methodologist, file=file, **more)
    with pytest.raises(Invalid):
        asked(school, Calendar.read_days_file, year, file="../../etc/passwd")


def test_d10_a_file_that_was_not_taken_is_deleted_when_it_is_a_day_old(school: Any, tmp_path: Path) -> None:
    old, new = handed_in(school, CONTENT), handed_in(school, b"BEGIN:VCALENDAR")
    place = Place(Calendar.service, school.id)
    before = (now() - UNNEEDED - timedelta(minutes=1)).timestamp()
    os.utime(tmp_path / "files" / place.key(old).path, (before, before))
    school.service.delete_unneeded_files()
    store = school.service.files
    assert (store.size(place.key(old)), store.size(place.key(new))) == (None, 15)
