"""Which schools one belongs to."""

from contracts.identity.schools import Schools
from kernel.auth import Actor
from tests.kit.calls import call
from tests.kit.people import add_operator


def test_schools_are_those_of_the_account_all_for_an_operator_and_its_own_for_a_service(
    service, school, another_school
):
    def seen(actor: Actor) -> set[str]:
        return {one["id"] for one in call(service, Schools.schools, actor)["schools"]}

    assert seen(school.teacher) == seen(school.printing()) == {str(school.id)}
    assert seen(add_operator(service)) == {str(school.id), str(another_school.id)}
