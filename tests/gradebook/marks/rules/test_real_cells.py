"""Cells and marks as other systems printed them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from services.gradebook.marks.rules.cells import given_marks, read_cell
from services.gradebook.policy.rules.scales import FIVE, FIVE_BEST_ONE, FIVE_WITH_ZERO, SIX
from tests.shared import shared

HALF = Decimal("0.5")


def cases(name: str) -> list[dict[str, Any]]:
    path = shared(f"cases/{name}")
    found: list[dict[str, Any]] = json.loads(path.read_text())["cases"]
    return found


def test_every_cell_that_another_systems_journal_holds_is_read() -> None:
    """Real cells of a real class, with the marks their system counted.

    The case flagged `mismatch` prints a mean with a mark that is not on the sheet; its cells are read like the rest.
    """
    read_marks = flagged = with_zero = 0
    for case in cases("netschool_period_means.json"):
        cells = [read_cell(one["raw"], FIVE_WITH_ZERO) for one in case["cells"]]
        assert not any(cell.faults for cell in cells)
        numbers = [token.number for cell in cells for token in cell.marks]
        assert numbers == case["marks"]
        assert [given.number for cell in cells for given in given_marks(cell)] == case["marks"]
        for cell in cells:
            assert read_cell(str(cell), FIVE_WITH_ZERO) == cell
        read_marks += len(numbers)
        flagged += "mismatch" in case
        with_zero += 0 in numbers
        if "mismatch" not in case:
            mean = sum(numbers, Decimal(0)) / len(numbers) if numbers else Decimal(0)
            assert abs(mean - Decimal(str(case["expected_mean"]))) <= Decimal("0.005")
    assert (read_marks, flagged, with_zero) == (1281, 1, 4)


def test_on_the_schools_own_scale_only_the_zeros_of_these_cells_are_refused() -> None:
    refused = [
        fault
        for case in cases("netschool_period_means.json")
        for one in case["cells"]
        for fault in read_cell(one["raw"], FIVE).faults
    ]
    assert {(fault.piece, fault.rule) for fault in refused} == {("0", "mark-off-scale")}
    assert len(refused) == 4


def test_a_minus_counts_half_a_mark_worse_where_one_is_best() -> None:
    """As Bakaláři prints it."""
    (case,) = (case for case in cases("bakalari_wulkanowy_printed_means.json") if case["system"] == "Bakaláři")
    total = weights = Decimal(0)
    for text, weight in case["marks"]:
        (token,) = read_cell(text, FIVE_BEST_ONE, HALF).marks
        assert token.number is not None
        total, weights = total + token.number * weight, weights + weight
    assert round(total / weights, 2) == Decimal(case["printed"].replace(",", "."))


def test_texts_of_another_system_that_are_no_marks_are_kept_and_count_nothing() -> None:
    """Vulcan's.

    A number with sign is a mark on its scale of six. A group mark in brackets, a bare plus or minus for work in
    class, and codes for not being prepared are nothing our journal knows: each is shown as it came, and none is
    taken for a mark.
    """
    (texts,) = (case["texts"] for case in cases("bakalari_wulkanowy_printed_means.json") if "texts" in case)
    cells = {text: read_cell(text, SIX, HALF) for text in texts}
    assert [str(cell) for cell in cells.values()] == texts
    assert {text: [token.number for token in cell.marks] for text, cell in cells.items() if cell.marks} == {
        "2+": [Decimal("2.5")]
    }
    assert {text: [(one.piece, one.rule) for one in cell.faults] for text, cell in cells.items() if cell.faults} == {
        "(BK,3)": [("(BK", "cell-unreadable"), ("3)", "cell-unreadable")],
        "+": [("+", "sign-alone")],
        "-": [("-", "sign-alone")],
        "np": [("np", "cell-unreadable")],
        "bz": [("bz", "cell-unreadable")],
    }
