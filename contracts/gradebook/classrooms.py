"""Classrooms: where lessons are held."""

from __future__ import annotations

from marshmallow import validate

from contracts.roles import MEMBERS, METHODOLOGISTS
from kernel import fields
from kernel.contract import MANY, Command, Empty, Interface, Rpc, View


class ClassroomView(View):
    """A classroom; a `shared` one holds several classes at once, as a sports hall does."""

    id = fields.UUID(required=True)
    name = fields.Str(required=True)
    shared = fields.Bool(required=True)


class ClassroomsView(View):
    """The school's classrooms, by name."""

    classrooms = fields.List(fields.Nested(ClassroomView), required=True)


class GivenClassroom(Command):
    """A classroom as it is to be; without `id` a new one."""

    id = fields.UUID(load_default=None, allow_none=True)
    name = fields.Str(required=True, validate=validate.Length(1, 60))
    shared = fields.Bool(load_default=False)


class SetClassrooms(Command):
    """Classrooms to be added or changed, and those to be removed. Others stay as they are."""

    classrooms = fields.List(fields.Nested(GivenClassroom), load_default=list, validate=validate.Length(max=MANY))
    removed = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MANY))


class Classrooms(Interface, service="gradebook"):
    """Classrooms."""

    classrooms = Rpc(Empty, ClassroomsView, "The school's classrooms.", MEMBERS)
    set_classrooms = Rpc(SetClassrooms, ClassroomsView, "Add, change and remove classrooms.", METHODOLOGISTS)
