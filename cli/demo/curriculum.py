"""The shape of the demo school: classes, subjects with weekly hours, teachers, kinds of work."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

#: Grade, letter, number of students: 12 classes, 300 students.
CLASSES: Final = (
    (1, "А", 26),
    (2, "А", 25),
    (3, "А", 26),
    (4, "А", 25),
    (5, "А", 26),
    (5, "Б", 25),
    (6, "А", 27),
    (7, "А", 26),
    (8, "А", 25),
    (9, "А", 25),
    (10, "А", 23),
    (11, "А", 21),
)
#: The number of students from which a class is split into two groups for languages, informatics and crafts.
SPLIT_FROM: Final = 25
#: The grade from which classes also have lessons on Saturdays.
SIX_DAYS_FROM: Final = 7


@dataclass(frozen=True, slots=True)
class SubjectPlan:
    """A subject's name, teachers' speciality, weekly hours by grade, and whether large classes are split for it."""

    code: str
    name: str
    speciality: str
    hours: dict[int, int]
    split: bool = False


def _hours(first: int, text: str) -> dict[int, int]:
    """Weekly hours of successive grades from `first` on: `_hours(7, "3 3 3")`."""
    return {grade: int(hours) for grade, hours in enumerate(text.split(), start=first) if hours != "0"}


#: The federal curricula, with a lyceum's additional hours of mathematics, physics and informatics.
SUBJECTS: Final = (
    SubjectPlan("russian", "Русский язык", "russian", _hours(1, "5 5 5 5 5 6 4 3 3 2 2")),
    SubjectPlan("reading", "Литературное чтение", "primary", _hours(1, "4 4 4 4")),
    SubjectPlan("literature", "Литература", "russian", _hours(5, "3 3 2 2 3 3 3")),
    SubjectPlan("english", "Английский язык", "english", _hours(2, "2 2 2 3 3 3 3 3 3 3"), split=True),
    SubjectPlan("mathematics", "Математика", "mathematics", _hours(1, "4 4 4 4 5 5")),
    SubjectPlan("algebra", "Алгебра", "mathematics", _hours(7, "3 3 3")),
    SubjectPlan("calculus", "Алгебра и начала математического анализа", "mathematics", _hours(10, "4 4")),
    SubjectPlan("geometry", "Геометрия", "mathematics", _hours(7, "2 2 2 3 3")),
    SubjectPlan("statistics", "Вероятность и статистика", "mathematics", _hours(7, "1 1 1 1 1")),
    SubjectPlan("informatics", "Информатика", "informatics", _hours(7, "1 1 1 3 3"), split=True),
    SubjectPlan("world", "Окружающий мир", "primary", _hours(1, "2 2 2 2")),
    SubjectPlan("ethics", "Основы религиозных культур и светской этики", "primary", _hours(4, "1")),
    SubjectPlan("history", "История", "history", _hours(5, "3 3 3 2 2 2 2")),
    SubjectPlan("social", "Обществознание", "history", _hours(8, "1 1 2 2")),
    SubjectPlan("geography", "География", "geography", _hours(5, "1 1 2 2 2 1 1")),
    SubjectPlan("biology", "Биология", "biology", _hours(5, "1 1 1 2 2 1 1")),
    SubjectPlan("physics", "Физика", "physics", _hours(7, "2 2 3 4 4")),
    SubjectPlan("chemistry", "Химия", "chemistry", _hours(8, "2 2 1 1")),
    SubjectPlan("music", "Музыка", "music", _hours(1, "1 1 1 1 1 1 1 1")),
    SubjectPlan("art", "Изобразительное искусство", "art", _hours(1, "1 1 1 1 1 1 1")),
    SubjectPlan("crafts", "Труд (технология)", "crafts", _hours(1, "1 1 1 1 2 2 2 1 1"), split=True),
    SubjectPlan("sport", "Физическая культура", "sport", _hours(1, "3 3 3 2 2 2 2 2 2 3 3")),
    SubjectPlan("safety", "Основы безопасности и защиты Родины", "safety", _hours(8, "1 1 1 1")),
)
#: Subjects that the class's own teacher teaches in grades 1 to 4.
PRIMARY: Final = frozenset({"russian", "reading", "mathematics", "world", "ethics", "art", "crafts"})
#: Subjects that are placed late in the school day.
LIGHT: Final = frozenset({"music", "art", "crafts", "sport", "safety", "ethics"})


@dataclass(frozen=True, slots=True)
class TeacherPlan:
    """A teacher's post: its key, specialities (the main one first) and room."""

    key: str
    specialities: tuple[str, ...]
    room: str
    heads: bool = False


#: The 25 teachers; `heads` marks heads of subject associations.
TEACHERS: Final = (
    TeacherPlan("teacher:primary:1", ("primary",), "101", heads=True),
    TeacherPlan("teacher:primary:2", ("primary",), "102"),
    TeacherPlan("teacher:primary:3", ("primary",), "103"),
    TeacherPlan("teacher:primary:4", ("primary",), "104"),
    TeacherPlan("teacher:russian:1", ("russian",), "201", heads=True),
    TeacherPlan("teacher:russian:2", ("russian",), "202"),
    TeacherPlan("teacher:russian:3", ("russian",), "203"),
    TeacherPlan("teacher:english:1", ("english",), "204", heads=True),
    TeacherPlan("teacher:english:2", ("english",), "205"),
    TeacherPlan("teacher:english:3", ("english",), "206"),
    TeacherPlan("teacher:mathematics:1", ("mathematics",), "301", heads=True),
    TeacherPlan("teacher:mathematics:2", ("mathematics",), "302"),
    TeacherPlan("teacher:mathematics:3", ("mathematics", "informatics"), "303"),
    TeacherPlan("teacher:informatics:1", ("informatics",), "304"),
    TeacherPlan("teacher:physics:1", ("physics",), "305"),
    TeacherPlan("teacher:chemistry:1", ("chemistry",), "306"),
    TeacherPlan("teacher:biology:1", ("biology",), "307"),
    TeacherPlan("teacher:geography:1", ("geography",), "308"),
    TeacherPlan("teacher:history:1", ("history",), "207"),
    TeacherPlan("teacher:history:2", ("history",), "208"),
    TeacherPlan("teacher:sport:1", ("sport",), "Спортивный зал"),
    TeacherPlan("teacher:sport:2", ("sport", "safety"), "Малый зал"),
    TeacherPlan("teacher:music:1", ("music",), "105"),
    TeacherPlan("teacher:crafts:1", ("crafts", "art"), "Мастерская 1"),
    TeacherPlan("teacher:crafts:2", ("crafts",), "Мастерская 2"),
)

#: Head of a subject association → the specialities whose plans it works on; those of others the methodologist makes.
ASSOCIATIONS: Final = {
    "teacher:primary:1": ("primary",),
    "teacher:russian:1": ("russian", "history"),
    "teacher:english:1": ("english",),
    "teacher:mathematics:1": ("mathematics", "informatics", "physics", "chemistry", "biology", "geography"),
}
#: Rooms that are no teacher's own; several classes at once fit into the shared ones.
OTHER_ROOMS: Final = ("209", "Актовый зал", "Библиотека")
SHARED_ROOMS: Final = frozenset({"Актовый зал", "Библиотека", "Спортивный зал"})

#: Code, name and weight of the kinds of work.
KINDS: Final = (
    ("answer", "Ответ на уроке", Decimal(1)),
    ("homework", "Домашняя работа", Decimal(1)),
    ("test", "Самостоятельная работа", Decimal(2)),
    ("control", "Контрольная работа", Decimal(3)),
)

#: Student movement in the year: one changes class when the second quarter begins, one leaves when it ends.
TRANSFER: Final = ("student:5А:12", "5Б")
LEAVER: Final = "student:7А:20"
