"""What is refused in grade 1, where nothing is marked and nothing stands in for a mark; absences are kept there too."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Final

from kernel.errors import Invalid
from services.gradebook.policy.rules.policy import Place, Policy

#: The grade in which no marks are given (regulation, clause 2.5).
UNMARKED_GRADE: Final = 1

#: Words that say a mark without its number; `ё` is written `е`.
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
#: What stands beside a mark without saying more.
_BESIDE: Final = """
    оценка оценку отметка отметку ставлю поставила поставил не из с на плюс плюсом минус минусом % б
    mark grade of plus minus
"""
#: What is handed out in a mark's stead.
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
#: Joiners and variants of signs, as inside an emoji.
_UNSEEN: Final = frozenset({"Mn", "Me", "Cf"})
_STOPS: Final = ".,:;!?…«»„“”\"'()[]{}*_=–—"
#: Of the kind of stars and suns for Unicode, and yet writing.
_WRITTEN: Final = frozenset("№°©®™")


def check_grade_takes_marks(grade: int | None, field: str = "student_id") -> None:
    """Refuse a mark in grade 1: none are given there, nor anything in their stead (regulation, clause 2.5).

    `grade` None is a class whose grade nobody entered: it takes marks.
    """
    if grade == UNMARKED_GRADE:
        raise Invalid("No marks are given in grade 1.", rule="no-marks-in-grade-1", field=field)


def check_line_item_takes_marks(grade: int | None, item: str) -> None:
    """Refuse an imported mark in grade 1, naming the line item, never the student (regulation, clause 2.5)."""
    if grade == UNMARKED_GRADE:
        raise Invalid("Line item {item}: no marks are given in grade 1.", rule="no-marks-in-grade-1", item=item)


def check_grade_takes_term_marks(grade: int | None, field: str = "student_id") -> None:
    """Refuse the mark of a term or a year in grade 1 (regulation, clause 2.5)."""
    if grade == UNMARKED_GRADE:
        raise Invalid("No term marks are given in grade 1.", rule="no-term-marks-in-grade-1", field=field)


def check_marked(policy: Policy, place: Place, field: str = "student_id") -> None:
    """Refuse a mark where the policy (`scales.marked`) gives none: a subject without marks, and always grade 1.

    No policy lifts the ban in grade 1: it is the regulation's (clause 2.5).
    """
    check_grade_takes_marks(place.grade, field)
    if not policy.scales.marked.at(place).value:
        raise Invalid(
            "By the school's policy this course is taught without marks.", rule="course-unmarked", field=field
        )


def check_grade_takes_homework(grades: Iterable[int | None]) -> None:
    """Refuse homework where a student of grade 1 is taught: there is none in grade 1 (domain, §3)."""
    if UNMARKED_GRADE in grades:
        raise Invalid("No homework is given in grade 1.", rule="no-homework-in-grade-1", field="homework")


def takes_homework(policy: Policy, place: Place) -> bool:
    """Whether homework may be given: not in grade 1, nor where the policy grants it no minutes (domain, §3).

    A class whose grade nobody entered takes homework, as it takes marks.
    """
    if place.grade is None:
        return True
    return place.grade != UNMARKED_GRADE and policy.load.homework_minutes.at(place).value > 0


def check_control_work(policy: Policy, place: Place, day: date, first_half_ends_on: date) -> None:
    """Refuse a control work on `day` in the first half of the year where the policy allows none there.

    By default that is grade 1 (domain, §3). `first_half_ends_on` is the last day of the first half.
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
    """Refuse a text in grade 1 that is nothing but a stand-in for a mark (`stands_for_mark`; clause 2.5)."""
    if grade == UNMARKED_GRADE and stands_for_mark(text):
        raise Invalid(
            "In grade 1 nothing stands in for a mark, so not {value} either.",
            rule="stand-in-in-grade-1",
            field=field,
            value=text.strip(),
        )


def stands_for_mark(text: str) -> bool:
    """Whether a text says no more than a mark would (regulation, clause 2.5; domain, §3).

    That is: numbers with signs (`5`, `4-`, `+`), words of praise or for marks (`отлично`), names and signs of
    stars, suns, stamps, smileys – one or several, and nothing else but words that go with them (`Оценка: 5`,
    `10 из 10`). A sentence that says how a child works is none (`Читает вслух отлично`), nor is a code of
    attendance (`Н`). Digits in circles, in Roman and in other writing are digits (Unicode's form NFKC).
    """
    pieces = [piece for piece in map(_plain, text.split()) if piece.rstrip(":") not in _BESIDE_WORDS and piece != "б."]
    said = [bare for piece in pieces if (bare := _bare(piece))]
    return bool(said) and all(_is_stand_in(piece) for piece in said)


def _plain(text: str) -> str:
    """A word in small letters, with plain digits for those that are drawn, without what cannot be seen."""
    seen = "".join(one for one in text if unicodedata.category(one) not in _UNSEEN)
    return unicodedata.normalize("NFKC", seen).casefold().replace("ё", "е")


def _bare(piece: str) -> str:
    """A word without the punctuation around it; a smiley is all punctuation, and stays."""
    return piece if _SMILEY.fullmatch(piece) or _NUMBER.fullmatch(piece) else piece.strip(_STOPS)


def _is_stand_in(piece: str) -> bool:
    if _DATE.fullmatch(piece):
        return False
    return piece in _WORDS or _is_picture(piece) or any(form.fullmatch(piece) for form in (_SMILEY, _NUMBER, _ROMAN))


def _is_picture(text: str) -> bool:
    """Whether a text is drawn rather than written: `★★★`, an emoji."""
    kinds = [unicodedata.category(letter) for letter in text]
    drawn = "So" in kinds and all(kind in ("So", "Sk") for kind in kinds)  # Sk: the tones of an emoji's skin
    return drawn and _WRITTEN.isdisjoint(text)
