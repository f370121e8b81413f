"""People: names, contacts, roles; facts of students that other services copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from marshmallow import validate

from contracts.roles import KEEPERS, MEMBERS, METHODOLOGISTS, ROLES
from kernel import fields
from kernel.contract import MANY, Command, Event, Interface, Rpc, View, only

LANGUAGES: Final = ("ru", "en")


class NameView(View):
    """A person's name."""

    id = fields.UUID(required=True)
    family_name = fields.Str(required=True)
    given_name = fields.Str(required=True)
    patronymic = fields.Str(required=True)
    name = fields.Str(required=True, metadata={"description": "Family name, given name, patronymic."})
    #: None from an older version of identity, which does not send it.
    birth_year = fields.Int(
        load_default=None,
        allow_none=True,
        metadata={"description": "For staff, and only where another person of the answer has the same full name."},
    )


class PeopleIds(Command):
    """Ids of people."""

    person_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MANY))


class NamesView(View):
    """Those of the names asked for that the caller may see."""

    people = fields.List(fields.Nested(NameView), required=True)


class FindPeople(Command):
    """A page of the school's people, by family name."""

    role = fields.Str(load_default=None, allow_none=True, validate=validate.OneOf(ROLES))
    query = fields.Str(load_default="", validate=validate.Length(max=80))
    after = fields.UUID(load_default=None, allow_none=True)
    limit = fields.Int(load_default=50, validate=validate.Range(1, 200))


class PersonView(NameView):
    """A person as the methodologist sees it."""

    roles = fields.List(fields.Str(), required=True)
    email = fields.Str(required=True, allow_none=True)
    phone = fields.Str(required=True, allow_none=True)
    login = fields.Str(required=True, allow_none=True)
    source_id = fields.Str(required=True, allow_none=True)


class PeopleView(View):
    """A page of people; `next` is the `after` of the next page."""

    people = fields.List(fields.Nested(PersonView), required=True)
    next = fields.UUID(required=True, allow_none=True)


class SetContact(Command):
    """A person's e-mail address and phone. A field left out stays as it is; null removes it."""

    person_id = fields.UUID(required=True)
    email = fields.Email(allow_none=True, validate=validate.Length(max=254))
    phone = fields.Str(allow_none=True, validate=validate.Length(max=32))


class GuardianFactView(View):
    """The facts of a guardian that other services copy."""

    guardian_id = fields.UUID(required=True)
    email = fields.Str(required=True, allow_none=True)
    language = fields.Str(required=True)
    purposes = fields.List(fields.Str(), required=True, metadata={"description": "Consents in force."})


class StudentFactView(View):
    """The facts of a student that other services copy. A higher `revision` replaces a lower one."""

    student_id = fields.UUID(required=True)
    revision = fields.Int(required=True)
    name = fields.Str(required=True)
    class_id = fields.UUID(required=True, allow_none=True)
    guardians = fields.List(fields.Nested(GuardianFactView), required=True)


class StudentFactsView(View):
    """Facts of the students asked for."""

    students = fields.List(fields.Nested(StudentFactView), required=True)


class People(Interface, service="identity"):
    """People of the school."""

    names = Rpc(PeopleIds, NamesView, "Names of people, as far as the caller may see them.", MEMBERS | only("printing"))
    people = Rpc(FindPeople, PeopleView, "People of the school, for the methodologist and the administration.", KEEPERS)
    set_contact = Rpc(SetContact, PersonView, "Change how a person is reached; by the methodologist.", METHODOLOGISTS)
    student_facts = Rpc(
        PeopleIds,
        StudentFactsView,
        "Facts of students that services copy; for services only.",
        only("gradebook", "attendance", "notifications"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentsChanged(Event):
    """Name, class, guardians, contacts or consents of these students changed: renew the copies."""

    SERVICE = "identity"
    NAME = "students_changed"
    AGGREGATE = "batch_id"

    batch_id: UUID
    student_ids: tuple[UUID, ...]
