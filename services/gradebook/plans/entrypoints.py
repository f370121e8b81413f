"""Answers calls about thematic plans: made, changed, submitted, attached to courses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.gradebook.plans import (
    DRAFT,
    SUBMITTED,
    AddPlan,
    AskHistory,
    AttachPlan,
    ChangePlan,
    CopyPlan,
    FindPlans,
    ImportPlan,
    PlanId,
    Plans,
    PlanVersion,
    ReadPlanFile,
    ReturnPlan,
    SetSubjects,
)
from contracts.identity.people import People
from kernel.auth import Actor
from kernel.contract import Empty, given
from kernel.data import inbox
from kernel.errors import Conflict, Invalid, NotFound, Stale
from kernel.files.store import Store
from kernel.running.entrypoints import Entrypoints, rpc
from kernel.running.providers import Files
from kernel.running.threads import off_hub
from services.gradebook import handed_in
from services.gradebook.plans import permissions, queries, recording, views
from services.gradebook.plans.rules import heads, teaching
from services.gradebook.plans.rules import topics as rules
from services.gradebook.rows import View, missing

if TYPE_CHECKING:
    from services.gradebook.plans.readers.taking import Read


class PlansEntrypoints(Entrypoints):
    """Answers calls about thematic plans: made, changed, submitted, attached to courses."""

    files = Files()

    @rpc(Plans.plans)
    def plans(self, actor: Actor, command: FindPlans) -> View:
        """The school's plans; all of its staff may read them."""
        with self.unit_of_work(actor) as session:
            found, courses = queries.plans(session, command.year_id, command.subject_id, command.grade)
        return views.plans(found, courses)

    @rpc(Plans.plan)
    def plan(self, actor: Actor, command: PlanId) -> View:
        """A plan with its topics."""
        with self.unit_of_work(actor) as session:
            return _shown(session, actor, queries.plan(session, command.plan_id, actor.person_id))

    @rpc(Plans.add_plan)
    def add_plan(self, actor: Actor, command: AddPlan) -> View:
        """Begin a plan of a subject that the actor works on."""
        topics = rules.checked_topics([{**given(one), "id": None} for one in command.topics])
        with self.unit_of_work(actor) as session:
            plan_id = _begin(
                session, actor, "made", command.subject_id, command.grade, command.year_id, command.title, topics
            )
            return _answer(session, actor, plan_id)

    @rpc(Plans.copy_plan)
    def copy_plan(self, actor: Actor, command: CopyPlan) -> View:
        """A new draft with the topics of another plan."""
        with self.unit_of_work(actor) as session:
            row = queries.plan(session, command.plan_id, actor.person_id)
            topics = [rules.renewed(one) for one in queries.topics(session, row.id)]
            grade = command.grade or row.grade
            plan_id = _begin(session, actor, "copied", row.subject_id, grade, command.year_id, row.title, topics)
            return _answer(session, actor, plan_id)

    @rpc(Plans.read_plan_file)
    def read_plan_file(self, actor: Actor, command: ReadPlanFile) -> View:
        """Read a file of a plan; write nothing."""
        return views.reading(command.file, _read(self.files, actor, command))

    @rpc(Plans.import_plan)
    def import_plan(self, actor: Actor, command: ImportPlan) -> View:
        """A draft with the topics of a file."""
        read = _read(self.files, actor, command)
        if not read.topics:
            raise Invalid("The file holds no thematic plan that could be taken.", rule="no-plan", field="file")
        with self.unit_of_work(actor) as session:
            of_what = (command.subject_id, command.grade, command.year_id, command.title)
            return _answer(session, actor, _begin(session, actor, "imported", *of_what, read.topics))

    @rpc(Plans.change_plan)
    def change_plan(self, actor: Actor, command: ChangePlan) -> View:
        """Change title and topics of a plan; topics that were taught stay in it."""
        after = rules.checked_topics([given(one) for one in command.topics])
        with self.unit_of_work(actor) as session:
            row, _ = _to_change(session, actor, command.plan_id, command.version, permissions.CHANGE)
            before = queries.topics(session, row.id)
            after = rules.known_topics(before, after)
            differing = rules.differences(before, after)
            title = command.title.strip() or row.title
            if differing == rules.Differences() and title == row.title:
                return _answer(session, actor, row.id)
            if differing.removed:
                rules.check_none_taught(before, after, queries.taught(session, before))
            recording.changed_plan(session, actor, row, title, before, after, differing)
            return _answer(session, actor, row.id)

    @rpc(Plans.submit_plan)
    def submit_plan(self, actor: Actor, command: PlanVersion) -> View:
        """Submit a draft to the methodologist."""
        with self.unit_of_work(actor) as session:
            row, _ = _to_change(session, actor, command.plan_id, command.version, permissions.SUBMIT)
            if not row.hours:
                raise Conflict("The plan has no topics yet.", rule="plan-empty")
            recording.moved_plan(session, actor, row, SUBMITTED, "submitted")
            return _answer(session, actor, row.id)

    @rpc(Plans.return_plan)
    def return_plan(self, actor: Actor, command: ReturnPlan) -> View:
        """Make a submitted plan a draft again: its head takes it back, or the methodologist returns it with a note."""
        with self.unit_of_work(actor) as session:
            row, _ = _to_change(session, actor, command.plan_id, command.version, permissions.RETURN)
            recording.moved_plan(session, actor, row, DRAFT, "returned", command.note.strip())
            return _answer(session, actor, row.id)

    @rpc(Plans.attach_plan)
    def attach_plan(self, actor: Actor, command: AttachPlan) -> View:
        """Say which courses go by a plan from now on."""
        with self.unit_of_work(actor) as session:
            row, courses = _to_change(session, actor, command.plan_id, command.version, permissions.ATTACH)
            wanted = set(command.course_ids)
            _check_free(session, row.id, courses, wanted)
            now_attached = {one.id for one in courses if one.plan_id == row.id}
            note = ", ".join(one.title for one in courses if one.id in wanted)
            if wanted != now_attached:
                added = wanted - now_attached
                recording.attached_plan(session, actor, row, added, now_attached - wanted, note)
                _match(session, actor, row.id, added)
            return _answer(session, actor, row.id)

    @rpc(Plans.delete_plan)
    def delete_plan(self, actor: Actor, command: PlanVersion) -> View:
        """Delete a draft with its history."""
        with self.unit_of_work(actor) as session:
            row, _ = _to_change(session, actor, command.plan_id, command.version, permissions.DELETE)
            topics = queries.topics(session, row.id)
            rules.check_none_taught(topics, (), queries.taught(session, topics))
            recording.deleted_plan(session, row.id)
            return inbox.answer(session, {})

    @rpc(Plans.plan_history)
    def plan_history(self, actor: Actor, command: AskHistory) -> View:
        """Every change of a plan, and what it was at one of them."""
        with self.unit_of_work(actor) as session:
            row = queries.plan(session, command.plan_id, actor.person_id)
            revisions = queries.revisions(session, row.id)
            past = None if command.version is None else _past(session, row.id, revisions, command.version)
        return views.history(row, revisions, past)

    @rpc(Plans.associations)
    def associations(self, actor: Actor, command: Empty) -> View:
        """The school's subjects and the heads of their associations."""
        with self.unit_of_work(actor) as session:
            return _associations(session, actor)

    @rpc(Plans.set_subjects)
    def set_subjects(self, actor: Actor, command: SetSubjects) -> View:
        """Say on which subjects' plans a head of an association works."""
        found = self.ask(People.people, person_ids=[command.person_id]).people
        roles = [role for one in found for role in one.roles]
        with self.unit_of_work(actor) as session:
            present = queries.subjects_of_head(session, command.person_id)
            if not found and not present:
                raise missing("person", command.person_id)
            heads.check_heads(roles, command.subject_ids, present)
            if queries.unknown_subjects(session, command.subject_ids):
                raise Invalid("Choose one of those offered.", rule="no-such-subject", field="subject_ids")
            recording.subjects_of_head(session, actor, command.person_id, command.subject_ids)
            return inbox.answer(session, _associations(session, actor))


def _read(files: Store, actor: Actor, command: ReadPlanFile) -> Read:
    """What a file that somebody of the actor's school handed in holds. Raises `Invalid` where it is gone."""
    # its parsers are loaded when a file comes
    from services.gradebook.plans.readers.plan_columns import Meaning
    from services.gradebook.plans.readers.taking import read_topics

    content = handed_in.content(files, actor.tenant_id, command.file)
    named = {one.letters: Meaning(one.meaning) if one.meaning else None for one in command.columns}
    return off_hub(read_topics, content, named)


def _begin(
    session: Session,
    actor: Actor,
    what: str,
    subject_id: UUID,
    grade: int,
    year_id: UUID,
    title: str,
    topics: Sequence[rules.Topic],
) -> UUID:
    """A new draft of a subject that the actor works on; without a title it is called after its subject and grade."""
    subject = queries.subject(session, subject_id, actor.person_id)
    permissions.check_works_on_subject(actor, queries.plan_ties(subject))
    queries.check_year(session, year_id)
    named = title.strip() or f"{subject.name}, {grade}"
    (plan_id,) = recording.new_plans(
        session, actor, what, [recording.NewPlan(subject_id, grade, year_id, named, topics)]
    )
    return plan_id


def _to_change(
    session: Session, actor: Actor, plan_id: UUID, version: int, deed: str
) -> tuple[queries.PlanRow, Sequence[queries.CourseRow]]:
    """A plan, locked, on which the actor may do this; with the courses of its subject, grade and year."""
    row = queries.plan(session, plan_id, actor.person_id, lock=True)
    courses = queries.courses(session, row)
    state = views.state_of(row, views.is_attached(row.id, courses))
    if row.version != version:
        permissions.check_works_on_subject(actor, queries.plan_ties(row))
        present = _shown(session, actor, row, courses)
        raise Stale("Someone changed the plan first.", rule="stale", field="version", present=present)
    permissions.check_may(actor, queries.plan_ties(row), state, deed)
    return row, courses


def _shown(
    session: Session, actor: Actor, row: queries.PlanRow, courses: Sequence[queries.CourseRow] | None = None
) -> dict[str, Any]:
    courses = queries.courses(session, row) if courses is None else courses
    state = views.state_of(row, views.is_attached(row.id, courses))
    allowed = permissions.may(actor, queries.plan_ties(row), state)
    topics = queries.topics(session, row.id)
    return views.plan(row, topics, queries.taught(session, topics), courses, allowed)


def _answer(session: Session, actor: Actor, plan_id: UUID) -> View:
    """The plan as it is now, as the answer of the command."""
    session.flush()
    return inbox.answer(session, _shown(session, actor, queries.plan(session, plan_id, actor.person_id)))


def _match(session: Session, actor: Actor, plan_id: UUID, course_ids: set[UUID]) -> None:
    """Find the topics that lessons of new courses have taught already, by their words."""
    planned = [
        teaching.Planned(one.id, one.section, one.topic, one.hours)
        for one in queries.topics(session, plan_id)
        if one.id
    ]
    pairs = [
        pair
        for lessons in queries.lessons_with_words(session, course_ids, plan_id).values()
        for pair in teaching.matched(lessons, planned)
    ]
    recording.matched_lessons(session, actor, pairs)


def _check_free(session: Session, plan_id: UUID, courses: Sequence[queries.CourseRow], wanted: set[UUID]) -> None:
    """Refuse courses of another subject, grade or year, and those that go by another plan."""
    if not wanted <= {one.id for one in courses}:
        raise Invalid(
            "A plan is attached to courses of its own subject, grade and year.", rule="other-course", field="course_ids"
        )
    taken = [one for one in courses if one.id in wanted and one.plan_id not in (None, plan_id)]
    if taken:
        titles = queries.titles_of(session, _given(one.plan_id for one in taken))
        first = taken[0]
        raise Conflict(
            "The course “{course}” goes by the plan “{plan}”: detach it there first.",
            rule="course-has-plan",
            field="course_ids",
            course=first.title,
            plan=titles.get(first.plan_id, "") if first.plan_id else "",
        )


def _given(ids: Iterable[UUID | None]) -> list[UUID]:
    return [one for one in ids if one is not None]


def _past(session: Session, plan_id: UUID, revisions: Iterable[queries.RevisionRow], version: int) -> View:
    revision = next((one for one in revisions if one.version == version), None)
    if revision is None:
        raise NotFound("The plan never had this version.", rule="no-such-version", field="version")
    topics = queries.past_topics(session, plan_id, version)
    return {"version": version, "title": revision.title, "topics": topics}


def _associations(session: Session, actor: Actor) -> View:
    subjects = queries.subjects(session, actor.person_id)
    mine = {one.id for one in subjects if permissions.works_on_subject(actor, queries.plan_ties(one))}
    return views.associations(subjects, queries.association_heads(session), mine)
