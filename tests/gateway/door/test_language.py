"""People are told everything in their language."""

from __future__ import annotations

import re

import pytest
from babel.messages.mofile import read_mo

from gateway import catalogue
from gateway.catalogue import phrases_of, texts_of
from gateway.door import language
from tests.gateway.answers import refused
from tests.gateway.site import Site
from tests.neighbours import School

PARAMETER = re.compile(r"\{\w*\}|%\(\w+\)s")


@pytest.fixture
def door(lasting: Site) -> Site:
    return lasting


@pytest.mark.slow
def test_every_text_that_people_read_has_a_russian_translation() -> None:
    translated = catalogue.translated("ru")
    missing = {
        text: where
        for text, where in catalogue.messages().items()
        if not (text in translated and translated[text].string)
    }
    assert missing == {}, "run `python -m gateway.catalogue` and translate these"


@pytest.mark.slow
def test_no_translation_outlives_its_text() -> None:
    texts = catalogue.messages()
    assert [message.id for message in catalogue.translated("ru") if message.id and message.id not in texts] == []


def test_the_compiled_catalogue_is_what_the_written_one_compiles_to() -> None:
    path = catalogue.TRANSLATIONS / "ru" / "LC_MESSAGES" / "messages.mo"
    assert path.read_bytes() == catalogue.compiled(catalogue.translated("ru"))
    with path.open("rb") as file:
        compiled = read_mo(file)
    assert compiled["Not found"].string == "Не найдено"


def test_a_translation_has_the_parameters_of_its_text() -> None:
    for message in catalogue.translated("ru"):
        if message.id:
            given, used = set(PARAMETER.findall(message.id)), set(PARAMETER.findall(message.string))
            assert given == used, message.id


def test_texts_are_found_in_refusals_faults_and_the_templates_of_strings() -> None:
    source = """
FORMS = {"a": "is short", "b": "is long"}
def check(faults, column):
    message = f"{column.name} is missing."
    faults.add("file", "rule", message, 1)
    faults.add("file", "rule", f"{column.name} {FORMS[column.kind]}.")
    seen.add("file", "rule", "nobody is told this")
    raise Invalid("Not {this}.", rule="no", this=column)
"""
    assert set(texts_of(source)) == {"{name} is missing.", "{name} is short.", "{name} is long.", "Not {this}."}


def test_a_refusal_that_a_rule_words_in_both_languages_brings_its_translation() -> None:
    source = """
FULL = Refusal("full", Phrase("Здесь {this}.", "Here is {this}."))
BOTH = Refusal("both", Phrase(en="One " "two.", ru="Раз, два."))
NONE = Phrase("не отказ", "no refusal")
"""
    assert list(phrases_of(source)) == [("Here is {this}.", "Здесь {this}."), ("One two.", "Раз, два.")]


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


def test_a_message_that_comes_filled_in_is_translated_with_its_words(door: Site) -> None:
    with door.app.test_request_context(headers={"Accept-Language": "ru"}):
        assert language.said("The column sourcedId is missing.") == "Нет столбца sourcedId."
        nested = "Лицей: The column sourcedId is missing."
        assert language.said(nested) == "Лицей: Нет столбца sourcedId."
        assert language.said("Nobody has ever said this") == "Nobody has ever said this"
    with door.app.test_request_context(headers={"Accept-Language": "en"}):
        assert language.said("The column sourcedId is missing.") == "The column sourcedId is missing."


def test_dates_in_messages_are_written_as_people_write_them(door: Site) -> None:
    template = "The course has a lesson with this number on {date} already."
    with door.app.test_request_context(headers={"Accept-Language": "ru"}):
        assert "25.11.2026" in language.said(template, {"date": "2026-11-25"})
