"""The default rules, for schools that voted no others: from the regulation, the law and practice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final, TypeVar

from contracts.identity.schools import TIME_ZONE
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.policy import (
    WHOLE_YEAR,
    FigureRules,
    Handling,
    KeepingRules,
    Kind,
    LeastMarks,
    Level,
    LoadRules,
    MeanRules,
    Policy,
    Rule,
    ScaleRules,
    Scope,
    Special,
    TermRules,
    Threshold,
    YearRules,
)
from services.gradebook.policy.rules.scales import NOT_ATTESTED

T = TypeVar("T")

REGULATION: Final = Source("regulation")
PRACTICE: Final = Source("practice")
SANPIN: Final = Source("sanpin")
LETTER: Final = Source("letter-2021")
#: The source of rules that the school voted; `Policy.adopted_by` cites the decision.
VOTE: Final = Source("vote")

#: Rounds a mean half up on the scale 1 to 5 (domain, §3).
HALF_UP: Final = (
    Threshold(5, Decimal("4.5")),
    Threshold(4, Decimal("3.5")),
    Threshold(3, Decimal("2.5")),
    Threshold(2, Decimal("1.5")),
    Threshold(1, Decimal(0)),
)

KINDS: Final = (
    Kind("answer", "Ответ на уроке"),
    Kind("homework", "Домашняя работа", homework=True),
    Kind("independent", "Самостоятельная работа", written=True),
    Kind("test", "Тест", written=True),
    Kind("laboratory", "Лабораторная работа", written=True),
    Kind("dictation", "Диктант", written=True),
    Kind("essay", "Сочинение", written=True),
    Kind("project", "Проект"),
    Kind("control", "Контрольная работа", written=True, control=True),
)

#: Grades → minutes of homework a day (SanPiN 1.2.3685-21, table 6.6). Grade 1 has no homework (domain, §3).
_HOMEWORK: Final = {(2, 3): 90, (4, 5): 120, (6, 7, 8): 150, (9, 10, 11): 210}


def _grades(*grades: int) -> Scope:
    return Scope(grades=frozenset(grades))


def _kinds(*kinds: str) -> Scope:
    return Scope(kinds=frozenset(kinds))


@cache  # it is asked for by every page, and never changes
def default_policy(version: int = 0, valid_from: date = date.min) -> Policy:
    """The policy of a school that voted no policy (regulation)."""
    return Policy(
        version=version,
        valid_from=valid_from,
        adopted_by="",
        time_zone=TIME_ZONE,
        kinds=KINDS,
        scales=ScaleRules(
            scale=Rule("five", PRACTICE),
            sign=Rule(Decimal(0), PRACTICE),
            marked=Rule(True, REGULATION, (Special(_grades(1), False, Source("regulation", "2.5")),)),
        ),
        means=MeanRules(
            weighted=Rule(True, PRACTICE),
            weight=Rule(Decimal(1), PRACTICE),
            groups=Rule((), PRACTICE),
            excused=Rule(Handling.LEFT_OUT, PRACTICE),
            ungraded=Rule(Handling.LEFT_OUT, PRACTICE),
            only_if_helps=Rule(False, PRACTICE),
            brought=Rule(True, PRACTICE),
            drop_lowest=Rule(0, PRACTICE),
            drop_highest=Rule(0, PRACTICE),
            decimals=Rule(2, PRACTICE),
        ),
        terms=TermRules(
            thresholds=Rule(HALF_UP, PRACTICE),
            least_marks=Rule((LeastMarks(Decimal(0), 3), LeastMarks(Decimal(2), 5)), PRACTICE),
            vetoes=Rule((), PRACTICE),
            disputed=Rule(Decimal(0), PRACTICE),
            free_difference=Rule(0, PRACTICE),
            pass_share=Rule(Decimal("0.5"), PRACTICE),
        ),
        years=YearRules(
            thresholds=Rule(HALF_UP, PRACTICE),
            most_missing_terms=Rule(0, PRACTICE),
            exam_weight=Rule(Decimal(1), PRACTICE),
        ),
        keeping=KeepingRules(
            week=Rule(frozenset(range(1, 7)), PRACTICE),
            topic_days=Rule(0, Source("regulation", "3.2")),
            homework_days=Rule(0, Source("regulation", "3.2")),
            mark_days=_mark_days(),
            attendance_days=Rule(0, Source("regulation", "3.3")),
            edit_days=Rule(WHOLE_YEAR, PRACTICE),
            late_reason=Rule(False, PRACTICE),
            term_open_days=Rule(3, PRACTICE),
            teachers_enter_absences=Rule(False, Source("regulation", "3.3")),
        ),
        load=LoadRules(
            homework_minutes=Rule(
                0,
                Source("regulation", "2.5"),
                tuple(Special(_grades(*grades), minutes, SANPIN) for grades, minutes in _HOMEWORK.items()),
            ),
            control_works_a_day=Rule(1, LETTER),
            control_works_a_week=Rule(3, PRACTICE),
            control_works_in_first_half=Rule(True, PRACTICE, (Special(_grades(1), False, PRACTICE),)),
        ),
        figures=FigureRules(
            degree=Rule(
                (
                    ("5", Decimal(100)),
                    ("4", Decimal(64)),
                    ("3", Decimal(36)),
                    ("2", Decimal(16)),
                    (NOT_ATTESTED, Decimal(7)),
                ),
                Source("netschool"),
            ),
            levels=Rule(
                (Level("optimal", Decimal("0.8")), Level("admissible", Decimal("0.6")), Level("critical", Decimal(0))),
                PRACTICE,
            ),
            conversion=Rule(
                (
                    Threshold(5, Decimal("0.9")),
                    Threshold(4, Decimal("0.7")),
                    Threshold(3, Decimal("0.5")),
                    Threshold(2, Decimal(0)),
                ),
                PRACTICE,
            ),
            tail=Rule(Decimal("0.27"), Source("theory")),
            heap_chance=Rule(Decimal("0.05"), PRACTICE),
        ),
    )


def policy_with(scale: str, time_zone: str) -> Policy:
    """The default policy with this scale, by its code, and this time zone (regulation)."""
    usual = default_policy()
    return replace(usual, time_zone=time_zone, scales=replace(usual.scales, scale=Rule(scale, PRACTICE)))


def _mark_days() -> Rule[int]:
    """Marks are due on the day of the lesson (clause 3.2), those of written work some days later (domain, §3)."""
    return Rule(
        0,
        Source("regulation", "3.2"),
        (
            Special(_kinds("independent", "test", "laboratory", "dictation", "project"), 3, PRACTICE),
            Special(_kinds("control"), 7, PRACTICE),
            Special(_kinds("essay"), 10, PRACTICE),
        ),
    )
