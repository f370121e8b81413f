"""People are told everything in their language."""

from __future__ import annotations

import re
from datetime import date

import pytest

from contracts.gradebook.marks import Marks
from gateway.door import language
from gateway.door.problems import of_refusal
from kernel.errors import Invalid
from kernel.texts import Text
from tests.gateway.answers import refused
from tests.gateway.site import Site
from tests.kit.town import School


@pytest.fixture
def door(lasting: Site) -> Site:
    return lasting


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "Не найдено"),
        ("ru", "Не найдено"),
        ("en", "Not found"),
        ("en-GB, ru;q=0.5", "Not found"),
        ("de", "Не найдено"),
        ("de, en;q=0.5", "Not found"),
        ("", "Не найдено"),
    ],
)
def test_the_callers_language_is_chosen_by_header(
    door: Site, school: School, header: str | None, expected: str
) -> None:
    headers = {} if header is None else {"Accept-Language": header}
    assert refused(door.asking(school.teacher, **headers).get("/nothing"), 404)["title"] == expected


@pytest.mark.parametrize(
    ("spoken", "expected"), [("ru", "Нет столбца sourcedId."), ("en", "The column sourcedId is missing.")]
)
def test_a_text_is_translated_and_then_filled_in(door: Site, spoken: str, expected: str) -> None:
    with door.app.test_request_context(headers={"Accept-Language": spoken}):
        assert language.said(Text("The column {name} is missing.", {"name": "sourcedId"})) == expected


def test_a_text_within_a_text_is_translated_as_well(door: Site) -> None:
    inner = Text("The column {name} is missing.", {"name": "lesson"})
    with door.app.test_request_context(headers={"Accept-Language": "ru"}):
        assert language.said(Text("{school}: {failure}", {"school": "Лицей", "failure": inner})) == (
            "Лицей: Нет столбца lesson."
        )


def test_a_parameter_that_is_no_text_stays_as_it_is(door: Site) -> None:
    with door.app.test_request_context(headers={"Accept-Language": "ru"}):
        assert language.said(Text("The column {name} is missing.", {"name": "lesson"})) == "Нет столбца lesson."
        assert language.said(Text("There is no such {what}.", {"what": Text("lesson")})) == ("Не найдено: урок.")


def test_a_sentence_of_an_older_sender_is_shown_as_it_is(door: Site) -> None:
    with door.app.test_request_context(headers={"Accept-Language": "ru"}):
        assert language.told("The column {} is missing.", None) == "The column {} is missing."
        assert language.told("This file is encrypted.", None) == "Этот файл зашифрован."
        text = {"template": "The column {name} is missing.", "params": {"name": "lesson"}}
        assert language.told("The column lesson is missing.", text) == "Нет столбца lesson."


def test_a_template_whose_parameters_do_not_fit_is_shown_as_it_is(door: Site) -> None:
    with door.app.test_request_context(headers={"Accept-Language": "ru"}):
        assert language.said(Text("The column {name} is missing.", {"nome": "x"})) == "The column {name} is missing."


def test_dates_in_messages_are_written_as_people_write_them(door: Site) -> None:
    template = "The course has a lesson with this number on {date} already."
    with door.app.test_request_context(headers={"Accept-Language": "ru"}):
        assert "25.11.2026" in language.said(Text(template, {"date": date(2026, 11, 25)}))


def test_what_a_person_typed_is_shown_as_it_was_typed_though_it_looks_like_a_date(door: Site) -> None:
    for typed in ("2026-02-28", "2026-02-31"):
        with door.app.test_request_context(headers={"Accept-Language": "ru"}):
            assert f"«{typed}»" in language.said(Text("The calendar has no date {piece}.", {"piece": typed}))


def test_a_schema_s_faults_are_told_in_the_language_of_the_request(door: Site) -> None:
    with pytest.raises(Invalid) as refused:
        Marks.post_marks.load({"lesson_id": "x", "kind_id": None, "marks": [], "tomorrow": 1})
    with door.app.test_request_context(headers={"Accept-Language": "ru"}):
        told = {fault["field"]: fault["message"] for fault in of_refusal(refused.value).faults}
    assert told["lesson_id"] == "Неверная ссылка или код записи."
    assert re.fullmatch(r"[^A-Za-z]+", told["marks"]), told
    assert all("{" not in message for message in told.values())
