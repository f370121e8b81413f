"""The demo school's thematic plans: made and submitted by heads of associations, attached by the methodologist.

A course that gets a plan finds by its words which topics its lessons have covered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from cli.demo.curriculum import ASSOCIATIONS, SUBJECTS
from cli.demo.load.doors import Doors
from cli.demo.load.facts import Facts
from contracts.gradebook.plans import Plans
from kernel.auth import Actor

#: Plans of which there is a second one, a draft or submitted.
VARIANTS: Final = {"plan:algebra:8": False, "plan:russian:9": True}
#: What a topic is made of.
TEXTS: Final = ("id", "section", "topic", "hours", "content", "control", "homework")


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
        if plan.key in VARIANTS:
            _vary(doors, by, kept, year_id, submitted=VARIANTS[plan.key])


def _vary(doors: Doors, by: Actor, plan: dict[str, Any], year_id: UUID, *, submitted: bool) -> None:
    """Begin another plan of the same subject and grade, which no course goes by yet."""
    copied = doors.give(by, Plans.copy_plan, plan_id=plan["id"], year_id=year_id)
    topics = [{name: row[name] for name in TEXTS} for row in copied["topics"]]
    title = f"{copied['title']} (углублённый уровень)"
    varied = doors.give(by, Plans.change_plan, **_as_it_is(copied), title=title, topics=topics)
    if submitted:
        doors.give(by, Plans.submit_plan, **_as_it_is(varied))


def _as_it_is(plan: dict[str, Any]) -> dict[str, Any]:
    return {"plan_id": plan["id"], "version": plan["version"]}


def _associations(facts: Facts) -> Iterator[tuple[Actor, list[UUID]]]:
    """The heads of associations with their subjects."""
    specialities = {subject.code: subject.speciality for subject in SUBJECTS}
    for key, own in ASSOCIATIONS.items():
        yield facts.actor(key), [one.id for one in facts.school.subjects if specialities[one.code] in own]
