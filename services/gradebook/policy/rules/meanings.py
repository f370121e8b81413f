"""What each rule of a policy does, in a plain sentence with its present value; the clause is the rule's source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kernel.phrases import Phrase, Sentence
from services.gradebook.policy.rules.policy import WHOLE_YEAR, Handling
from services.gradebook.policy.rules.words import words


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a rule does: with any value, and with values of which something else is said. `{value}` is the value."""

    usual: Phrase
    of: Mapping[object, Phrase] = field(default_factory=dict)


def _either(yes: Phrase, no: Phrase) -> _Meaning:
    return _Meaning(yes, {False: no})


def _days(day: Phrase, days: Phrase) -> _Meaning:
    """Of a number of days, of which 0 is the day itself."""
    return _Meaning(days, {0: day})


#: Path of a rule → what it does.
MEANINGS: Final[Mapping[str, _Meaning]] = {
    "kinds": _Meaning(
        Phrase(
            "Виды работ, из которых учитель выбирает, когда ставит отметку; от вида зависят вес отметки и срок.",
            "The kinds of work from which a teacher chooses for a mark; weight and deadline go by the kind.",
        )
    ),
    "scales.scale": _Meaning(
        Phrase(
            "Журнал принимает отметки только этой шкалы: {value}.",
            "The journal takes marks of this scale only: {value}.",
        )
    ),
    "scales.sign": _Meaning(
        Phrase(
            "Знак при отметке меняет её в среднем балле: «+» прибавляет {value}, «−» отнимает столько же.",
            "A sign changes what the mark counts in the mean: + adds {value}, − takes as much.",
        ),
        {
            0: Phrase(
                "Знаки «+» и «−» при отметке видны, но средний балл не меняют.",
                "The signs + and − are shown with a mark and do not change the mean.",
            )
        },
    ),
    "scales.marked": _either(
        Phrase(
            "По всем предметам ставятся отметки, кроме случаев, названных ниже.",
            "Marks are given in all subjects but for the cases named below.",
        ),
        Phrase(
            "Отметки не ставятся: журнал их не принимает, кроме случаев, названных ниже.",
            "No marks are given: the journal takes none but for the cases named below.",
        ),
    ),
    "means.weighted": _either(
        Phrase(
            "Средний балл – взвешенный: отметка тем важнее, чем больше вес её вида работы.",
            "The mean is weighted: a mark counts the more, the higher the weight of its kind of work.",
        ),
        Phrase(
            "Все отметки входят в средний балл поровну, за какую бы работу они ни были.",
            "All marks count alike in the mean, whatever work they are for.",
        ),
    ),
    "means.weight": _Meaning(
        Phrase(
            "Вес, с которым отметка входит в средний балл, если для её вида работы ниже не назван другой: {value}.",
            "The weight of a mark in the mean, unless another one is named below for its kind of work: {value}.",
        )
    ),
    "means.groups": _Meaning(
        Phrase(
            "Средний балл складывается из средних по группам видов работ, у каждой свой вес: {value}.",
            "The mean is made of the means of groups of kinds of work, each with its weight: {value}.",
        ),
        {
            (): Phrase(
                "Виды работ не объединены в группы: средний балл считается по всем отметкам сразу.",
                "Kinds of work are in no groups: the mean is that of all marks together.",
            )
        },
    ),
    "means.excused": _Meaning(
        Phrase(
            "Работа, от которой ученик освобождён, в средний балл не входит.",
            "A work from which the student is excused does not count in the mean.",
        ),
        {
            Handling.ZERO: Phrase(
                "Работа, от которой ученик освобождён, входит в средний балл как ноль.",
                "A work from which the student is excused counts as zero in the mean.",
            )
        },
    ),
    "means.ungraded": _Meaning(
        Phrase(
            "Работа, за которую отметки ещё нет, в средний балл не входит.",
            "A work that has no mark as yet does not count in the mean.",
        ),
        {
            Handling.ZERO: Phrase(
                "Работа, за которую отметки ещё нет, входит в средний балл как ноль.",
                "A work that has no mark as yet counts as zero in the mean.",
            )
        },
    ),
    "means.only_if_helps": _either(
        Phrase(
            "Отметка входит в средний балл, только если она его повышает.",
            "A mark counts only where it raises the mean.",
        ),
        Phrase(
            "Отметка входит в средний балл, повышает она его или понижает.",
            "A mark counts whether it raises the mean or lowers it.",
        ),
    ),
    "means.brought": _either(
        Phrase(
            "Отметки, которые ученик принёс из прежней школы, входят в его средний балл.",
            "Marks that a student brought from another school count in the mean.",
        ),
        Phrase(
            "Отметки из прежней школы видны в журнале, но в средний балл не входят.",
            "Marks of another school are shown in the journal and do not count in the mean.",
        ),
    ),
    "means.drop_lowest": _Meaning(
        Phrase(
            "Из отметок за период не учитываются худшие, столько: {value}.",
            "Of the marks of a term, so many of the lowest are left out: {value}.",
        ),
        {0: Phrase("Худшие отметки учитываются вместе со всеми.", "The lowest marks count like all others.")},
    ),
    "means.drop_highest": _Meaning(
        Phrase(
            "Из отметок за период не учитываются лучшие, столько: {value}.",
            "Of the marks of a term, so many of the highest are left out: {value}.",
        ),
        {0: Phrase("Лучшие отметки учитываются вместе со всеми.", "The highest marks count like all others.")},
    ),
    "means.decimals": _Meaning(
        Phrase(
            "Средний балл показывают, округлив до стольких знаков после запятой: {value}; пороги сравнивают с точным.",
            "A mean is shown with so many decimals: {value}; thresholds are compared with the exact one.",
        )
    ),
    "terms.thresholds": _Meaning(
        Phrase(
            "Отметку за период журнал предлагает по среднему баллу: {value}.",
            "The journal proposes the term mark by the mean: {value}.",
        )
    ),
    "terms.least_marks": _Meaning(
        Phrase(
            "Чтобы ученик был аттестован за период, у него должно быть не меньше отметок, чем здесь; иначе «н/а»: "
            "{value}.",
            "A student has a term mark with no fewer marks than these, and is not attested otherwise: {value}.",
        ),
        {
            (): Phrase(
                "Отметка за период выставляется при любом числе отметок.",
                "A term mark is given whatever the number of marks.",
            )
        },
    ),
    "terms.vetoes": _Meaning(
        Phrase(
            "Отметка за период не выше названной, пока есть плохая отметка за важную работу: {value}.",
            "The term mark is not above the one named while a weighty work has a bad mark: {value}.",
        ),
        {
            (): Phrase(
                "Плохая отметка за одну работу не ограничивает отметку за период.",
                "A bad mark for one work does not limit the term mark.",
            )
        },
    ),
    "terms.disputed": _Meaning(
        Phrase(
            "Если до порога не хватает не больше чем {value} балла, учитель может поставить лучшую отметку без "
            "объяснения.",
            "Where no more than {value} is missing to a threshold, the teacher may set the better mark without a "
            "reason.",
        ),
        {
            0: Phrase(
                "Спорной зоны нет: не хватает хоть сколько-то до порога – лучшая отметка требует объяснения.",
                "There is no disputed zone: a better mark needs a reason, however little is missing to the threshold.",
            )
        },
    ),
    "terms.free_difference": _Meaning(
        Phrase(
            "Решает учитель; объяснять, почему отметка за период отличается от расчётной, надо, если разница в "
            "баллах больше чем {value}.",
            "The teacher decides; a term mark needs a reason if it differs from the computed one by more than {value}.",
        ),
        {
            0: Phrase(
                "Решает учитель; если отметка за период отличается от расчётной, он пишет почему.",
                "The teacher decides; where the term mark differs from the computed one, the teacher says why.",
            )
        },
    ),
    "terms.pass_share": _Meaning(
        Phrase(
            "Где вместо отметок «зач» и «незач», за период ставится «зач», если доля зачётов не меньше чем {value}.",
            "Where зач and незач are given, the term has зач if their share is at least {value}.",
        )
    ),
    "years.thresholds": _Meaning(
        Phrase(
            "Годовую отметку журнал предлагает по среднему отметок за периоды: {value}.",
            "The journal proposes the year mark by the mean of the term marks: {value}.",
        )
    ),
    "years.most_missing_terms": _Meaning(
        Phrase(
            "Годовая отметка выставляется, если периодов без отметки у ученика не больше чем {value}.",
            "There is a year mark if no more than {value} of the student's terms are without mark.",
        ),
        {
            0: Phrase(
                "Годовая отметка выставляется, только если у ученика есть отметки за все периоды.",
                "There is a year mark only if the student has marks of all terms.",
            )
        },
    ),
    "years.exam_weight": _Meaning(
        Phrase(
            "В отметке в аттестат годовая отметка весит 1, экзамен – {value}.",
            "In the certificate mark the year mark weighs 1, the exam {value}.",
        ),
        {
            0: Phrase(
                "Экзамен отметку в аттестате не меняет: она равна годовой.",
                "The exam does not change the certificate mark, which is the year mark.",
            )
        },
    ),
    "keeping.week": _Meaning(
        Phrase(
            "По этим дням недели считаются сроки в учебных днях: {value}.",
            "Deadlines in school days are counted by these days of the week: {value}.",
        )
    ),
    "keeping.topic_days": _days(
        Phrase(
            "Тему урока учитель записывает в день урока; позже запись принимается, но считается просроченной.",
            "The teacher enters the topic on the day of the lesson; later it is taken, and counts as late.",
        ),
        Phrase(
            "Тему урока учитель записывает не позже {value}-го учебного дня после урока, потом запись просрочена.",
            "The teacher enters the topic by school day {value} after the lesson; after that it is late.",
        ),
    ),
    "keeping.homework_days": _days(
        Phrase(
            "Домашнее задание учитель записывает в день урока; позже оно принимается, но считается просроченным.",
            "The teacher enters homework on the day of the lesson; later it is taken, and counts as late.",
        ),
        Phrase(
            "Домашнее задание учитель записывает не позже {value}-го учебного дня после урока, потом запись "
            "просрочена.",
            "The teacher enters homework by school day {value} after the lesson; after that it is late.",
        ),
    ),
    "keeping.mark_days": _days(
        Phrase(
            "Отметку учитель ставит в день урока; где работу ещё надо проверить, действуют сроки ниже.",
            "The teacher sets a mark on the day of the lesson; works that have to be read first have the days below.",
        ),
        Phrase(
            "Отметку учитель ставит не позже {value}-го учебного дня после урока, если ниже не назван другой срок.",
            "The teacher sets a mark by school day {value} after the lesson, unless other days are named below.",
        ),
    ),
    "keeping.attendance_days": _days(
        Phrase(
            "Отсутствующих отмечают в день урока; позже запись принимается, но считается просроченной.",
            "Absences are entered on the day of the lesson; later they are taken, and count as late.",
        ),
        Phrase(
            "Отсутствующих отмечают не позже {value}-го учебного дня после урока, потом запись просрочена.",
            "Absences are entered by school day {value} after the lesson; after that they are late.",
        ),
    ),
    "keeping.edit_days": _Meaning(
        Phrase(
            "Исправить запись можно, пока не пройдёт столько календарных дней: {value}; потом её открывает методист.",
            "A record may be changed for so many calendar days: {value}; after that the methodologist opens it.",
        ),
        {
            WHOLE_YEAR: Phrase(
                "Исправить запись можно, пока не закрыт её период; потом её открывает методист.",
                "A record may be changed as long as its term is open; after that the methodologist opens it.",
            )
        },
    ),
    "keeping.late_reason": _either(
        Phrase("Кто вносит запись после срока, пишет почему.", "Whoever enters something after its deadline says why."),
        Phrase(
            "Запись после срока принимается без объяснения, но видно, что она просрочена.",
            "What is entered after its deadline is taken without a reason, and is seen to be late.",
        ),
    ),
    "keeping.term_open_days": _days(
        Phrase(
            "Период закрывается в день своего окончания; потом записи открывает методист.",
            "A term closes on its last day; after that the methodologist opens records.",
        ),
        Phrase(
            "После окончания период открыт ещё столько календарных дней: {value}; потом записи открывает методист.",
            "An ended term stays open for so many calendar days: {value}; after that the methodologist opens records.",
        ),
    ),
    "keeping.teachers_enter_absences": _either(
        Phrase(
            "Отсутствующих отмечают и классный руководитель, и учитель на своём уроке.",
            "The homeroom teacher enters absences, and so does the teacher in the own lesson.",
        ),
        Phrase("Отсутствующих отмечает только классный руководитель.", "Only the homeroom teacher enters absences."),
    ),
    "load.homework_minutes": _Meaning(
        Phrase(
            "Все домашние задания класса на один день вместе занимают не больше {value} мин; больше – журнал "
            "предупреждает.",
            "All homework of a class for a day takes no more than {value} minutes; the journal warns of more.",
        ),
        {
            0: Phrase(
                "Домашних заданий не задают, кроме классов, названных ниже: там назван предел на день в минутах.",
                "No homework is given but in the grades named below, with the most minutes a day.",
            )
        },
    ),
    "load.control_works_a_day": _Meaning(
        Phrase(
            "В один день класс пишет контрольных работ не больше чем {value}; больше – журнал предупреждает.",
            "A class has no more than {value} control works a day; the journal warns of more.",
        )
    ),
    "load.control_works_a_week": _Meaning(
        Phrase(
            "За неделю класс пишет контрольных работ не больше чем {value}.",
            "A class has no more than {value} control works a week.",
        )
    ),
    "load.control_works_in_first_half": _either(
        Phrase(
            "Контрольные работы проводят весь учебный год, кроме классов, названных ниже.",
            "Control works are held all the year but in the grades named below.",
        ),
        Phrase(
            "В первом полугодии контрольных работ не проводят, кроме классов, названных ниже.",
            "No control works are held in the first half of the year but in the grades named below.",
        ),
    ),
    "figures.degree": _Meaning(
        Phrase(
            "Степень обученности (СОУ) – среднее по ученикам, где каждая отметка даёт: {value}.",
            "The degree of learning is the mean over students, of whom each mark adds: {value}.",
        )
    ),
    "figures.levels": _Meaning(
        Phrase(
            "По доле выполненного анализ контрольной работы называет уровень: {value}.",
            "The analysis of a control work names a level by the share that was done: {value}.",
        )
    ),
    "figures.conversion": _Meaning(
        Phrase(
            "По доле набранных баллов анализ контрольной работы называет отметку: {value}.",
            "The analysis of a control work names a mark by the share of points: {value}.",
        )
    ),
    "figures.tail": _Meaning(
        Phrase(
            "Чтобы увидеть, различает ли задание сильных и слабых, сравнивают лучшие и худшие работы, такую долю "
            "класса с каждого края: {value}.",
            "To see whether a task tells strong from weak, the best and the weakest papers are compared, of each so "
            "large a part of the class: {value}.",
        )
    ),
    "figures.heap_chance": _Meaning(
        Phrase(
            "Если сразу от порога отметки столько работ, что случайно так бывает реже чем с вероятностью {value}, "
            "анализ на это указывает.",
            "Where so many papers lie just above a threshold that chance does so more rarely than {value}, the "
            "analysis says so.",
        )
    ),
}


def meaning(path: str, value: Any, kinds: Mapping[str, str]) -> Sentence:
    """What the rule at `path` does with a value (practice); `kinds` maps codes of kinds of work to their names."""
    said = MEANINGS[path]
    known = WHOLE_YEAR if path == "keeping.edit_days" and value >= WHOLE_YEAR else value
    return said.of.get(known, said.usual)(value=words(path, value, kinds))
