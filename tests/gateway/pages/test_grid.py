"""Cells written without the template engine are what it would write: escaped, with the marks of each cell."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gateway.pages.teacher import grid
from tests.gateway.site import Site


@pytest.fixture(autouse=True)
def _words(door: Site) -> Any:
    """A request, as words need one."""
    with door.app.test_request_context("/", headers={"Accept-Language": "en"}):
        yield


def link(mark_id: str, student_id: str) -> str:
    return f"/mark/{mark_id}?student={student_id}&term=1"


WAYS = grid.Ways(
    mark=link,
    absence=lambda lesson_id, student_id: f"/lessons/{lesson_id}/{student_id}?course=1&term=1",
    explained=lambda student_id: f"/students/{student_id}?term=1&kind",
)


def column(**more: Any) -> dict[str, Any]:
    """A column of a sheet: the answer in an ordinary lesson."""
    return {
        "lesson_id": "l", "kind_id": "k", "date": "2026-11-30", "number": 1, "kind": "Answer", "weight": "1",
        "topic": "", "homework": "", "first": True, "state": "", "substitute_id": None, "moved_to": None,
        "moved_number": None, "reason": "", "held": True, "checked": False, "writable": True, "why": None,
        "absences": True, "opened_until": None, "late": None,
        "only_if_helps": False, "visible_from": None, "setting_version": None, **more,
    }  # fmt: skip


def kind(kind_id: str, marks: str = "5 4 3 2") -> dict[str, Any]:
    return {"id": kind_id, "name": "Answer", "weight": "1", "is_answer": True, "marks": marks.split()}


def sheet(*columns: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A sheet with one student."""
    row = {"student_id": "s1", "name": "Anna <i>", "own": True, "takes_marks": True, "why": None, "mean": "4.50",
           "counted": 2, "term_mark": None, "missed": None, "late": 1}  # fmt: skip
    return {
        "today": "2026-11-30", "course": {"id": "c", "title": "Algebra"}, "term": {"id": "t"}, "may_write": True,
        "absences": "own", "missing": [], "kinds": [kind("k")],
        "columns": list(columns) or [column()], "rows": [row], "cells": [], "shades": [], "holidays": [],
        "brought": [], "owed": [], **more,
    }  # fmt: skip


def test_owed_work_stands_behind_absence_and_marks() -> None:
    cells = [[0, 0, "Н 2 .12.12", "m1a1o1", "m1", "", ""], [0, 1, ".", "o1", None, "", ""],
             [0, 2, "Н .", "a1o1", None, "", ""]]  # fmt: skip
    owed = [[0, 0, "2026-12-12"], [0, 1, None], [0, 2, "2026-11-29"]]
    body = grid.body(sheet(column(), column(), column(), cells=cells, owed=owed), WAYS)
    assert re.findall(r'class="(owed[^"]*)"', body) == ["owed", "owed", "owed overdue"]
    assert re.findall(r">([^<>]+)</(a|span)>", body)[:6] == [
        ("Н", "a"), ("2", "span"), (".12.12", "span"), (".", "span"), ("Н", "a"), (".", "span")
    ]  # fmt: skip


def test_what_is_owed_is_listed_by_its_date_with_what_is_overdue() -> None:
    owed = [[0, 0, None], [0, 1, "2026-11-29"], [0, 2, "2026-11-30"]]
    page = sheet(column(), column(), column(), owed=owed)
    found = grid.owed(page, grid.columns(page, {}))
    assert [(one.due, one.overdue) for one in found] == [("2026-11-29", True), ("2026-11-30", False), (None, False)]


def test_a_cell_holds_absence_and_marks_with_its_comment_and_what_was_seen() -> None:
    cells = [[0, 0, "<О> 4/3", "m1a2", "m1", 'at the "board" <i>', "5"], [0, 1, "Н", "a1", None, "", ""]]
    body = grid.body(sheet(column(), column(), column(), cells=cells, shades=[[0, 2, 2, "left"]]), WAYS)
    assert body == (
        '<tr><th scope="row">Anna &lt;i&gt;</th>'
        '<td data-seen="m1a2" data-comment="at the &#34;board&#34; &lt;i&gt;" data-more="5">'
        '<a class="absent" href="/lessons/l/s1?course=1&amp;term=1">&lt;О&gt;</a>'
        ' <a class="given" href="/mark/m1?student=s1&amp;term=1" title="at the &#34;board&#34; &lt;i&gt;">'
        '<span class="mark-4">4</span>/<span class="mark-3">3</span></a></td>'
        '<td data-seen="a1"><a class="absent" href="/lessons/l/s1?course=1&amp;term=1">Н</a></td>'
        '<td class="outside" title="No longer in this course on that day"></td>'
        '<td class="sum" data-figure="mean">'
        '<a class="given" href="/students/s1?term=1&amp;kind" title="how it came about">4.50</a></td>'
        '<td class="sum" data-figure="missed">–</td>'
        '<td class="sum" data-figure="late">1</td></tr>'
    )


def test_cells_are_not_escaped_again() -> None:
    assert hasattr(grid.body(sheet(), WAYS), "__html__")


def test_a_column_says_how_its_lesson_stands() -> None:
    told = {
        "moved to 02.12": column(state="cancelled", held=False, moved_to="2026-12-02"),
        "cancelled; flu": column(state="cancelled", held=False, reason="flu"),
        "not in the timetable any more": column(state="outside"),
        "held by B. B.": column(substitute_id="b"),
        "held by somebody else": column(substitute_id="unknown"),
        "": column(),
    }
    found = grid.columns(sheet(*told.values()), {"b": "B. B."})
    assert ["; ".join(one.notes) for one in found] == list(told)
    shades = [" off", " off", "", " substituted", " substituted", ""]
    assert [one.look for one in found] == [f"today{shade}" for shade in shades]
    assert [one.sign for one in found] == ["×", "×", "•", "↔", "↔", "•"]


def test_a_lesson_to_come_is_shaded_as_cancelled_only_if_it_is() -> None:
    holidays = [{"title": "Christmas", "starts_on": "2026-12-01", "ends_on": "2026-12-10"}]
    told = [
        column(date="2026-12-11", held=False),
        column(date="2026-12-14", held=False, substitute_id="b"),
        column(date="2026-12-15", held=False, state="outside"),
        column(date="2026-12-16", held=False, state="cancelled", substitute_id="b"),
        column(date="2026-12-17", held=False),
    ]
    found = grid.columns(sheet(*told, holidays=holidays), {"b": "B. B."})
    assert [one.look for one in found] == ["", "substituted", "", "off", ""]
    assert found[0].notes == ["Christmas, 01.12–10.12"]


def test_the_script_learns_why_a_column_is_shaded() -> None:
    told = sheet(column(state="cancelled", held=False, topic="Powers", reason="flu"), column(substitute_id="b"))
    data = grid.data(told, grid.columns(told, {"b": "B. B."}))
    assert [one["standing"] for one in data["columns"]] == ["cancelled; flu", "held by B. B."]
    assert [one["topic"] for one in data["columns"]] == ["Powers", ""]


def test_holidays_stand_at_the_lesson_behind_them() -> None:
    holidays = [
        {"title": "Autumn", "starts_on": "2026-10-26", "ends_on": "2026-11-03"},
        {"title": "Unity Day", "starts_on": "2026-11-04", "ends_on": "2026-11-04"},
    ]
    days = ("2026-10-20", "2026-10-25", "2026-11-05", "2026-11-06")
    found = grid.columns(sheet(*(column(date=day) for day in days), holidays=holidays), {})
    assert [one.notes for one in found] == [[], [], ["Autumn, 26.10–03.11", "Unity Day, 04.11"], []]


def test_the_grid_begins_at_the_latest_lesson() -> None:
    def opening(*columns: dict[str, Any]) -> tuple[str, int] | None:
        found = grid.opening(grid.columns(sheet(*columns), {}))
        return (found.view["date"], found.view["number"]) if found else None

    past, coming = column(date="2026-11-20"), column(date="2026-12-20", held=False)
    assert opening(past, column(), column(number=2), column(number=2, first=False), coming) == ("2026-11-30", 2)
    assert opening(past, coming) == ("2026-11-20", 1)
    assert opening(coming) == ("2026-12-20", 1)
    assert grid.opening([]) is None


def test_a_lesson_that_was_held_and_takes_nothing_can_say_why() -> None:
    assert grid.closed_lesson(sheet(column(absences=False, held=False), column())) is None
    assert grid.closed_lesson(sheet(column(), column(lesson_id="closed", absences=False))) == "closed"


def test_a_head_leads_to_the_form_while_marks_of_some_kind_are_open() -> None:
    whys = [None, {"rule": "window-closed", "detail": ""}, {"rule": "term-closed", "detail": ""}]
    columns = [column(), *(column(writable=False, why=why) for why in whys)]
    found = grid.columns(sheet(*columns), {})
    assert [one.leads_to_form for one in found] == [True, False, True, False]


def test_marks_that_were_brought_along_have_a_column_where_somebody_brought_some() -> None:
    brought = [
        {"student_id": "s1", "marks": [{"text": "5"}, {"text": "4-"}]},
        {"student_id": "s1", "marks": [{"text": "<3>"}]}, {"student_id": "s2", "marks": []},
    ]  # fmt: skip
    shown = sheet(brought=brought)
    assert [name for name, _ in grid.figures(shown)] == ["brought", "mean", "missed", "late"]
    assert '<td class="sum" data-figure="brought">5 4- &lt;3&gt;</td>' in grid.body(shown, WAYS)
    assert [name for name, _ in grid.figures(sheet())] == ["mean", "missed", "late"]


def test_the_term_mark_has_a_column_where_one_is_set() -> None:
    names = [name for name, _ in grid.figures(sheet())]
    assert names == ["mean", "missed", "late"]
    marked = sheet()
    marked["rows"][0]["term_mark"] = "5"
    assert [name for name, _ in grid.figures(marked)] == ["mean", "term_mark", "missed", "late"]


def test_the_script_learns_who_may_write_where() -> None:
    closed = column(writable=False, why={"rule": "term-closed", "detail": "Over."}, absences=False)
    plan = sheet(column(topic="Powers", reason="flu"), closed)
    data = grid.data(plan, grid.columns(plan, {}))
    assert [(one["marks"], one["absences"], one["why"]) for one in data["columns"]] == [
        (True, True, ""), (False, False, "Over."),
    ]  # fmt: skip
    assert (data["columns"][0]["topic"], data["columns"][0]["standing"]) == ("Powers", "flu")
    assert not any(one["marks"] for one in grid.data({**plan, "may_write": False}, grid.columns(plan, {}))["columns"])
    assert (data["scales"], data["codes"]) == ({"k": ["5", "4", "3", "2"]}, ["Н", "У", "Б", "О", "П"])
    assert data["rows"] == [{"student": "s1", "own": True, "why": ""}]


def test_a_scale_of_more_marks_than_fit_below_the_grid_has_no_buttons() -> None:
    kinds = [kind("twelve", " ".join(map(str, range(12)))), kind("hundred", " ".join(map(str, range(101))))]
    assert [*grid.scales(sheet(kinds=kinds))] == ["twelve"]
