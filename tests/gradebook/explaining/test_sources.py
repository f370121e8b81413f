"""Every figure names the version of the policy it was computed by, and the rules that made it what it is."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from services.gradebook.explaining.explained import Explained, Source
from services.gradebook.explaining.given import GivenMark
from services.gradebook.policy.rules.defaults import PRACTICE
from services.gradebook.policy.rules.policy import Veto
from services.gradebook.term_marks.rules.means import mean
from services.gradebook.term_marks.rules.needed import needed_for_term_mark
from services.gradebook.term_marks.rules.term_marks import term_mark
from services.gradebook.term_marks.rules.thresholds import term_table
from services.gradebook.term_marks.rules.year_marks import (
    CERTIFICATES,
    certificate_mark,
    secondary_certificate_mark,
    year_mark,
)
from tests.gradebook.term_marks.courses import ONE_LESSON, PLACE, VOTE, group, mark, voted

VERSION = 7
POLICY = voted()

YEAR_MARKS: dict[str, tuple[Callable[[], Explained[str]], tuple[Source, ...]]] = {
    "a year": (lambda: year_mark(["4", "5"], POLICY, PLACE), (PRACTICE,)),
    "a year of an exempt student": (lambda: year_mark(["осв"], POLICY, PLACE), ()),
    "a year with a term missing": (lambda: year_mark(["4", None], POLICY, PLACE), (PRACTICE,)),
    "a year without terms": (lambda: year_mark([], POLICY, PLACE), ()),
    "a certificate": (lambda: certificate_mark("4", "5", POLICY, PLACE), (PRACTICE, CERTIFICATES)),
    "a certificate without exam": (lambda: certificate_mark("4", None, POLICY, PLACE), (PRACTICE,)),
    "a certificate without year": (lambda: certificate_mark("н/а", "5", POLICY, PLACE), ()),
    "the school's last certificate": (
        lambda: secondary_certificate_mark(["4"], ["5"], "5", POLICY, PLACE),
        (CERTIFICATES,),
    ),
    "the last certificate without marks": (
        lambda: secondary_certificate_mark([], [None], "н/а", POLICY, PLACE),
        (CERTIFICATES,),
    ),
}


@pytest.mark.parametrize("case", YEAR_MARKS)
def test_a_year_s_figure_names_version_and_sources(case: str) -> None:
    act, sources = YEAR_MARKS[case]
    found = act()
    assert (found.version, found.sources) == (VERSION, sources)
    assert found.steps
    assert found.said("ru")[-1] == "Правила школы, версия 7."


def test_marks_without_number_are_named_in_the_last_certificate() -> None:
    found = secondary_certificate_mark(["4", None], ["осв"], "5", POLICY, PLACE)
    assert [(one.item, one.rule) for one in found.left_out] == [("—", "no-number"), ("осв", "exempt")]


def sources_of(marks: list[GivenMark], **rules: Any) -> tuple[Source, ...]:
    return term_mark(marks, voted(terms__least_marks=(), **rules), PLACE, ONE_LESSON).explained.sources


def test_a_veto_and_a_disputed_zone_are_named_where_they_decided() -> None:
    marks = [*[mark(5)] * 7, mark(2, "control")]
    veto = (Veto(4, frozenset({"control"}), 2),)
    assert VOTE not in sources_of(marks)
    assert VOTE in sources_of(marks, terms__vetoes=veto)
    assert VOTE not in sources_of([mark(3), mark(2, "control")], terms__vetoes=veto), "it took nothing away"
    close = [mark(5), mark(4), mark(4), mark(4), mark(5)]
    assert VOTE in sources_of(close, terms__disputed=Decimal("0.1"))
    assert VOTE not in sources_of([mark(4)], terms__disputed=Decimal("0.1"))


def test_the_share_that_passes_is_named_by_its_source() -> None:
    assert term_table(voted(scales__scale="pass_fail", terms__pass_share=Decimal("0.6")), PLACE).source == VOTE


def test_marks_dropped_from_a_group_go_by_the_rule_of_groups() -> None:
    groups = (group("all", 1, "answer", lowest=1, highest=1),)
    found = mean([mark(2), mark(3), mark(5)], voted(means__groups=groups), PLACE)
    assert [(str(one.item), one.rule) for one in found.left_out] == [("2", "dropped-lowest"), ("5", "dropped-highest")]
    assert set(found.sources) == {PRACTICE, VOTE}
    assert None not in found.sources


def test_what_is_needed_names_its_target_whether_reached_or_not() -> None:
    def target(marks: list[GivenMark], wanted: str, most: int = 3) -> tuple[str, int]:
        found = needed_for_term_mark(wanted, marks, POLICY, PLACE, ONE_LESSON, kinds=["answer"], most=most)
        return found.target.said("ru"), found.most

    reached, open_, hopeless = [mark(5)] * 5, [mark(3)] * 3, [mark(2)] * 30
    for marks in (reached, open_, hopeless):
        assert target(marks, "5", 4) == ("оценка «5»", 4)
