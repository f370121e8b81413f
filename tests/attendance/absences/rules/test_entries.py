"""What a repeated check changes of what is recorded."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.attendance.absences.rules.entries import WITHDRAWN, Entry, changes

ANNA, BORIS, VERA = (uuid4() for _ in range(3))


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({}, {}, {}),
        ({}, {ANNA: Entry("Н")}, {ANNA: Entry("Н")}),
        ({ANNA: Entry("Н")}, {ANNA: Entry("Н")}, {}),
        ({ANNA: Entry("Н")}, {ANNA: Entry("Б")}, {ANNA: Entry("Б")}),
        ({ANNA: Entry("О", 5)}, {ANNA: Entry("О", 10)}, {ANNA: Entry("О", 10)}),
        ({ANNA: Entry("Н")}, {}, {ANNA: WITHDRAWN}),
        ({ANNA: WITHDRAWN}, {}, {}),
        ({ANNA: WITHDRAWN}, {ANNA: Entry("Н")}, {ANNA: Entry("Н")}),
        ({ANNA: Entry("Н")}, {BORIS: Entry("Н")}, {ANNA: WITHDRAWN, BORIS: Entry("Н")}),
    ],
)
def test_only_what_is_new_other_or_gone_changes(before, now, expected):
    assert changes(before, now) == expected


ENTRIES = st.sampled_from([WITHDRAWN, Entry("Н"), Entry("Б"), Entry("О", 5), Entry("О", 10)])
STUDENTS = st.sampled_from([ANNA, BORIS, VERA])


@given(
    st.dictionaries(STUDENTS, ENTRIES),
    st.dictionaries(STUDENTS, ENTRIES.filter(lambda entry: entry != WITHDRAWN)),
)
def test_what_changes_makes_the_last_check_of_the_one_before_and_is_nothing_more(before, now):
    changed = changes(before, now)
    after = {student: entry for student, entry in (before | changed).items() if entry != WITHDRAWN}
    assert after == now
    assert all(before.get(student) != entry for student, entry in changed.items())
    assert changes(before | changed, now) == {}
