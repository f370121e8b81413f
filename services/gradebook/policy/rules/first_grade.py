"""The refusals in grade 1, which has neither marks nor substitutes for marks. Absences are kept there too."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import date
from typing import Final, NamedTuple

from kernel.errors import Invalid
from services.gradebook.policy.rules.known_grade import ClassGrade, check_grade_known, unknown_of
from services.gradebook.policy.rules.policy import Place, Policy

#: The grade in which no marks are given (regulation, clause 2.5).
UNMARKED_GRADE: Final = 1

#: Words that stand for a mark; `ё` is written `е`.
_MARKS: Final = """
    единица двойка тройка четверка пятерка кол один два три четыре пять балл балла баллов
    отлично хорошо удовлетворительно неудовлетворительно плохо отл хор удовл уд неуд
    зач незач зачет незачет зачтено excellent good satisfactory poor pass fail
    шесть семь восемь девять десять пятерку пятерки пятерок четверку четверки
    четверок тройку тройки троек двойку двойки двоек единицу единицы пятерочка пятерочку пятерочки четверочка троечка
    двоечка отличник отличница
    one two three four five
"""
_PRAISE: Final = """
    превосходно великолепно прекрасно замечательно чудесно молодец молодчина молодцы умница умничка супер класс браво
    super bravo
"""
#: Words that may accompany a mark without adding meaning.
_BESIDE: Final = """
    оценка оценку отметка отметку ставлю поставила поставил не из с на плюс плюсом минус минусом % б
    mark grade of plus minus
"""
#: Tokens given in place of marks.
_TOKENS: Final = """
    звезда звезды звезд звезду звездочка звездочки звездочек звездочку солнце солнца солнышко солнышка солнышек
    тучка тучки тучек тучку облачко облачка облачков смайл смайла смайлов смайлик смайлика смайликов штамп штампа
    штампов штампик штампика штампиков печать печати сердце сердца сердец сердечко сердечка сердечек флажок флажка
    флажков медаль медали медалей галочка галочки галочек галочку
    наклейка наклейки наклеек наклейку star stars sun suns smiley smileys stamp stamps
    sticker stickers
"""
_WORDS: Final = frozenset((_MARKS + _PRAISE + _TOKENS).split())
_BESIDE_WORDS: Final = frozenset(_BESIDE.split())
_SMILEY: Final = re.compile(r"[:;=][-'^o]?[()\[\]|dpр3*/\\]+|\^_*\^|<3|[()]+")
_NUMBER: Final = re.compile(r"[0-9]+(?:[.,/][0-9]+)*[-+%]*(?:б|-?ка|-?ку)?|[-+*]+")
_DATE: Final = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2,4}")
_ROMAN: Final = re.compile(r"i{1,3}|iv|v")
#: Unicode categories of joiners and variation selectors, as inside an emoji.
_UNSEEN: Final = frozenset({"Mn", "Me", "Cf"})
_STOPS: Final = ".,:;!?…«»„“”\"'()[]{}*_=–—"
#: Characters in the same Unicode category as stars and suns that are ordinary text.
_WRITTEN: Final = frozenset("№°©®™")


def grade_takes_marks(grade: int | None) -> bool:
    """Whether marks are given in a grade; several grades, none of them the first (None), take them (clause 2.5).

    Of a class whose grade is not known nothing is asked here: `known_grade.check_grade_known` refuses that.
    """
    return grade != UNMARKED_GRADE


def check_grade_takes_marks(grade: int | None, field: str = "student_id") -> None:
    """Refuse a mark in grade 1, which has neither marks nor substitutes for them (regulation, clause 2.5)."""
    if not grade_takes_marks(grade):
        raise Invalid(
            "No marks are given in grade 1 (clause 2.5 of the regulation).", rule="no-marks-in-grade-1", field=field
        )


def check_line_item_takes_marks(grade: int | None, item: str) -> None:
    """Refuse an imported mark in grade 1; names the line item, never the student (regulation, clause 2.5)."""
    if grade == UNMARKED_GRADE:
        raise Invalid(
            "Line item {item}: no marks are given in grade 1 (clause 2.5 of the regulation).",
            rule="no-marks-in-grade-1",
            item=item,
        )


def check_grade_takes_term_marks(grade: int | None, field: str = "student_id") -> None:
    """Refuse a term or year mark in grade 1 (regulation, clause 2.5)."""
    if grade == UNMARKED_GRADE:
        raise Invalid(
            "No term marks are given in grade 1 (clause 2.5 of the regulation).",
            rule="no-term-marks-in-grade-1",
            field=field,
        )


def check_marked(policy: Policy, place: Place, grade: ClassGrade, field: str = "student_id") -> None:
    """Refuse a mark where the policy (`scales.marked`) gives none, as in a subject without marks; always in grade 1.

    No policy can lift the ban in grade 1, which is the regulation's; nor does an unknown `grade` (clause 2.5).
    """
    check_grade_known(grade, field)
    check_grade_takes_marks(place.grade, field)
    if not policy.scales.marked.at(place).value:
        raise Invalid(
            "By the school's policy this course is taught without marks.", rule="course-unmarked", field=field
        )


def check_grade_takes_homework(grades: Iterable[int | None]) -> None:
    """Refuse homework for students of grade 1, who have none; `grades` are those of the students.

    Source: the regulation, clause 2.5, and the sanitary rules SP 2.4.3648-20, 3.4.16.
    """
    if UNMARKED_GRADE in grades:
        raise Invalid(
            "No homework is given in grade 1, which learns without marks (clause 2.5 of the regulation; sanitary rules "
            "SP 2.4.3648-20, 3.4.16).",
            rule="no-homework-in-grade-1",
            field="homework",
        )


def check_homework_given(policy: Policy, grades: Iterable[ClassGrade], subject: str) -> None:
    """Refuse homework where the policy allows no minutes for it, and always in grade 1 (domain, §3).

    `grades` are those of the students; where one is not known, homework waits (clause 2.5).
    """
    found = set(grades)
    check_grade_takes_homework(one.grade for one in found)
    if (unknown := unknown_of(found)) is not None:
        check_grade_known(unknown, "homework")
    if not all(takes_homework(policy, Place(one.grade, subject)) for one in found):
        raise Invalid(
            "By the school's policy no homework is given in this course.", rule="no-homework-here", field="homework"
        )


class Taken(NamedTuple):
    """What a lesson takes, by the policy that decides its day."""

    marks: bool
    homework: bool
    #: The class whose grade is not known, so that homework waits, and marks of its students.
    waits_for: ClassGrade | None = None


def taken(policy: Policy, place: Place, grades: Collection[ClassGrade]) -> Taken:
    """Whether marks and homework are given in a place by the policy; in grade 1 neither is (clause 2.5; domain, §3).

    `grades` are those of the students: where none is known, marks wait, and homework where one is not.
    """
    waits_for = unknown_of(grades)
    marked = grade_takes_marks(place.grade) and policy.scales.marked.at(place).value
    known = any(one.is_known for one in grades)
    return Taken(marked and known, waits_for is None and takes_homework(policy, place), waits_for)


def takes_homework(policy: Policy, place: Place) -> bool:
    """Whether homework may be given: not in grade 1, nor where the policy allows 0 minutes (domain, §3).

    Several grades, none of them the first (None), take homework, as they take marks.
    """
    if place.grade is None:
        return True
    return place.grade != UNMARKED_GRADE and policy.load.homework_minutes.at(place).value > 0


def check_control_work(policy: Policy, place: Place, day: date, first_half_ends_on: date) -> None:
    """Refuse a control work on `day` in the first half of the year if the policy allows none then.

    By default this concerns grade 1 (domain, §3). `first_half_ends_on` is the last day of the first half.
    """
    if day <= first_half_ends_on and not policy.load.control_works_in_first_half.at(place).value:
        raise Invalid(
            "No control works are held in grade {grade} before {date} is over.",
            rule="no-control-works-in-first-half",
            field="date",
            grade=place.grade,
            date=first_half_ends_on,
        )


def check_no_stand_in(grade: int | None, text: str, field: str = "comment") -> None:
    """Refuse a text in grade 1 that only substitutes for a mark (`stands_for_mark`; clause 2.5)."""
    if grade == UNMARKED_GRADE and stands_for_mark(text):
        raise Invalid(
            "In grade 1 nothing stands in for a mark, so not {value} either (clause 2.5 of the regulation).",
            rule="stand-in-in-grade-1",
            field=field,
            value=text.strip(),
        )


def stands_for_mark(text: str) -> bool:
    """Whether a text only substitutes for a mark (regulation, clause 2.5; domain, §3).

    It does if it consists of numbers with signs (`5`, `4-`, `+`), words of praise or for marks (`отлично`), or names
    and signs of stars, suns, stamps, smileys, with only accompanying words (`Оценка: 5`, `10 из 10`). A sentence about
    how a child works does not (`Читает вслух отлично`), nor does an attendance code (`Н`). Circled, Roman and other
    forms of digits count as digits (Unicode's form NFKC).
    """
    pieces = [piece for piece in map(_plain, text.split()) if piece.rstrip(":") not in _BESIDE_WORDS and piece != "б."]
    said = [bare for piece in pieces if (bare := _bare(piece))]
    return bool(said) and all(_is_stand_in(piece) for piece in said)


def _plain(text: str) -> str:
    """A word in lower case, with plain digits, without invisible characters."""
    seen = "".join(one for one in text if unicodedata.category(one) not in _UNSEEN)
    return unicodedata.normalize("NFKC", seen).casefold().replace("ё", "е")


def _bare(piece: str) -> str:
    """A word without surrounding punctuation; a smiley, which is only punctuation, stays."""
    return piece if _SMILEY.fullmatch(piece) or _NUMBER.fullmatch(piece) else piece.strip(_STOPS)


def _is_stand_in(piece: str) -> bool:
    if _DATE.fullmatch(piece):
        return False
    return piece in _WORDS or _is_picture(piece) or any(form.fullmatch(piece) for form in (_SMILEY, _NUMBER, _ROMAN))


def _is_picture(text: str) -> bool:
    """Whether a text consists of pictures: `★★★`, an emoji."""
    kinds = [unicodedata.category(letter) for letter in text]
    drawn = "So" in kinds and all(kind in ("So", "Sk") for kind in kinds)  # Sk: skin tones of emoji
    return drawn and _WRITTEN.isdisjoint(text)
