"""Groups into which the students of a class are divided for a subject."""

from __future__ import annotations

from marshmallow import validate

from contracts.gradebook.courses import CourseView
from contracts.roles import JOURNAL, METHODOLOGISTS, TEACHERS
from kernel import fields
from kernel.contract import MANY, Command, Interface, Rpc, View

#: The most groups of a class.
MOST_GROUPS = 6


class GroupsOfCourse(Command):
    """The groups of a course's class and subject, on a day; today if it is not said."""

    course_id = fields.UUID(required=True)
    date = fields.Date(load_default=None, allow_none=True)


class GroupView(CourseView):
    """A group with its students on the day."""

    student_ids = fields.List(fields.UUID(), required=True)


class CandidateView(View):
    """A student who may be in the groups."""

    student_id = fields.UUID(required=True)
    class_id = fields.UUID(required=True, allow_none=True)


class GroupsView(View):
    """The groups among which students are divided, and all who may be in them."""

    course_id = fields.UUID(required=True)
    date = fields.Date(required=True)
    groups = fields.List(fields.Nested(GroupView), required=True)
    candidates = fields.List(fields.Nested(CandidateView), required=True)
    may_split = fields.Bool(required=True)


class Group(Command):
    """A group as it is to be. Without `course_id` it is a new one, with the teachers of the course."""

    course_id = fields.UUID(load_default=None, allow_none=True)
    version = fields.Int(load_default=None, allow_none=True)
    group_name = fields.Str(load_default="", validate=validate.Length(max=60))
    student_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=MANY))


class SplitClass(Command):
    """From a day on exactly these students are in these groups; what was before stays as it was.

    Groups are courses of one class and subject, or of one subject and grade across classes. A course of the whole class
    becomes one of the groups.
    """

    course_id = fields.UUID(required=True)
    since = fields.Date(required=True)
    groups = fields.List(fields.Nested(Group), required=True, validate=validate.Length(1, MOST_GROUPS))


class Groups(Interface, service="gradebook"):
    """Groups of classes."""

    groups = Rpc(GroupsOfCourse, GroupsView, "The groups of a course's class and subject, for staff.", JOURNAL)
    split_class = Rpc(
        SplitClass,
        GroupsView,
        "Divide students among groups from a day on; by a teacher of one of them or the methodologist.",
        TEACHERS | METHODOLOGISTS,
    )
