"""Answers calls about courses that go by plans: offers topics to lessons, compares plan and fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.gradebook.course_plans import (
    AdaptCourse,
    AskOffers,
    CourseOnPlan,
    CoursePlans,
    FindProgress,
    TakeTopics,
)
from kernel.auth import Actor
from kernel.data import inbox
from kernel.errors import Invalid, Stale
from kernel.running.entrypoints import Entrypoints, rpc
from services.gradebook.calendar import queries as calendar_queries
from services.gradebook.course_plans import permissions, queries, views
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses import queries as courses_queries
from services.gradebook.lessons import changing
from services.gradebook.lessons import permissions as lessons_permissions
from services.gradebook.lessons import queries as lessons_queries
from services.gradebook.lessons.rules import lessons
from services.gradebook.people import permissions as people_permissions
from services.gradebook.plans import recording as plans_recording
from services.gradebook.plans.permissions import PlanTies
from services.gradebook.plans.rules import progress as progress_rules
from services.gradebook.plans.rules import teaching
from services.gradebook.policy import queries as policy_queries
from services.gradebook.rows import View, missing

#: The most characters of a lesson's topic.
LONGEST_TOPIC: Final = 500


class CoursePlansEntrypoints(Entrypoints):
    """Answers calls about courses that go by plans: offers topics to lessons, compares plan and fact."""

    @rpc(CoursePlans.offers)
    def offers(self, actor: Actor, command: AskOffers) -> View:
        """What each of a teacher's lessons on a date may take; a second one of a course goes on from the first."""
        teacher_id = lessons_permissions.whose_day(actor, command.teacher_id)
        if teacher_id is None:
            return {"lessons": []}
        with self.unit_of_work(actor) as session:
            day = lessons_queries.day_of_teacher(session, teacher_id, command.date)
            courses = queries.planned_courses(session, {one.course_id for one in day})
            facts = queries.facts(session, courses, command.date)
            taken = queries.topics_of_lessons(session, [one.id for one in day])
            years = _years(session, {one.year_id for one in courses.values()})
        return _offers(day, courses, facts, taken, years)

    @rpc(CoursePlans.take_topics)
    def take_topics(self, actor: Actor, command: TakeTopics) -> View:
        """Let a lesson cover topics of its course's plan, and say so in its topic; with the homework, if asked to."""
        with self.unit_of_work(actor) as session:
            lesson = changing.change_description(session, actor, command.lesson_id, command.version)
            row, before = lesson.row, lesson.description
            planned = queries.facts(session, [row.course_id], row.date).topics.get(row.course_id, [])
            topics = _chosen(planned, command.topic_ids, "topic_ids")
            other_topics = plans_recording.taken_topics(session, actor, row.id, [one.id for one in topics])
            after = _description(before, topics, row.date, homework=command.homework)
            changed: View = {}
            if other_topics or after != before:  # who saw other topics is told, even where the words stay
                changed = changing.described(session, actor, lesson, after, command.reason)
            return inbox.answer(session, changing.shown(session, row, lesson.windows, **changed))

    @rpc(CoursePlans.progress)
    def progress(self, actor: Actor, command: FindProgress) -> View:
        """Plan against fact: for teachers of their courses, for heads of their subjects', for keepers of all."""
        with self.unit_of_work(actor) as session:
            day = command.as_of or _today(session)
            year = _year(calendar_queries.years(session), command.year_id, day)
            if year is None:
                return {"year_id": None, "as_of": day, "courses": [], "without_plan": []}
            everything = people_permissions.reads_whole_school(actor) and not command.mine
            head = actor.has("plan_head") and not command.mine
            found = queries.courses(
                session, year, actor.person_id, everything=everything, teacher=actor.has("teacher"), head=head
            )
            by_plan = [one for one in found if one.plan_id is not None]
            plans = {one.id: one.plan_id for one in by_plan if one.plan_id is not None}
            facts = queries.facts_in_hours(session, plans, day)
            years = _years(session, {year})
        return {
            "year_id": year,
            "as_of": day,
            "courses": [_progress(one, facts, years[year], day)[0] for one in by_plan],
            "without_plan": [one.title for one in found if one.plan_id is None],
        }

    @rpc(CoursePlans.course_plan)
    def course_plan(self, actor: Actor, command: CourseOnPlan) -> View:
        """A course's plan against fact, topic by topic, with a proposal to catch up."""
        with self.unit_of_work(actor) as session:
            row = queries.course(session, command.course_id, actor.person_id)
            _check_sees(actor, row)
            return _course_plan(session, actor, row)

    @rpc(CoursePlans.adapt_course)
    def adapt_course(self, actor: Actor, command: AdaptCourse) -> View:
        """Drop or join topics of the actor's own course, to catch up."""
        with self.unit_of_work(actor) as session:
            row = queries.course(session, command.course_id, actor.person_id, lock=True)
            _check_sees(actor, row)
            courses_permissions.check_writes_course(
                actor, courses_queries.course_ties(row), missing("course", command.course_id)
            )
            if row.plan_version != command.version:
                present = _course_plan(session, actor, row)
                raise Stale("Someone changed this course's plan first.", rule="stale", field="version", present=present)
            planned = queries.facts(session, [row.id], _today(session)).topics.get(row.id, [])
            dropped = _chosen(planned, command.dropped, "dropped")
            joined = _chosen(planned[1:], command.joined, "joined")
            measures = {one.id: teaching.DROPPED for one in dropped} | {one.id: teaching.JOINED for one in joined}
            plans_recording.adapted_course(session, actor, row.id, row.plan_version + 1, measures)
            return inbox.answer(session, _course_plan(session, actor, queries.course(session, row.id, actor.person_id)))


def _check_sees(actor: Actor, row: queries.CourseRow) -> None:
    """Refuse whoever may not see the course's progress, and courses that go by no plan, in the same words."""
    ties, plan = courses_queries.course_ties(row), PlanTies(heads=bool(row.heads))
    if row.plan_id is None or not permissions.may_see_progress(actor, ties, plan):
        raise missing("course", row.id)


def _course_plan(session: Session, actor: Actor, row: queries.CourseRow) -> View:
    day = _today(session)
    facts = queries.facts(session, [row.id], day, with_day=True)
    year = _years(session, {row.year_id})[row.year_id]
    shown, behind = _progress(row, facts, year, day)
    planned, late = facts.topics.get(row.id, []), _late(facts, row.id, year.spans(row.division))
    return {
        "progress": shown,
        "topics": views.topics(
            planned, teaching.standings(planned, began_late=late), queries.lessons_of_course(session, row.id)
        ),
        "proposal": views.proposal(progress_rules.proposal(planned, behind, began_late=late)),
        "writes": courses_permissions.may_write_course(actor, courses_queries.course_ties(row)),
        "version": row.plan_version,
    }


def _progress(
    row: queries.CourseShown, facts: queries.Facts, year: progress_rules.SchoolYear, day: date
) -> tuple[View, Any]:
    """How far a course is, and its lag."""
    planned = facts.topics.get(row.id, [])
    total = sum((one.hours for one in planned), progress_rules.NOTHING)
    due = progress_rules.due_hours(total, year.school_days(row.grade, row.division), day)
    found = progress_rules.progress(planned, due, began_late=_late(facts, row.id, year.spans(row.division)))
    return views.progress(row, found, facts.journals.get(row.id, queries.Journal())), found.behind


def _late(facts: queries.Facts, course_id: UUID, spans: Sequence[progress_rules.Span]) -> bool:
    journal = facts.journals.get(course_id)
    return progress_rules.began_late(journal.first if journal else None, spans)


def _offers(
    day: Sequence[lessons_queries.LessonShown],
    courses: dict[UUID, Any],
    facts: queries.Facts,
    taken: dict[UUID, list[UUID]],
    years: dict[UUID, progress_rules.SchoolYear],
) -> View:
    found: dict[UUID, View] = {}
    for lesson in day:
        if lesson.course_id not in courses:
            continue
        planned = facts.topics.get(lesson.course_id, [])
        course = courses[lesson.course_id]
        late = _late(facts, lesson.course_id, years[course.year_id].spans(course.division))
        offered = teaching.offer(planned, began_late=late)
        own = taken.get(lesson.id, [])
        standing = teaching.standings(planned, began_late=late)
        found[lesson.id] = views.lesson_offer(lesson.id, own, offered, planned, standing)
        # a lesson whose topic nobody has entered yet is taken to cover what it is offered
        covers = own if own or lesson.topic else [one.topic.id for one in offered]
        facts.topics[lesson.course_id] = teaching.after(planned, covers)
    return views.offers(found)


def _description(
    before: lessons.Description, topics: Sequence[teaching.Planned], day: date, *, homework: bool
) -> lessons.Description:
    """A lesson's description that says which topics it covers, with their homework if it is wanted and missing."""
    if not topics:
        return before
    given = {"topic": teaching.topic_text([one.topic for one in topics], LONGEST_TOPIC)}
    proposed = "; ".join(one.homework for one in topics if one.homework)
    if homework and proposed and not before.homework:
        given["homework"] = proposed
    return lessons.described(before, given, day)


def _chosen(planned: Sequence[teaching.Planned], ids: Iterable[UUID], field: str) -> list[teaching.Planned]:
    """The topics with these ids, in the plan's order. Raises `Invalid` for one of another plan."""
    wanted = set(ids)
    found = [one for one in planned if one.id in wanted]
    if len(found) < len(wanted):
        raise Invalid("Choose one of those offered.", rule="no-such-topic", field=field)
    return found


def _year(years: Iterable[calendar_queries.SpanRow], year_id: UUID | None, day: date) -> UUID | None:
    """The year with this id, else the one that the day is in, else the newest that has begun. Raises `NotFound`."""
    known = list(years)
    if year_id is not None:
        if all(one.id != year_id for one in known):
            raise missing("year", year_id)
        return year_id
    begun = [one for one in known if one.starts_on <= day]
    return (begun or known)[0].id if known else None


def _years(session: Session, year_ids: Iterable[UUID]) -> dict[UUID, progress_rules.SchoolYear]:
    """These years. The courses of a teacher's day are of one."""
    return {one: progress_rules.SchoolYear(calendar_queries.year_of(session, one)) for one in set(year_ids)}


def _today(session: Session) -> date:
    return policy_queries.today(session)
