"""Classes and their students."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from marshmallow import validate

from contracts.identity.people import NameView
from contracts.roles import METHODOLOGISTS, STAFF
from kernel import fields
from kernel.contract import MANY, Command, Empty, Event, Interface, Rpc, View, only

SEVERAL_GRADES: Final = "It is of several grades, none of them the first, as a club may be; `grade` is null then."


class ClassView(View):
    """A class as of today."""

    id = fields.UUID(required=True)
    name = fields.Str(required=True)
    grade = fields.Int(required=True, allow_none=True)
    several_grades = fields.Bool(load_default=False, metadata={"description": SEVERAL_GRADES})
    grade_by_hand = fields.Bool(
        load_default=False,
        metadata={"description": "Whether a person said the grade, and no import or name states it."},
    )
    homeroom_teacher_id = fields.UUID(required=True, allow_none=True)
    students = fields.Int(required=True, metadata={"description": "Number of students enrolled today."})


class ClassesView(View):
    """The classes of the school, by grade and name."""

    classes = fields.List(fields.Nested(ClassView), required=True)


class ClassId(Command):
    """One class."""

    class_id = fields.UUID(required=True)


class EnrolledView(NameView):
    """A student in a class list."""

    since = fields.Date(required=True)
    until = fields.Date(required=True, allow_none=True)


class ClassListView(ClassView):
    """A class with its students, by name."""

    enrolled = fields.List(fields.Nested(EnrolledView), required=True)


class ClassIds(Command):
    """Ids of classes."""

    class_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MANY))


class ClassFactView(View):
    """The facts of a class that other services copy."""

    class_id = fields.UUID(required=True)
    revision = fields.Int(required=True)
    name = fields.Str(required=True)
    grade = fields.Int(required=True, allow_none=True)
    #: An older version of identity does not say it.
    several_grades = fields.Bool(load_default=False, metadata={"description": SEVERAL_GRADES})
    homeroom_teacher_id = fields.UUID(required=True, allow_none=True)


class ClassFactsView(View):
    """Facts of the classes asked for, and the time zone of their school."""

    classes = fields.List(fields.Nested(ClassFactView), required=True)
    #: None from an older version of identity, which does not send it.
    time_zone = fields.Str(load_default=None, allow_none=True)


class NewClass(Command):
    """A class that is to be there."""

    name = fields.Str(required=True, validate=validate.Length(1, 60))
    grade = fields.Int(
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, 12),
        metadata={"description": "If it is not said: the number that the name begins with."},
    )


class MakeClasses(Command):
    """Classes that are to be there. One of the same name that is there already is answered, not doubled."""

    classes = fields.List(fields.Nested(NewClass), required=True, validate=validate.Length(1, MANY))


class SayGrade(Command):
    """The grade of a class, or that it is of several grades, none of them the first."""

    class_id = fields.UUID(required=True)
    grade = fields.Int(load_default=None, allow_none=True, validate=validate.Range(1, 11))
    several_grades = fields.Bool(load_default=False, metadata={"description": SEVERAL_GRADES})


class Classes(Interface, service="identity"):
    """Classes and their students."""

    classes = Rpc(Empty, ClassesView, "Classes of the school, for staff.", STAFF)
    class_list = Rpc(ClassId, ClassListView, "A class with its students, for staff.", STAFF)
    make_classes = Rpc(
        MakeClasses, ClassesView, "Make classes without students yet; by the methodologist.", METHODOLOGISTS
    )
    say_grade = Rpc(
        SayGrade,
        ClassView,
        "Say the grade of a class whose name and import do not state it; by the methodologist.",
        METHODOLOGISTS,
    )
    class_facts = Rpc(
        ClassIds,
        ClassFactsView,
        "Facts of classes that services copy; for services only.",
        only("gradebook", "attendance", "printing"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassesChanged(Event):
    """Name, grade or homeroom teacher of these classes changed: renew the copies."""

    SERVICE = "identity"
    NAME = "classes_changed"
    AGGREGATE = "batch_id"

    batch_id: UUID
    class_ids: tuple[UUID, ...]
