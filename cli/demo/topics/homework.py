"""Homework texts by subject, as teachers write them in the column „Домашнее задание“."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Final

_SUMS: Final = (
    "№ {exercise}, {next_exercise}",
    "С. {page}, № {exercise}",
    "№ {exercise}; повторить правило на с. {page}",
    "№ {exercise} (устно), {next_exercise} (письменно)",
)
_PROOFS: Final = (
    "§ {paragraph}, № {exercise}, {next_exercise}",
    "№ {exercise}, {next_exercise}",
    "§ {paragraph}, выучить определения; № {exercise}",
    "Карточка № {card}",
)
_BOOK: Final = (
    "§ {paragraph}, вопросы 1–{few}",
    "§ {paragraph}, пересказ",
    "§ {paragraph}, заполнить таблицу в тетради",
    "§ {paragraph}, выучить термины",
    "§ {paragraph}, подготовить сообщение",
)
_MAP: Final = (
    "§ {paragraph}, вопросы 1–{few}",
    "§ {paragraph}, работа с контурной картой",
    "§ {paragraph}, пересказ",
    "§ {paragraph}, выучить термины",
)
_TASKS: Final = (
    "§ {paragraph}, вопросы 1–{few}",
    "§ {paragraph}, упражнение {card}",
    "§ {paragraph}, задачи {card} и {next_card} после параграфа",
    "§ {paragraph}, выучить формулы",
)
_HANDS: Final = ("Подготовить материалы к следующему уроку", "Закончить работу")

#: Subject code → texts with places for numbers.
TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "russian": (
        "Упр. {exercise}",
        "§ {paragraph}, упр. {exercise}",
        "Выучить правило на с. {page}, упр. {exercise}",
        "Упр. {exercise}; повторить словарные слова",
    ),
    "reading": (
        "С. {page}–{next_page}, выразительное чтение",
        "С. {page}–{next_page}, пересказ",
        "С. {page}, ответить на вопросы",
        "Прочитать с. {page}–{next_page}, нарисовать иллюстрацию",
    ),
    "literature": (
        "Прочитать с. {page}–{next_page}, ответить на вопросы",
        "Дочитать произведение, составить план",
        "Подготовить устный ответ на вопрос {few}, с. {page}",
        "Выучить отрывок наизусть, с. {page}",
    ),
    "english": (
        "Учебник, с. {page}, упр. {few}",
        "Рабочая тетрадь, с. {page}, упр. {few}",
        "Выучить слова, с. {page}",
        "Составить диалог по образцу, с. {page}",
    ),
    "mathematics": _SUMS,
    **dict.fromkeys(("algebra", "calculus", "geometry", "statistics"), _PROOFS),
    "informatics": ("§ {paragraph}, вопросы 1–{few}", "§ {paragraph}, задание {card}", "Карточка № {card}"),
    "world": (
        "С. {page}–{next_page}, пересказ",
        "С. {page}, ответить на вопросы",
        "Рабочая тетрадь, с. {page}",
    ),
    "biology": _BOOK,
    "geography": _MAP,
    "physics": _TASKS,
    "chemistry": _TASKS,
    "ethics": ("С. {page}, ответить на вопросы", "Подготовить рассказ по теме урока"),
    "history": _MAP,
    "social": _BOOK,
    "safety": ("§ {paragraph}, вопросы 1–{few}", "§ {paragraph}, выучить порядок действий"),
    "music": ("Послушать произведение, описать настроение", "Выучить слова песни"),
    "art": _HANDS,
    "crafts": _HANDS,
    "sport": ("Комплекс упражнений № {card}", "Прыжки через скакалку: 3 подхода по 40"),
}
#: Share of the lessons with homework where it is not the usual one.
SHARES: Final[Mapping[str, float]] = {"music": 0.2, "art": 0.3, "crafts": 0.3, "sport": 0.1, "ethics": 0.6}
USUAL_SHARE: Final = 0.92


def homework_text(subject: str, grade: int, ordinal: int, total: int, chance: random.Random) -> str:
    """Homework of a course's lesson number `ordinal` (from 0) of `total`, or "": none is set in grade 1.

    Pages, paragraphs and exercises go forward with the year, as they do in a textbook.
    """
    if grade == 1 or chance.random() >= SHARES.get(subject, USUAL_SHARE):
        return ""
    texts = TEXTS[subject]
    page = 8 + ordinal * 168 // total
    exercise = 11 + 4 * ordinal + chance.randrange(3)
    card = 1 + (ordinal * 3 + chance.randrange(3)) % 12
    return texts[chance.randrange(len(texts))].format(
        page=page,
        next_page=page + chance.randint(1, 3),
        paragraph=1 + ordinal * 52 // total,
        exercise=exercise,
        next_exercise=exercise + chance.randint(1, 3),
        card=card,
        next_card=card + 1,
        few=chance.randint(2, 5),
    )
