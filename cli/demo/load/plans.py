"""The demo school's thematic plans: made and submitted by heads of associations, attached by the methodologist.

A course that gets a plan finds by its words which topics its lessons have covered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from cli.demo.curriculum import ASSOCIATIONS, SUBJECTS
from cli.demo.load.doors import Doors
from cli.demo.load.facts import Facts
from contracts.gradebook.plans import Plans
from kernel.auth import Actor


def keep(doors: Doors, methodologist: Actor, facts: Facts, year_id: UUID) -> None:
    """Say who heads which association, and keep the plans of all subjects and grades."""
    heads: dict[UUID, Actor] = {}
    for head, subject_ids in _associations(facts):
        doors.give(methodologist, Plans.set_subjects, person_id=head.person_id, subject_ids=subject_ids)
        heads.update(dict.fromkeys(subject_ids, head))
    for plan in facts.school.plans:
        by = heads.get(plan.subject_id, methodologist)
        topics = [{"section": one.section, "topic": one.topic, "control": one.control} for one in plan.topics]
        of_what = {"subject_id": plan.subject_id, "grade": plan.grade, "year_id": year_id, "title": plan.title}
        kept = doors.give(by, Plans.add_plan, **of_what, topics=topics)
        kept = doors.give(by, Plans.submit_plan, **_as_it_is(kept))
        doors.give(methodologist, Plans.attach_plan, **_as_it_is(kept), course_ids=plan.course_ids)


def _as_it_is(plan: dict[str, Any]) -> dict[str, Any]:
    return {"plan_id": plan["id"], "version": plan["version"]}


def _associations(facts: Facts) -> Iterator[tuple[Actor, list[UUID]]]:
    """The heads of associations with their subjects."""
    specialities = {subject.code: subject.speciality for subject in SUBJECTS}
    for key, own in ASSOCIATIONS.items():
        yield facts.actor(key), [one.id for one in facts.school.subjects if specialities[one.code] in own]
