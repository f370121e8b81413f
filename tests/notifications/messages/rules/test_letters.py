"""What letters say, in both languages."""

from __future__ import annotations

from datetime import date
from string import Formatter
from typing import Any
from uuid import UUID

import pytest

from services.attendance.codes.rules import DEFAULT
from services.notifications.messages.rules import news
from services.notifications.messages.rules.letters import Letter, address, write, write_day
from services.notifications.messages.rules.phrases import NAMES, SENTENCES

DAY = date(2026, 3, 5)
SCHOOL, ANNA, LESSON = (UUID(int=number) for number in (1, 2, 3))
MARK: dict[str, Any] = {
    "title": "Алгебра", "date": DAY, "kind": "контрольная работа", "value": "4", "previous": None,
}  # fmt: skip
HOMEWORK: dict[str, Any] = {
    "title": "Физика",
    "date": date(2026, 3, 5),
    "homework": "§ 12\nзадача 3",
    "due": None,
}
ABSENCE: dict[str, Any] = {
    "title": "Химия", "date": date(2026, 3, 5), "number": 3, "code": "Н",
    "name": "отсутствует, причина неизвестна", "minutes": None,
}  # fmt: skip


def letter(kind: str, notice: dict[str, Any], language: str = "ru", **other: Any):
    return write(kind, notice | other, language=language, student="Смирнова Анна")


def test_a_new_mark_is_told_with_subject_date_and_kind_of_work():
    told = letter("mark_posted", MARK)
    assert told.subject == "Новая оценка: Алгебра (Смирнова Анна)"
    assert told.lesson == "Алгебра, 05.03.2026"
    assert told.news == "Новая оценка: 4"
    assert told.detail == "Вид работы: контрольная работа"


def test_a_changed_mark_is_told_as_a_change():
    told = letter("mark_changed", MARK, previous="3")
    assert told.subject == "Изменена оценка: Алгебра (Смирнова Анна)"
    assert told.news == "Оценка изменена: было 3, стало 4"
    assert letter("mark_changed", MARK, "en", previous="3").news == "Mark changed: it was 3, it is now 4"


def test_a_mark_taken_back_is_told_as_taken_back():
    assert letter("mark_changed", MARK, value=None, previous="3").news == "Оценка отменена: было 3"
    assert letter("mark_posted", MARK, value=None, previous="3").news == "Оценка отменена: было 3"
    assert letter("mark_posted", MARK, value=None).news == "Оценка отменена"


def test_a_mark_set_again_after_it_was_taken_back_is_told_as_what_it_is_now():
    assert letter("mark_changed", MARK, value="5").news == "Оценка изменена: теперь 5"


def test_a_mark_that_changed_before_it_was_told_is_told_as_it_is_now():
    assert letter("mark_posted", MARK, previous="3").news == "Новая оценка: 4"


def test_homework_is_quoted_with_its_due_date():
    told = letter("homework_set", HOMEWORK)
    assert (told.news, told.quote) == ("Домашнее задание", "§ 12\nзадача 3")
    assert letter("homework_set", HOMEWORK, due=date(2026, 3, 9)).news == "Домашнее задание на 09.03.2026"
    assert letter("homework_set", HOMEWORK, "en", due=date(2026, 3, 9)).news == "Homework for 9 March 2026"


def test_homework_that_was_emptied_is_told_as_cancelled():
    told = letter("homework_set", HOMEWORK, homework=" \n")
    assert (told.news, told.quote) == ("Домашнее задание отменено", "")


BESIDE = {
    "links": [{"url": "https://example.org/5", "title": "Видео"}, {"url": "https://example.org/6", "title": ""}],
    "files": ["Задание.pdf", "Карта.png"],
    "tasks": [{"student_id": UUID(int=1), "text": "№ 12", "due": date(2026, 3, 9)}],
}  # fmt: skip


def test_homework_is_told_with_its_task_links_and_files():
    beside = [
        "Личное задание на 09.03.2026: № 12", "Ссылка: Видео https://example.org/5", "Ссылка: https://example.org/6",
        "Файлы в дневнике: Задание.pdf, Карта.png",
    ]  # fmt: skip
    told = letter("homework_set", HOMEWORK, **BESIDE)
    assert told.quote.split("\n") == ["§ 12", "задача 3", *beside]
    told = letter("homework_set", HOMEWORK, **BESIDE, homework=" ")
    assert (told.news, told.quote.split("\n")) == ("Домашнее задание", beside)
    assert "Files in the diary: Задание.pdf" in letter("homework_set", HOMEWORK, "en", **BESIDE).quote


def test_of_personal_tasks_a_family_is_told_its_own_alone():
    notice = {**HOMEWORK, **BESIDE}
    own, others = (news.own("homework_set", notice, UUID(int=one)) for one in (1, 2))
    assert (own["tasks"], others["tasks"]) == (BESIDE["tasks"], [])
    assert news.state("homework_set", own) != news.state("homework_set", others)
    assert news.own("mark_posted", MARK, UUID(int=1)) == MARK


def test_a_letter_about_the_text_alone_still_counts_and_one_about_less_than_there_is_does_not():
    lesson = UUID(int=5)
    before = news.digest(lesson, ("§ 12\nзадача 3", None))
    empty = {"links": [], "files": [], "tasks": []}
    for same in (HOMEWORK, {**HOMEWORK, **empty}):
        assert news.silence("homework_set", same, lesson, before) == news.TOLD_BEFORE
    for name, value in BESIDE.items():
        more = {**HOMEWORK, **empty, name: value}
        assert news.silence("homework_set", more, lesson, before) is None
        assert news.silence("homework_set", {**more, "homework": ""}, lesson, None) is None
    assert news.silence("homework_set", {**HOMEWORK, **empty, "homework": ""}, lesson, None) == news.NOTHING_TO_TELL


CHANGED = {
    "title": "Химия", "date": date(2026, 3, 5), "number": 3, "state": "cancelled", "moved_to": None,
    "moved_number": None, "reason": " мороз\n", "classroom": None, "stood_in": False,
}  # fmt: skip


def test_a_changed_lesson_is_told_with_its_reason():
    told = letter("timetable_changed", CHANGED)
    assert (told.subject, told.news, told.detail) == (
        "Изменение в расписании: Химия (Смирнова Анна)", "Урок отменён", "Причина: мороз",
    )  # fmt: skip
    moved = letter("timetable_changed", CHANGED, moved_to=date(2026, 3, 6), moved_number=2, reason="")
    assert (moved.news, moved.detail) == ("Урок перенесён на 06.03.2026, 2-й урок", "")
    assert letter("timetable_changed", CHANGED, "en").news == "The lesson is cancelled"
    assert letter("timetable_changed", CHANGED, state="").news == "Урок состоится по расписанию"
    assert letter("timetable_changed", CHANGED, state="outside", reason="").news == "Урок состоится по расписанию"


def test_another_teacher_and_another_classroom_are_told():
    other = {"state": "", "classroom": "204", "stood_in": True}
    assert letter("timetable_changed", CHANGED, **other).news == "Урок проведёт другой учитель. Кабинет: 204"
    english = letter("timetable_changed", CHANGED, "en", **other)
    assert english.news == "Another teacher holds the lesson. Classroom: 204"
    moved = letter("timetable_changed", CHANGED, moved_to=date(2026, 3, 6), moved_number=2, classroom="204")
    assert moved.news == "Урок перенесён на 06.03.2026, 2-й урок. Кабинет: 204"


def day_of_changes(*changes: dict[str, Any], language: str = "ru"):
    notices = [CHANGED | change for change in changes]
    return write_day("timetable_changed", notices, language=language, student="Смирнова Анна")


def test_several_changes_of_a_day_are_told_in_the_order_of_lessons_and_a_common_reason_once():
    first = {"title": "Физика", "number": 1, "lesson_id": LESSON}
    told = day_of_changes({}, first)
    assert told.subject == "Изменение в расписании: 05.03.2026 (Смирнова Анна)"
    assert (told.lesson, told.news, told.detail) == ("05.03.2026", "Изменения в расписании дня", "Причина: мороз")
    assert told.quote == "1-й урок, Физика: Урок отменён\n3-й урок, Химия: Урок отменён"
    assert told.lesson_id is None
    other = day_of_changes({}, {**first, "state": "", "stood_in": True, "reason": ""}, language="en")
    assert (other.news, other.detail) == ("Changes of the day's timetable", "")
    assert other.quote.split("\n") == [
        "Lesson 1, Физика: Another teacher holds the lesson",
        "Lesson 3, Химия: The lesson is cancelled. Reason: мороз",
    ]


def test_what_was_told_of_a_changed_lesson_before_still_counts_and_another_room_is_news():
    lesson = UUID(int=5)
    moved = {**CHANGED, "state": "", "moved_to": date(2026, 3, 6), "moved_number": 2}
    for notice, before in ((CHANGED, True), (moved, ("2026-03-06", 2)), ({**CHANGED, "state": ""}, None)):
        told = news.digest(lesson, before)
        assert news.silence("timetable_changed", notice, lesson, told) == news.TOLD_BEFORE
    for other in ({"classroom": "204"}, {"stood_in": True}):
        assert news.silence("timetable_changed", {**moved, **other}, lesson, told) is None
        assert news.silence("timetable_changed", {**CHANGED, "state": "", **other}, lesson, None) is None
    assert news.silence("timetable_changed", {**CHANGED, "state": ""}, lesson, None) == news.NOTHING_TO_TELL


def test_an_absence_is_told_with_its_code_and_lesson():
    told = letter("absence_recorded", ABSENCE)
    assert told.lesson == "Химия, 05.03.2026, 3-й урок"
    assert told.news == "Отметка о посещаемости: Н — отсутствует, причина неизвестна"
    assert letter("absence_recorded", ABSENCE, "en").news == "Attendance: Н – absent, reason unknown"


def test_lateness_is_told_with_its_minutes():
    late = {"code": "О", "name": "опоздание", "minutes": 15}
    assert letter("absence_recorded", ABSENCE, **late).news.endswith("О — опоздание, 15 мин.")
    assert letter("absence_recorded", ABSENCE, "en", **late).news == "Attendance: О – late, 15 min"


def test_a_withdrawn_absence_is_told_as_withdrawn():
    told = letter("absence_recorded", ABSENCE, code=None, name="", minutes=None)
    assert told.news == "Отметка об отсутствии или опоздании отменена"


def test_a_name_the_school_gave_itself_stays_in_its_words():
    assert letter("absence_recorded", ABSENCE, "en", name="на олимпиаде").news.endswith("на олимпиаде")


def test_braces_in_what_people_wrote_stay_as_they_are():
    told = letter("homework_set", HOMEWORK, homework="{0} {value}", title="{title}")
    assert told.quote == "{0} {value}"
    assert told.lesson.startswith("{title}, ")


def test_a_subject_line_is_one_line():
    assert "\n" not in letter("mark_posted", MARK, title="Алгебра\r\nBcc: all@example.org").subject


def test_an_unknown_language_becomes_russian():
    assert letter("mark_posted", MARK, "kk").language == "ru"


def test_an_event_nobody_is_told_of_has_no_letter():
    with pytest.raises(KeyError):
        letter("lesson_moved", MARK)


def test_every_language_says_the_same_sentences_with_the_same_values():
    def values(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    russian = {key: values(text) for key, text in SENTENCES["ru"].items()}
    for sentences in SENTENCES.values():
        assert {key: values(text) for key, text in sentences.items()} == russian


def test_every_default_absence_code_has_an_english_name():
    assert set(NAMES["en"]) == {entry.name for entry in DEFAULT}


# --- where a letter leads


def leads(told: Letter, public_url: str = "https://school.example") -> str:
    return address(told, public_url, school_id=SCHOOL, student_id=ANNA).removeprefix("https://school.example")


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(
    ("kind", "notice"),
    [
        ("mark_posted", MARK),
        ("mark_changed", MARK),
        ("homework_set", HOMEWORK),
        ("timetable_changed", CHANGED),
        ("absence_recorded", ABSENCE),
    ],
)
def test_d17_a_letter_leads_to_its_lesson_in_the_diary_of_the_student(kind, notice, language):
    told = letter(kind, notice, language, lesson_id=LESSON)
    assert leads(told) == f"/diary/{ANNA}/days/2026-03-05?lesson={LESSON}&school={SCHOOL}"


def test_d17_homework_leads_to_the_day_on_which_it_is_due_and_cancelled_homework_to_its_lesson():
    due = {"due": date(2026, 3, 9), "lesson_id": LESSON}
    assert leads(letter("homework_set", HOMEWORK, **due)) == f"/diary/{ANNA}/days/2026-03-09?school={SCHOOL}"
    cancelled = letter("homework_set", HOMEWORK, **due, homework="")
    assert leads(cancelled) == f"/diary/{ANNA}/days/2026-03-05?lesson={LESSON}&school={SCHOOL}"


def test_d17_a_moved_lesson_leads_to_where_the_diary_says_whither():
    moved = letter("timetable_changed", CHANGED, moved_to=date(2026, 3, 6), moved_number=2, lesson_id=LESSON)
    assert leads(moved) == f"/diary/{ANNA}/days/2026-03-05?lesson={LESSON}&school={SCHOOL}"


def test_d17_a_day_of_absence_and_what_names_no_lesson_lead_to_the_day():
    day = f"/diary/{ANNA}/days/2026-03-05?school={SCHOOL}"
    two = [ABSENCE | {"lesson_id": LESSON}, ABSENCE | {"number": 4, "lesson_id": SCHOOL}]
    assert leads(write_day("absence_recorded", two, language="ru", student="Смирнова Анна")) == day
    assert leads(letter("mark_posted", MARK)) == day  # as an earlier version of the gradebook tells it


TERM_MARK = {
    "kind": "term",
    "title": "Алгебра 7А",
    "term": "1-я четверть",
    "value": "5",
    "previous": None,
    "comment": "",
}


def test_a_term_mark_is_told_with_its_term_and_leads_to_the_term_marks():
    told = letter("term_marks_set", TERM_MARK, comment=" Так  держать ")
    assert told.subject == "Отметка за период: Алгебра 7А (Смирнова Анна)"
    assert (told.lesson, told.news) == ("Алгебра 7А, 1-я четверть", "Отметка: 5")
    assert told.detail == "Комментарий учителя: Так держать"
    assert leads(told) == f"/marks/{ANNA}/terms?school={SCHOOL}"


def test_a_year_mark_is_told_as_one():
    assert letter("term_marks_set", TERM_MARK | {"kind": "year"}).lesson == "Алгебра 7А, за год"
    assert letter("term_marks_set", TERM_MARK | {"kind": "exam"}, "en").lesson == "Алгебра 7А, the exam"


def test_a_changed_term_mark_says_what_it_was():
    told = letter("term_mark_changed", TERM_MARK, "en", previous="4")
    assert (told.subject, told.news) == (
        "Term mark changed: Алгебра 7А (Смирнова Анна)", "Mark changed: it was 4, it is now 5"
    )  # fmt: skip
    assert letter("term_mark_changed", TERM_MARK, value=None, previous="4").news == "Отметка снята: было 4"
    assert told.detail == ""


def test_a_public_address_with_a_slash_at_its_end_makes_no_two():
    assert leads(letter("mark_posted", MARK), "https://school.example/").startswith("/diary/")


OWED = {
    "title": "Алгебра 7А", "date": date(2026, 3, 5), "due": date(2026, 3, 12), "kind": "Контрольная работа",
    "lesson_id": LESSON, "is_owed": True,
}  # fmt: skip


def test_owed_work_is_told_with_its_kind_and_leads_to_its_date():
    told = letter("owed_work_due", OWED)
    assert told.subject == "Нужно сдать работу: Алгебра 7А (Смирнова Анна)"
    assert (told.news, told.detail) == (
        "Напоминаем о долге: работу нужно сдать до 12.03.2026", "Вид работы: Контрольная работа"
    )  # fmt: skip
    assert leads(told) == f"/diary/{ANNA}/days/2026-03-12?school={SCHOOL}"
    assert letter("owed_work_due", OWED, "en").news == "A reminder: this work is owed until 12 March 2026"
