"""Heads of subject associations: who they are is asked of identity."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from contracts.gradebook.plans import Plans
from contracts.gradebook.subjects import Subjects
from contracts.identity.appointments import Appointments
from kernel.auth import Actor
from kernel.errors import Forbidden, Invalid, NotFound
from tests.kit.calls import call
from tests.kit.people import id_of
from tests.kit.town import School, Town, TownTemplate


@dataclass
class Associations:
    """A school of identity and the gradebook together, whose methodologist says who heads which association."""

    school: School
    head: Actor = field(init=False)

    def __post_init__(self) -> None:
        self.head = self.school.person("plan_head")

    def subject(self, name: str = "Алгебра") -> UUID:
        added = call(self.school.town.gradebook, Subjects.add_subject, self.school.methodologist, name=name)
        return UUID(added["id"])

    def give(self, person_id: UUID, *subjects: UUID, actor: Actor | None = None) -> dict[str, Any]:
        command = {"person_id": person_id, "subject_ids": list(subjects)}
        return call(self.school.town.gradebook, Plans.set_subjects, actor or self.school.methodologist, **command)

    def headed(self, actor: Actor) -> list[tuple[str, list[str], bool]]:
        """Subjects that have heads, those heads, and whether the actor works on their plans."""
        found = call(self.school.town.gradebook, Plans.associations, actor)["subjects"]
        return [(one["subject"], one["head_ids"], one["mine"]) for one in found if one["head_ids"]]


@pytest.fixture
def associations(towns: TownTemplate, town: Town) -> Associations:
    return Associations(towns.school(town))


def test_the_methodologist_says_which_subjects_a_head_has(associations: Associations) -> None:
    school, head = associations.school, id_of(associations.head)
    subject = associations.subject()
    associations.give(head, subject)
    assert associations.headed(associations.head) == [("Алгебра", [str(head)], True)]
    assert associations.headed(school.teacher) == [("Алгебра", [str(head)], False)]
    assert associations.headed(school.methodologist) == [("Алгебра", [str(head)], True)]
    associations.give(head)
    assert associations.headed(school.methodologist) == []
    with pytest.raises(Invalid):
        associations.give(head, uuid7())
    for actor in (associations.head, school.director, school.teacher):
        with pytest.raises(Forbidden):
            associations.give(head, subject, actor=actor)


def test_nobody_whom_the_school_does_not_have_heads_an_association(associations: Associations) -> None:
    subject = associations.subject()
    elsewhere = School(associations.school.town)
    for person_id in (uuid7(), id_of(elsewhere.person("plan_head"))):
        for subjects in ((), (subject,)):
            with pytest.raises(NotFound) as refused:
                associations.give(person_id, *subjects)
            assert str(refused.value) == "There is no such person."
    assert associations.headed(associations.school.methodologist) == []


def test_who_has_not_the_role_of_a_head_gets_no_subjects(associations: Associations) -> None:
    with pytest.raises(Invalid) as refused:
        associations.give(id_of(associations.school.teacher), associations.subject())
    assert (refused.value.rule, refused.value.field) == ("no-head", "person_id")
    assert associations.headed(associations.school.methodologist) == []


def test_of_who_was_a_head_subjects_are_taken_away(associations: Associations) -> None:
    school, head = associations.school, id_of(associations.head)
    algebra, physics = associations.subject(), associations.subject("Физика")
    associations.give(head, algebra, physics)
    call(school.town.identity, Appointments.appoint, school.director, person_id=head, role="plan_head", held=False)
    with pytest.raises(Invalid):
        associations.give(head, algebra, associations.subject("Химия"))
    associations.give(head, algebra)
    assert associations.headed(school.methodologist) == [("Алгебра", [str(head)], True)]
    associations.give(head)
    assert associations.headed(school.methodologist) == []
