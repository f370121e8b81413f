"""Links, names of files and personal tasks of homework."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from kernel.errors import Invalid
from services.gradebook.homework.rules.details import (
    Details,
    Link,
    Task,
    check_file,
    checked_link,
    links_are_news,
    safe_name,
    tasks_of,
    with_news,
)

ANNA, BORIS = UUID(int=1), UUID(int=2)
MONDAY, TUESDAY, FRIDAY = date(2026, 9, 7), date(2026, 9, 8), date(2026, 9, 11)


def form(*students: UUID, text: str = "№ 5", due: date | None = None) -> Any:
    return SimpleNamespace(student_ids=students, text=text, due=due)


@pytest.mark.parametrize(
    "url", ["https://example.org/a?b=c#d", "HTTP://example.org", "https://пример.рф/урок", "https://example.org:8443/"]
)
def test_a_link_leads_to_a_page_of_the_web(url: str) -> None:
    assert checked_link(f" {url} ", " Урок   12 ", "links.0") == Link(url, "Урок 12")


@pytest.mark.parametrize(
    "url",
    [
        "", "учебник", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://example.org",
        "https://", "https:///path", "https://user@example.org", "https://example.org/a b", "https://example.org/\u202e",
        "https://[bad", "//example.org",
    ],
)  # fmt: skip
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_link(url, "", "links.3")
    assert (refused.value.rule, refused.value.field) == ("link", "links.3")


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("Задание 5.pdf", "Задание 5.pdf"),
        ("C:\\Users\\учитель\\план.docx", "план.docx"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ('a<b>:"c"|?*.png', "a b c.png"),
        ("отчёт\u202efdp.exe", "отчётfdp.exe"),
        ("a\x00\x1f\n b.txt", "a b.txt"),
        (" .. ", "file"),
        (".pdf", "pdf"),
        ("й.txt", "й.txt"),
        ("x" * 200 + ".pdf", "x" * 96 + ".pdf"),
        ("a . .pdf", "a.pdf"),
    ],
)
def test_a_name_keeps_its_ending_and_nothing_that_could_deceive(sent: str, name: str) -> None:
    assert safe_name(sent) == name


def test_a_file_is_refused_in_words_that_name_it() -> None:
    check_file("", "a.pdf")
    for rule in ("file-kind", "file-ending", "file-macros", "file-bomb", "file-damaged"):
        with pytest.raises(Invalid) as refused:
            check_file(rule, "план.exe")
        assert (refused.value.rule, refused.value.field) == (rule, "file")
        assert "план.exe" in str(refused.value)


def test_tasks_are_each_students_own_and_due_with_the_homework_unless_said() -> None:
    found = tasks_of([form(BORIS, text=" № 6 ", due=FRIDAY), form(ANNA)], {ANNA, BORIS}, MONDAY, TUESDAY)
    assert found == (Task(ANNA, "№ 5", TUESDAY), Task(BORIS, "№ 6", FRIDAY))
    assert tasks_of([form(ANNA, text="  ")], {ANNA}, MONDAY, TUESDAY) == ()


@pytest.mark.parametrize(
    ("forms", "usual", "rule", "field"),
    [
        ([form(ANNA)], None, "task-without-due", "tasks.0.due"),
        ([form(ANNA, due=MONDAY)], None, "homework-due-too-early", "tasks.0.due"),
        ([form(ANNA), form(BORIS, UUID(int=3))], TUESDAY, "not-in-lesson", "tasks.1.student_ids"),
        ([form(ANNA), form(ANNA)], TUESDAY, "task-twice", "tasks.1.student_ids"),
    ],
)
def test_tasks_that_cannot_be_are_refused_at_their_place(
    forms: list[Any], usual: date | None, rule: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        tasks_of(forms, {ANNA, BORIS}, MONDAY, usual)
    assert (refused.value.rule, refused.value.field) == (rule, field)


def test_details_are_none_only_where_nothing_is_said() -> None:
    assert not Details()
    assert all(
        (Details(minutes=5), Details(links=(Link("https://example.org"),)), Details(tasks=(Task(ANNA, "a", MONDAY),)))
    )


def test_another_link_is_news_and_one_that_goes_or_moves_is_none() -> None:
    one, other = Link("https://example.org/1"), Link("https://example.org/2", "Видео")
    assert links_are_news(Details(), Details(links=(one,)))
    assert links_are_news(Details(links=(one,)), Details(links=(one, other)))
    assert links_are_news(Details(links=(other,)), Details(links=(Link(other.url, "Фильм"),)))
    assert not links_are_news(Details(links=(one, other)), Details(links=(other, one), minutes=20))
    assert not links_are_news(Details(links=(one,)), Details())


def test_a_task_is_news_for_whose_it_is_where_text_or_day_differ() -> None:
    anna, boris = Task(ANNA, "№ 5", MONDAY), Task(BORIS, "№ 5", MONDAY)
    assert with_news(Details(), Details(tasks=(anna, boris))) == [ANNA, BORIS]
    assert with_news(Details(tasks=(anna,)), Details(tasks=(anna, boris), minutes=20)) == [BORIS]
    assert with_news(Details(tasks=(anna,)), Details(tasks=(Task(ANNA, "№ 6", MONDAY),))) == [ANNA]
    assert with_news(Details(tasks=(anna,)), Details(tasks=(Task(ANNA, "№ 5", TUESDAY),))) == [ANNA]
    assert with_news(Details(tasks=(anna, boris)), Details(tasks=(boris,))) == []
