"""Which schools one belongs to, and their time zones."""

import pytest

from contracts.identity.schools import SchoolChanged, Schools
from kernel.auth import Actor
from kernel.errors import Forbidden, Invalid
from tests.kit.calls import call
from tests.kit.outboxes import waiting
from tests.kit.people import ZONE, add_operator


def test_schools_are_those_of_the_account_all_for_an_operator_and_its_own_for_a_service(
    service, school, another_school
):
    def seen(actor: Actor) -> set[str]:
        return {one["id"] for one in call(service, Schools.schools, actor)["schools"]}

    assert seen(school.teacher) == seen(school.printing()) == {str(school.id)}
    assert seen(add_operator(service)) == {str(school.id), str(another_school.id)}


def test_p34_zone_of_a_school_is_changed_by_its_administration_and_everybody_is_told(service, school, another_school):
    before = call(service, Schools.time_zone, school.methodologist)
    assert before == {"time_zone": ZONE, "changes": []}
    for zone in ("Asia/Kamchatka", "Asia/Kamchatka", "Asia/Omsk"):
        after = call(service, Schools.set_time_zone, school.director, time_zone=zone)
    assert after == call(service, Schools.time_zone, school.methodologist)
    director = str(school.director.person_id)
    assert after["time_zone"] == "Asia/Omsk"
    assert [(one["before"], one["time_zone"], one["changed_by"]) for one in after["changes"]] == [
        ("Asia/Kamchatka", "Asia/Omsk", director),
        (ZONE, "Asia/Kamchatka", director),
    ]
    told = [row.tenant_id for row in waiting(service, SchoolChanged.NAME)]
    assert told == [school.id] * 2
    other = call(service, Schools.time_zone, another_school.director)
    assert other == {"time_zone": ZONE, "changes": []}


def test_a_zone_that_is_not_is_refused_and_so_are_those_who_do_not_administer(service, school):
    with pytest.raises(Invalid, match="Asia/Atlantis"):
        call(service, Schools.set_time_zone, school.director, time_zone="Asia/Atlantis")
    for someone in (school.methodologist, school.teacher, school.parent, add_operator(service)):
        with pytest.raises(Forbidden):
            call(service, Schools.set_time_zone, someone, time_zone="Asia/Omsk")
