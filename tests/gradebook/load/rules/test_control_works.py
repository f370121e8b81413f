"""Which lessons hold control works."""

from __future__ import annotations

import pytest

from services.gradebook.load.rules.control_works import control_work
from services.gradebook.policy.rules.defaults import default_policy

POLICY = default_policy()


@pytest.mark.parametrize(
    ("topic", "planned", "kinds", "name"),
    [
        ("Степень", ["Контрольная № 1"], ["контрольная работа"], "Контрольная № 1"),
        ("Степень", [], ["Ответ на уроке", "контрольная РАБОТА"], "контрольная РАБОТА"),
        ("Степень", [], ["Контрольный диктант"], "Контрольный диктант"),
        (" контрольный диктант", [], [], " контрольный диктант"),
        ("Control work 3", [""], [], "Control work 3"),
        ("К/р № 5", [], [], "К/р № 5"),
        ("Степень", [""], ["Тест"], ""),
        ("Подготовка к контрольной работе", [], [], ""),
        ("", [], [], ""),
    ],
)
def test_a_control_work_is_known_by_the_plan_the_column_or_the_topic(
    topic: str, planned: list[str], kinds: list[str], name: str
) -> None:
    assert control_work(topic, planned, kinds, POLICY) == name
