"""Faults of one file: those of one kind do not hide those of another."""

import pytest

from formats.faults import MOST_FAULTS, Faults
from kernel.phrases import Phrase

REASON = Phrase(ru="Так.", en="So.")()


def found(*counts: int) -> Faults:
    """So many faults of each kind, one kind after another."""
    faults = Faults()
    for kind, count in enumerate(counts):
        for number in range(count):
            faults.add(f"A{number}", f"kind-{kind}", REASON)
    return faults


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((3, 2), (3, 2)),
        ((200,), (200,)),
        ((100, 100), (100, 100)),
        ((201,), (200,)),
        ((1000, 3), (197, 3)),
        ((3, 1000), (3, 197)),
        ((150, 60, 1), (139, 60, 1)),
        ((500, 500, 500), (66, 66, 66)),
    ],
)
def test_p33_many_faults_of_one_kind_hide_no_other(counts: tuple[int, ...], shown: tuple[int, ...]) -> None:
    faults = found(*counts).all()
    more = [fault for fault in faults if fault.rule == "more-faults"]
    assert tuple(sum(fault.rule == f"kind-{kind}" for fault in faults) for kind in range(len(counts))) == shown
    assert len(faults) - len(more) <= MOST_FAULTS
    omitted = sum(counts) - sum(shown)
    assert [fault.reason.said("en") for fault in more] == (
        [f"Not all faults are shown: there are {omitted} more."] if omitted else []
    )


def test_faults_keep_the_order_in_which_they_were_found() -> None:
    faults = Faults()
    for place, rule in (("A1", "x"), ("A2", "y"), ("A3", "x")):
        faults.add(place, rule, REASON)
    assert [fault.place for fault in faults.all()] == ["A1", "A2", "A3"]


def test_of_a_kind_the_first_ones_are_shown() -> None:
    assert [fault.place for fault in found(5, 300).all()[5:7]] == ["A0", "A1"]
