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
#: Who issues credentials, each to other people. What the methodologist issues, the director does too.
ISSUERS: Final = ("methodologist", "director", "operator")


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
    query = fields.Str(
        load_default="",
        validate=validate.Length(max=80),
        metadata={"description": "A part of the name, the name of a class, or both: «Пестова 8А»."},
    )
    class_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "Students of the class, their parents and its homeroom teacher, as `role` says."},
    )
    person_ids = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=MANY),
        metadata={"description": "If there are any: only people among these."},
    )
    after = fields.UUID(load_default=None, allow_none=True)
    limit = fields.Int(load_default=50, validate=validate.Range(1, 200))


class WardView(NameView):
    """A child of a guardian, who may not have consented to anything."""

    class_name = fields.Str(required=True, allow_none=True)


class PersonView(NameView):
    """A person as the methodologist sees it."""

    roles = fields.List(fields.Str(), required=True)
    email = fields.Str(required=True, allow_none=True)
    phone = fields.Str(required=True, allow_none=True)
    login = fields.Str(required=True, allow_none=True)
    source_id = fields.Str(required=True, allow_none=True)
    #: These are empty from an older version of identity, which does not send them.
    class_name = fields.Str(load_default=None, allow_none=True, metadata={"description": "A student's class."})
    homerooms = fields.List(
        fields.Str(), load_default=list, metadata={"description": "Classes of which the person is homeroom teacher."}
    )
    children = fields.List(fields.Nested(WardView), load_default=list, metadata={"description": "A guardian's."})
    credentials_by = fields.Str(
        load_default="methodologist",
        allow_none=True,
        validate=validate.OneOf(ISSUERS),
        metadata={"description": "Who issues credentials to the person; null if nobody does."},
    )


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
    #: None from an older version of identity, and where no enrolment says it.
    class_since = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "Since when the student is in this class, or in none."},
    )
    guardians = fields.List(fields.Nested(GuardianFactView), required=True)


class StudentFactsView(View):
    """Facts of the students asked for."""

    students = fields.List(fields.Nested(StudentFactView), required=True)


class PresentPersonView(View):
    """Someone who belongs to the school at present, and the roles that the person holds in it."""

    person_id = fields.UUID(required=True)
    roles = fields.List(fields.Str(), required=True)


class PresentPeopleView(View):
    """Those of the people asked for who belong to the school at present and may sign in."""

    people = fields.List(fields.Nested(PresentPersonView), required=True)


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
    present_people = Rpc(
        PeopleIds,
        PresentPeopleView,
        "Which people belong to the school at present, and in which roles; for services only.",
        only("gradebook"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentsChanged(Event):
    """Name, class, guardians, contacts or consents of these students changed: renew the copies."""

    SERVICE = "identity"
    NAME = "students_changed"
    AGGREGATE = "batch_id"

    batch_id: UUID
    student_ids: tuple[UUID, ...]
