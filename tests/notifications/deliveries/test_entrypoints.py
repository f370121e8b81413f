"""Deliveries as they are listed."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.notifications.deliveries import Deliveries
from kernel.errors import Forbidden, Invalid
from tests.kit.calls import call, statements
from tests.kit.town import School


def listed(service: Any, actor: Any, **command: Any) -> list[dict[str, Any]]:
    return call(service, Deliveries.deliveries, actor, **command)["deliveries"]


@pytest.mark.usefixtures("homework")
def test_a_parent_sees_what_was_sent_to_the_parent_alone(service, school):
    (own,) = listed(service, school.mother)
    assert (own["recipient_id"], own["student_id"]) == (
        str(school.mother.person_id), str(school.anna.person_id),
    )  # fmt: skip
    assert (own["kind"], own["channel"], own["state"], own["sent_at"]) == (
        "homework_set", "email", "due", None,
    )  # fmt: skip
    children = {entry["student_id"] for entry in listed(service, school.other_mother)}
    assert children == {str(school.boris.person_id), str(school.vera.person_id)}
    assert listed(service, school.glebs_mother) == []


@pytest.mark.usefixtures("homework")
def test_naming_another_familys_child_shows_a_parent_nothing(service, school):
    assert listed(service, school.mother, student_id=school.boris.person_id) == []


@pytest.mark.usefixtures("homework")
def test_the_administration_sees_the_school_and_no_other(service, school, town):
    assert len(listed(service, school.methodologist)) == 4
    assert listed(service, School(town).director) == []


@pytest.mark.parametrize("who", ["teacher", "anna"])
def test_teachers_and_students_see_none(service, school, who):
    with pytest.raises(Forbidden):
        listed(service, getattr(school, who))


@pytest.mark.usefixtures("homework")
def test_deliveries_are_found_by_student_and_by_state(service, school, mail_server):
    mail_server.at_recipient["father@example.org"] = "550 5.1.1 no such user"
    service.send_due()
    (gone,) = listed(service, school.director, state="gone")
    assert (gone["recipient_id"], gone["reason"]) == (str(school.father.person_id), "rejected-550")
    assert len(listed(service, school.director, state="sent")) == 3
    assert listed(service, school.director, state="due") == []
    of_anna = listed(service, school.director, student_id=school.anna.person_id)
    assert {entry["state"] for entry in of_anna} == {"sent", "gone"}


def test_a_state_that_is_none_is_refused(service, school):
    with pytest.raises(Invalid) as refused:
        listed(service, school.director, state="lost")
    assert refused.value.field == "state"


@pytest.mark.usefixtures("homework")
def test_pages_come_newest_first_and_end(service, school, engine):
    whole = [entry["id"] for entry in listed(service, school.director)]
    assert whole == sorted(whole, reverse=True)
    found, after = [], None
    for _ in range(2):
        with statements(engine) as seen:
            page = call(service, Deliveries.deliveries, school.director, limit=2, after=after)
        assert len(seen) == 1
        found += [entry["id"] for entry in page["deliveries"]]
        after = page["next"]
    assert found == whole
    assert after is None
