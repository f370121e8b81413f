"""Recognises headings, rows of maximum scores and footers of a pasted table of scores by their words."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

#: Longer texts are not matched: names of tasks may be sentences, and patterns are slow on long texts.
_LONGEST: Final = 120


class Role(Enum):
    """What a column of the pasted table holds."""

    NUMBER = auto()
    NAME = auto()
    VARIANT = auto()
    TASK = auto()
    TOTAL = auto()
    IGNORED = auto()


_HEADINGS: Final = {
    Role.NUMBER: re.compile(r"№|№ ?п/?п\.?|п/п|номер|код|n|no\.?"),
    Role.NAME: re.compile(
        r"(ф\.? ?и\.? ?(о\.?)?|фамилия.*|имя|отчество|name|student"
        r"|список|участники?|учени(ки?|ц[аы])|(учащ|обучающ)(ий|ие)ся)"
        r"( (ученика|учеников|учащегося|учащихся|обучающегося|обучающихся))?( (класса|работы))?"
    ),
    Role.VARIANT: re.compile(r"вар(\.|иант)?|variant|version"),
    Role.TOTAL: re.compile(
        r"итого|итог|балл|баллы|σ|total|sum|(сумма|всего|общее количество|количество|кол-во)( баллов)?( ?\(.*\))?"
        r"|(итого|всего)\b(?! (за|по|часть)\b).*|(общий|первичный|итоговый|набранный) балл"
        r"|.*\b(итого|всего|сумма|суммы|общее|общая|набран\w*|первичных)\b.*\bбалл(ов|а|ы)?\b.*"
    ),
    Role.IGNORED: re.compile(
        r"%|процент.*|% вып.*|((итоговая|общая) )?(оценка|отметка)\b.*|mark|grade|уровень|примечани[ея]"
        r"|класс|тестовый балл|результаты?|(итого|всего)\b.*"
    ),
}
#: `мах` is “max” typed on a Cyrillic keyboard.
_MAXIMUM: Final = re.compile(
    r"(макс|мах|max)(\.|имум|имальн\w+|imum|imal)?(\s*(балл|points|за\b).*)?|(наибольший|высший) балл.*"
    r"|(макс|мах)(\.|имальный)\s*б\b\.?"
    r"|((макс|мах)\S* )?(кол-во|количество|число) (перв\w+ )?баллов.*"
)
#: Also means maximum scores in a row above the students.
_MAXIMUM_ABOVE: Final = re.compile(r"баллы?( за (каждое )?задани[ея])?:?")
#: The first words of rows below the students. A name may begin with the same letters, as «Среднев» does.
_FOOTER: Final = re.compile(
    r"%.*|ср\b.*|суммарн\w+ балл.*|(average|mean|median|total|sum)( (score|points))?:?"
    r"|(средн(ий|ее|яя|ие|\.)|медиана|итого|всего|процент|(не )?справил[ои]?с[ья]|(не )?справивш\w+"
    r"|(не )?выполнил[ои]?|(не )?выполнивш\w+|набрал[ои]?|сумма|качество|успеваемость|решаемость|успешность|писал[ои]"
    r"|не приступил[ои]?|отсутствовал[ои]|выполнение|выполняемость|выполнено|верно|решил[ои]|по классу"
    r"|кол-во|количество|(число|доля) (учащихся|учеников|детей|\w+вш(их|ие)(ся)?))(?![\w-]).*"
)


def heading_role(heading: str) -> Role:
    """The role of a column by its heading; a task by default."""
    words = _words(heading)
    if len(words) > _LONGEST:
        return Role.TASK
    return next((role for role, pattern in _HEADINGS.items() if pattern.fullmatch(words)), Role.TASK)


def is_maximum(label: str, above: bool) -> bool:
    """Whether a row holds maximum scores, by its first words; `above`: it stands above the students."""
    words = _words(label)
    if len(words) > _LONGEST:
        return False
    return _MAXIMUM.fullmatch(words) is not None or (above and _MAXIMUM_ABOVE.fullmatch(words) is not None)


def is_footer(label: str) -> bool:
    """Whether a row holds totals of the class, by its first words."""
    words = _words(label)
    return len(words) <= _LONGEST and _FOOTER.fullmatch(words) is not None


def _words(text: str) -> str:
    return " ".join(text[: 4 * _LONGEST].casefold().replace("ё", "е").split())
