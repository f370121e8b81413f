"""Topics by subject and grade, distributed over the lessons of a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from cli.demo.topics import arts, language, mathematics, science, society

#: The form of a lesson: a new topic, practice, a written test, the end of a topic, a control work.
Form = Literal["new", "practice", "test", "closing", "control"]

#: Subject code → band of grades such as `5` or `5-7` → topics, separated by semicolons.
BOOKS: Final[Mapping[str, Mapping[str, str]]] = {
    "russian": language.RUSSIAN,
    "reading": language.READING,
    "literature": language.LITERATURE,
    "english": language.ENGLISH,
    "mathematics": mathematics.MATHEMATICS,
    "algebra": mathematics.ALGEBRA,
    "calculus": mathematics.ALGEBRA,
    "geometry": mathematics.GEOMETRY,
    "statistics": mathematics.STATISTICS,
    "informatics": mathematics.INFORMATICS,
    "world": science.WORLD,
    "biology": science.BIOLOGY,
    "geography": science.GEOGRAPHY,
    "physics": science.PHYSICS,
    "chemistry": science.CHEMISTRY,
    "ethics": society.ETHICS,
    "history": society.HISTORY,
    "social": society.SOCIAL,
    "safety": society.SAFETY,
    "music": arts.MUSIC,
    "art": arts.ART,
    "crafts": arts.CRAFTS,
    "sport": arts.SPORT,
}

#: Subjects whose topics end with a control work, and those that also have short written tests.
CONTROLLED: Final = frozenset(
    {"russian", "english", "mathematics", "algebra", "calculus", "geometry", "physics", "chemistry"}
)
TESTED: Final = CONTROLLED | {
    "history",
    "social",
    "geography",
    "biology",
    "informatics",
    "statistics",
    "world",
    "safety",
}

#: The titles of a topic's lessons after the first one.
STAGES: Final[Mapping[str, str]] = {
    "russian": "Упражнения; Закрепление; Работа с текстом; Развитие речи; Практикум; Разбор слов; Диалог",
    **dict.fromkeys(
        ("reading", "literature"),
        "Чтение и обсуждение; Работа с текстом; Выразительное чтение; Составление плана; Ответы; Пересказ",
    ),
    "english": "Лексика; Чтение; Грамматика; Аудирование; Устная речь; Письмо",
    **dict.fromkeys(
        ("mathematics", "algebra", "calculus", "geometry", "statistics"),
        "Решение упражнений; Решение задач; Закрепление; Практикум; Разбор задач; Работа по карточкам",
    ),
    "physics": "Решение задач; Лабораторная работа; Закрепление; Разбор задач; Практикум",
    "chemistry": "Лабораторные опыты; Решение задач; Закрепление; Практикум",
    "informatics": "Практическая работа; Решение задач; Закрепление; Разбор заданий; Практикум",
    "music": "Слушание и обсуждение; Разучивание песни; Хоровое пение",
    **dict.fromkeys(("art", "crafts"), "Практическая работа; Продолжение работы; Оформление"),
    "sport": "Разучивание; Закрепление; Совершенствование техники; Круговая тренировка; Игры; Эстафеты",
}
USUAL_STAGES: Final = "Закрепление; Работа с учебником; Практическая работа; Беседа"
#: The title of a topic's last lesson, unless it is a control work.
CLOSINGS: Final[Mapping[str, str]] = {
    "art": "Завершение работы",
    "crafts": "Завершение работы",
    "sport": "Учёт",
}
USUAL_CLOSING: Final = "Обобщение"


@dataclass(frozen=True, slots=True)
class LessonPlan:
    """The topic and the form of a lesson."""

    topic: str
    form: Form


@cache
def topics_of(subject: str, grade: int) -> tuple[str, ...]:
    """Topics of a subject in a grade, in order. Raises KeyError where the grade does not have the subject."""
    for band, text in BOOKS[subject].items():
        first, _, last = band.partition("-")
        if int(first) <= grade <= int(last or first):
            return tuple(" ".join(topic.split()) for topic in text.split(";"))
    raise KeyError(f"no topics of {subject} in grade {grade}: add them to cli/demo/topics/")


@cache
def lesson_plan(subject: str, grade: int, ordinal: int, total: int) -> LessonPlan:
    """The plan of a course's lesson number `ordinal` (from 0) of `total` lessons in the year.

    Topics divide the year evenly. Each begins with a lesson of its own title, continues in stages, and may end with a
    written work.
    """
    topics = topics_of(subject, grade)
    number = ordinal * len(topics) // total
    first = -(-number * total // len(topics))
    length = -(-(number + 1) * total // len(topics)) - first
    topic, form = topics[number], _form(subject, grade, number, ordinal - first, length)
    if form == "new":
        return LessonPlan(topic, form)
    if form == "control":
        return LessonPlan(_control_title(subject, grade, topic), form)
    return LessonPlan(f"{topic}. {_stage(subject, form, ordinal - first)}", form)


def _form(subject: str, grade: int, number: int, place: int, length: int) -> Form:
    """The form of the lesson at `place` of a topic's `length` lessons; grade 1 has no written works."""
    if place == 0:
        return "new"
    written = grade > 1
    controlled = written and subject in CONTROLLED and (length >= 6 or (length >= 3 and number % 2 == 1))
    if controlled and place == length - 1:
        return "control"
    if written and subject in TESTED and length >= 3 and place == length // 2:
        return "test"
    return "closing" if length >= 4 and place == length - (2 if controlled else 1) else "practice"


def _stage(subject: str, form: Form, place: int) -> str:
    if form == "test":
        return "Самостоятельная работа"
    if form == "closing":
        return CLOSINGS.get(subject, USUAL_CLOSING)
    stages = STAGES.get(subject, USUAL_STAGES).split("; ")
    return stages[(place - 1) % len(stages)]


def _control_title(subject: str, grade: int, topic: str) -> str:
    what = "Контрольный диктант" if subject == "russian" and grade < 10 else "Контрольная работа"
    return f"{what} по теме «{topic}»"
