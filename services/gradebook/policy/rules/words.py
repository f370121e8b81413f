"""The names of a policy's rules and values in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kernel.phrases import Phrase, Sentence
from services.gradebook.policy.rules.policy import (
    WHOLE_YEAR,
    Group,
    Handling,
    Kind,
    LeastMarks,
    Level,
    Scope,
    Threshold,
    Veto,
)
from services.gradebook.policy.rules.scales import SCALES

#: Path of a rule → its name.
NAMES: Final[Mapping[str, Phrase]] = {
    "time_zone": Phrase("Часовой пояс", "Time zone"),
    "kinds": Phrase("Виды работ", "Kinds of work"),
    "scales.scale": Phrase("Шкала отметок", "Scale of marks"),
    "scales.sign": Phrase("Сколько прибавляет «+» и отнимает «−»", "What + adds and − takes"),
    "scales.marked": Phrase("Ставить отметки", "Marks are given"),
    "means.weighted": Phrase("Учитывать вес отметок", "Weights of marks count"),
    "means.weight": Phrase("Вес отметки", "Weight of a mark"),
    "means.groups": Phrase("Группы видов работ", "Groups of kinds of work"),
    "means.excused": Phrase("Работа, от которой ученик освобождён", "A work from which the student is excused"),
    "means.ungraded": Phrase("Работа, за которую ещё нет отметки", "A work without mark as yet"),
    "means.only_if_helps": Phrase(
        "Учитывать отметку, только если она повышает средний балл", "A mark counts only where it raises the mean"
    ),
    "means.brought": Phrase("Учитывать отметки из прежней школы", "Marks of the former school count"),
    "means.drop_lowest": Phrase("Сколько худших отметок не учитывать", "How many of the lowest marks are left out"),
    "means.drop_highest": Phrase("Сколько лучших отметок не учитывать", "How many of the highest marks are left out"),
    "means.decimals": Phrase("Знаков после запятой в среднем балле", "Decimals of a mean"),
    "terms.thresholds": Phrase("Пороги отметок за период", "Thresholds of term marks"),
    "terms.least_marks": Phrase("Наименьшее число отметок за период", "Least number of marks in a term"),
    "terms.vetoes": Phrase("Ограничения отметки за период", "Vetoes on a term mark"),
    "terms.pass_share": Phrase(
        "Доля «зач», с которой за период ставится «зач»", "Share of зач that gives the term's зач"
    ),
    "terms.disputed": Phrase("Ширина спорной зоны под порогом", "Width of the disputed zone below a threshold"),
    "terms.free_difference": Phrase(
        "На сколько баллов отметка может отличаться от расчётной без объяснения",
        "By how many steps a term mark may differ from the computed one without a reason",
    ),
    "years.thresholds": Phrase("Пороги годовых отметок", "Thresholds of year marks"),
    "years.most_missing_terms": Phrase(
        "Сколько периодов может быть без отметки, чтобы годовая отметка выставлялась",
        "How many terms may be without mark before there is no year mark",
    ),
    "years.exam_weight": Phrase("Вес экзамена в итоговой отметке", "Weight of the exam in the certificate mark"),
    "keeping.week": Phrase("Учебные дни недели", "Days of the week with lessons"),
    "keeping.topic_days": Phrase("Срок записи темы урока, учебных дней", "School days to enter a topic"),
    "keeping.homework_days": Phrase("Срок записи домашнего задания, учебных дней", "School days to enter homework"),
    "keeping.mark_days": Phrase("Срок выставления отметки, учебных дней", "School days to set a mark"),
    "keeping.attendance_days": Phrase("Срок отметки посещаемости, учебных дней", "School days to enter attendance"),
    "keeping.edit_days": Phrase(
        "Срок исправления записи, календарных дней", "Calendar days in which a record may be changed"
    ),
    "keeping.late_reason": Phrase(
        "Спрашивать причину, если запись внесена позже срока", "A reason is asked for what is entered late"
    ),
    "keeping.term_open_days": Phrase(
        "Сколько календарных дней после окончания период открыт", "Calendar days for which an ended term stays open"
    ),
    "keeping.teachers_enter_absences": Phrase(
        "Отсутствующих отмечает и учитель урока, а не только классный руководитель",
        "The teacher of the lesson enters absences too, not only the homeroom teacher",
    ),
    "load.homework_minutes": Phrase("Домашних заданий в день, минут", "Minutes of homework a day"),
    "load.control_works_a_day": Phrase("Контрольных работ в день, не больше", "Most control works a day"),
    "load.control_works_a_week": Phrase("Контрольных работ в неделю, не больше", "Most control works a week"),
    "load.control_works_in_first_half": Phrase(
        "Проводить контрольные работы в первом полугодии", "Control works are held in the first half of the year"
    ),
    "figures.degree": Phrase("Вклад отметок в степень обученности", "What marks add to the degree of learning"),
    "figures.levels": Phrase("Уровни выполнения работы", "Levels of completion of a work"),
    "figures.conversion": Phrase("Перевод доли баллов в отметку", "Shares of points that give a mark"),
    "figures.tail": Phrase(
        "Доля класса в сильной и слабой группах при анализе работы", "Part of the class in the top and bottom groups"
    ),
    "figures.heap_chance": Phrase(
        "Вероятность, ниже которой скопление у порога не случайно", "Chance below which a heap at a threshold is told"
    ),
}

#: Path of a rule that is a table → the name of one line, by the line's key.
LINES: Final[Mapping[str, Phrase]] = {
    "kinds": Phrase("Вид работы «{key}»", "Kind of work {key}"),
    "means.groups": Phrase("Группа видов работ «{key}»", "Group of kinds of work {key}"),
    "terms.thresholds": Phrase("Порог отметки «{key}» за период", "Threshold of the term mark {key}"),
    "terms.least_marks": Phrase(
        "Наименьшее число отметок за период, если уроков в неделю {key} и больше",
        "Least number of marks in a term at {key} and more lessons a week",
    ),
    "years.thresholds": Phrase("Порог годовой отметки «{key}»", "Threshold of the year mark {key}"),
    "figures.degree": Phrase(
        "Вклад отметки «{key}» в степень обученности", "What {key} adds to the degree of learning"
    ),
    "figures.levels": Phrase("Нижняя граница уровня «{key}»", "Lower bound of the level {key}"),
    "figures.conversion": Phrase("Доля баллов, с которой ставится «{key}»", "Share of points that gives a {key}"),
}

_YES: Final = Phrase("да", "yes")
_NO: Final = Phrase("нет", "no")
_NONE: Final = Phrase("нет", "none")
_WHOLE_TERM: Final = Phrase("{days}, то есть пока период не закрыт", "{days}, which is as long as the term is open")
_HANDLED: Final = {
    Handling.LEFT_OUT: Phrase("не учитывается", "left out"),
    Handling.ZERO: Phrase("считается нулём", "counts as zero"),
}
_FROM: Final = Phrase("«{key}» от {least}", "{key} from {least}")
_MARKS: Final = Phrase(
    "{marks}, если уроков в неделю {lessons} и больше", "{marks} at {lessons} and more lessons a week"
)
_ADDS: Final = Phrase("«{mark}» – {added}", "{mark} – {added}")
_VETO: Final = Phrase(
    "не выше «{highest}», пока есть «{low}» или ниже за работы: {kinds}",
    "none above {highest} while there is a {low} or worse in: {kinds}",
)
_GROUP: Final = Phrase(
    "{kinds}; вес {weight}; не учитывать худших {lowest}, лучших {highest}",
    "{kinds}; weight {weight}; left out: lowest {lowest}, highest {highest}",
)
_KEYED: Final = Phrase("«{key}» ({value})", "{key} ({value})")
_KIND_IS: Final = {
    "written": Phrase("письменная", "written"),
    "control": Phrase("контрольная", "a control work"),
    "homework": Phrase("домашняя", "homework"),
}
_WEEKDAYS: Final = (
    Phrase("понедельник", "Monday"),
    Phrase("вторник", "Tuesday"),
    Phrase("среда", "Wednesday"),
    Phrase("четверг", "Thursday"),
    Phrase("пятница", "Friday"),
    Phrase("суббота", "Saturday"),
    Phrase("воскресенье", "Sunday"),
)
#: The published names of levels of completion; a level that the school defined is called by its code.
LEVEL_NAMES: Final = {
    "optimal": Phrase("оптимальный", "optimal"),
    "admissible": Phrase("допустимый", "admissible"),
    "critical": Phrase("критический", "critical"),
}
_WEEK: Final = frozenset(range(1, len(_WEEKDAYS) + 1))
_GRADE: Final = Phrase("в {grades} классе", "in grade {grades}")
_GRADES: Final = Phrase("в {grades} классах", "in grades {grades}")
_SUBJECT: Final = Phrase("по предмету {subjects}", "in the subject {subjects}")
_SUBJECTS: Final = Phrase("по предметам {subjects}", "in the subjects {subjects}")
_KINDS: Final = Phrase("за работы: {kinds}", "for the works {kinds}")
_QUOTED: Final = Phrase("«{name}»", "“{name}”")


def key_of(line: tuple[Any, ...]) -> object:
    """The key of a table's line: the mark of a threshold, the name of a level, the code of a group."""
    return LEVEL_NAMES.get(line.code, line.code) if isinstance(line, Level) else line[0]


def scope_words(scope: Scope, kinds: Mapping[str, str]) -> tuple[Sentence, ...]:
    """The scope of a special rule in words; `kinds` maps codes of kinds of work to their names."""
    said = []
    if scope.grades:
        said.append((_GRADE if len(scope.grades) == 1 else _GRADES)(grades=tuple(sorted(scope.grades))))
    if scope.subjects:
        subjects = tuple(_QUOTED(name=name) for name in sorted(scope.subjects))
        said.append((_SUBJECT if len(subjects) == 1 else _SUBJECTS)(subjects=subjects))
    if scope.kinds:
        said.append(_KINDS(kinds=_named(scope.kinds, kinds)))
    return tuple(said)


def words(path: str, value: Any, kinds: Mapping[str, str]) -> object:
    """The value of the rule at `path` for a sentence; `kinds` as in `scope_words`."""
    match value:
        case str() if path == "scales.scale" and value in SCALES:
            return SCALES[value].name
        case bool():
            return _YES if value else _NO
        case int() if path == "keeping.edit_days" and value >= WHOLE_YEAR:
            return _WHOLE_TERM(days=value)
        case Handling():
            return _HANDLED[value]
        case frozenset():
            return tuple(_WEEKDAYS[day - 1] for day in sorted(value)) if value <= _WEEK else tuple(sorted(value))
        case tuple():
            return tuple(_whole_line(line, kinds) for line in value) or _NONE
        case _:
            return value


def line_words(line: Any, kinds: Mapping[str, str]) -> object:
    """A line of a table without its key: the minimum mean of a threshold, the parts of a group."""
    match line:
        case Veto(highest, barred_by, low):
            return _VETO(highest=highest, low=low, kinds=_named(barred_by, kinds))
        case Group():
            return _GROUP(
                kinds=_named(line.kinds, kinds), weight=line.weight, lowest=line.drop_lowest, highest=line.drop_highest
            )
        case Kind():
            return (_QUOTED(name=line.name), *(word for name, word in _KIND_IS.items() if getattr(line, name)))
        case _:
            return line[1]


def _whole_line(line: Any, kinds: Mapping[str, str]) -> object:
    match line:
        case Threshold() | Level():
            return _FROM(key=key_of(line), least=line.least)
        case LeastMarks():
            return _MARKS(marks=line.marks, lessons=line.lessons_a_week)
        case Veto():
            return line_words(line, kinds)
        case Group():
            return _KEYED(key=line.code, value=line_words(line, kinds))
        case _:
            return _ADDS(mark=line[0], added=line[1])


def _named(codes: frozenset[str], kinds: Mapping[str, str]) -> tuple[Sentence, ...]:
    return tuple(_QUOTED(name=kinds.get(code, code)) for code in sorted(codes))
