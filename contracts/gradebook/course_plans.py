"""Courses that go by thematic plans: the topics that lessons take, and plan against fact."""

from __future__ import annotations

from marshmallow import validate

from contracts.gradebook.lessons import WHY_LATE, LessonView
from contracts.gradebook.plans import MOST_TOPICS
from contracts.roles import JOURNAL, STAFF, TEACHERS
from kernel import fields
from kernel.contract import Command, Interface, Rpc, View


class AskOffers(Command):
    """What a teacher's lessons on a date may take of their plans: the actor's, or for the administration another's."""

    date = fields.Date(required=True)
    teacher_id = fields.UUID(load_default=None, allow_none=True)


class OfferedTopicView(View):
    """A topic for a lesson: of the `of` lessons of the topic this is number `lesson`."""

    id = fields.UUID(required=True)
    topic = fields.Str(required=True)
    lesson = fields.Int(required=True)
    of = fields.Int(required=True)
    control = fields.Str(required=True)
    homework = fields.Str(required=True)


class OpenTopicView(View):
    """Another topic that a lesson may take: one to come, or one that was `skipped`."""

    id = fields.UUID(required=True)
    topic = fields.Str(required=True)
    skipped = fields.Bool(required=True)


class LessonOfferView(View):
    """What the plan holds for a lesson: the topics that it has `taken`, else those that come `next`; and others."""

    lesson_id = fields.UUID(required=True)
    taken = fields.List(fields.Nested(OpenTopicView), required=True)
    next = fields.List(fields.Nested(OfferedTopicView), required=True)
    open = fields.List(fields.Nested(OpenTopicView), required=True)


class OffersView(View):
    """The lessons of the day whose courses go by a plan."""

    lessons = fields.List(fields.Nested(LessonOfferView), required=True)


class TakeTopics(Command):
    """The topics of the plan that a lesson covers; its topic says so in their words. None: it covers none of them."""

    lesson_id = fields.UUID(required=True)
    topic_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=10))
    homework = fields.Bool(
        load_default=False, metadata={"description": "Set the homework that the plan proposes, if there is none yet."}
    )
    version = fields.Int(required=True, metadata={"description": "The version of the lesson this change starts from."})
    reason = fields.Str(
        load_default="",
        validate=validate.Length(max=500),
        metadata=WHY_LATE,
    )


class FindProgress(Command):
    """Plan against fact in a year, the present one unless said otherwise, on a day: today, unless said.

    Due are the days before it; what its own lessons have covered counts already.
    """

    year_id = fields.UUID(load_default=None, allow_none=True)
    as_of = fields.Date(load_default=None, allow_none=True)
    mine = fields.Bool(load_default=False, metadata={"description": "The caller's own courses alone."})


class CourseProgressView(View):
    """How far a course is in its plan, in hours, which are lessons.

    `due` should have been held, `passed` was; `freed` is what the teacher's measures save, `behind` the lag after them,
    negative where the course is ahead. `fulfilled` is `passed` of `due` in per cent, null while nothing is due.
    """

    course_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    class_id = fields.UUID(required=True, allow_none=True)
    year_id = fields.UUID(required=True)
    division = fields.Str(required=True, metadata={"description": "Of the year's terms, those by which it goes."})
    subject = fields.Str(required=True)
    plan_id = fields.UUID(required=True)
    plan = fields.Str(required=True)
    hours = fields.Str(required=True, metadata={"description": "Decimal."})
    due = fields.Int(required=True)
    passed = fields.Str(required=True, metadata={"description": "Decimal."})
    freed = fields.Str(required=True, metadata={"description": "Decimal."})
    behind = fields.Str(required=True, metadata={"description": "Decimal."})
    fulfilled = fields.Int(required=True, allow_none=True)
    skipped = fields.Int(required=True, metadata={"description": "Topics that were passed over."})
    without_topic = fields.Int(required=True, metadata={"description": "Lessons until then that have no topic."})


class ProgressView(View):
    """Courses that go by a plan, by title, and the titles of those of the year that do not."""

    year_id = fields.UUID(required=True, allow_none=True)
    as_of = fields.Date(required=True)
    courses = fields.List(fields.Nested(CourseProgressView), required=True)
    without_plan = fields.List(fields.Str(), required=True)


class CourseOnPlan(Command):
    """One course that goes by a plan."""

    course_id = fields.UUID(required=True)


class TopicInCourseView(View):
    """A topic in a course: `passed`, `begun`, `skipped`, `dropped` or `ahead`; with the dates of its lessons."""

    id = fields.UUID(required=True)
    section = fields.Str(required=True)
    topic = fields.Str(required=True)
    hours = fields.Str(required=True)
    control = fields.Str(required=True)
    standing = fields.Str(required=True)
    measure = fields.Str(
        required=True, metadata={"description": "`dropped`, `joined` with the topic before, or empty."}
    )
    dates = fields.List(fields.Date(), required=True)


class MeasureView(View):
    """A measure that would help a course to catch up, and the hours that it frees."""

    topic_id = fields.UUID(required=True)
    measure = fields.Str(required=True)
    hours = fields.Str(required=True)


class CourseOnPlanView(View):
    """A course's plan against fact, topic by topic, and a proposal to catch up. `writes`: the caller decides on it."""

    progress = fields.Nested(CourseProgressView, required=True)
    topics = fields.List(fields.Nested(TopicInCourseView), required=True)
    proposal = fields.List(fields.Nested(MeasureView), required=True)
    writes = fields.Bool(required=True)
    version = fields.Int(required=True)


class AdaptCourse(Command):
    """How a course differs from its plan, to catch up: all topics that it drops, and all that it joins."""

    course_id = fields.UUID(required=True)
    dropped = fields.List(fields.UUID(), required=True, validate=validate.Length(max=MOST_TOPICS))
    joined = fields.List(fields.UUID(), required=True, validate=validate.Length(max=MOST_TOPICS))
    version = fields.Int(required=True, metadata={"description": "The version this change starts from."})


class CoursePlans(Interface, service="gradebook"):
    """Courses that go by thematic plans."""

    offers = Rpc(AskOffers, OffersView, "The topics that a teacher's lessons on a date may take.", JOURNAL)
    take_topics = Rpc(TakeTopics, LessonView, "Let a lesson cover topics of its course's plan.", TEACHERS)
    progress = Rpc(FindProgress, ProgressView, "Plan against fact of the courses that the caller may see.", STAFF)
    course_plan = Rpc(CourseOnPlan, CourseOnPlanView, "A course's plan against fact, topic by topic.", STAFF)
    adapt_course = Rpc(AdaptCourse, CourseOnPlanView, "Drop or join topics of one's course, to catch up.", TEACHERS)
