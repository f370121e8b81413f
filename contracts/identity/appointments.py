"""Staff roles that a director or an operator gives and takes away, and teachers whom the methodologist enters."""

from __future__ import annotations

from typing import Final

from marshmallow import validate

from contracts.identity.people import NameView, PersonView
from contracts.roles import DIRECTORS, METHODOLOGISTS, OPERATORS, STAFF
from kernel import fields
from kernel.contract import MANY, Command, Interface, Rpc, View

#: As what the methodologist enters people: all other roles of the staff are the director's to give (clause 4.1).
ENTERED_AS: Final = ("teacher",)
#: The longest part of a name.
LONGEST_PART: Final = 100


class Appoint(Command):
    """Give a staff role, or take it away (`held` false)."""

    person_id = fields.UUID(required=True)
    role = fields.Str(required=True, validate=validate.OneOf(sorted(STAFF.roles)))
    held = fields.Bool(load_default=True)


class NewPerson(Command):
    """A person who is to be entered. Given name and patronymic may be initials."""

    family_name = fields.Str(required=True, validate=validate.Length(max=LONGEST_PART))
    given_name = fields.Str(required=True, validate=validate.Length(max=LONGEST_PART))
    patronymic = fields.Str(load_default="", validate=validate.Length(max=LONGEST_PART))
    namesake = fields.Bool(
        load_default=False,
        metadata={"description": "It is somebody else than those whose name is the same or may be the same."},
    )


class MakePeople(Command):
    """People who are to be entered, all or none. One who may be there already is refused, unless a `namesake`."""

    people = fields.List(fields.Nested(NewPerson), required=True, validate=validate.Length(1, MANY))
    role = fields.Str(required=True, validate=validate.OneOf(ENTERED_AS))


class MadePeopleView(View):
    """The people who were entered, in the order of the command."""

    people = fields.List(fields.Nested(NameView), required=True)


class Appointments(Interface, service="identity"):
    """Staff roles."""

    appoint = Rpc(
        Appoint,
        PersonView,
        "Give a staff role or take it away; by the director (clause 4.1). An operator appoints directors only.",
        DIRECTORS | OPERATORS,
    )
    make_people = Rpc(
        MakePeople, MadePeopleView, "Enter teachers whom no import brought; by the methodologist.", METHODOLOGISTS
    )
