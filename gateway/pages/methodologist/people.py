"""People: search, contacts; appointments by the director."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.identity.appointments import Appointments
from contracts.identity.classes import Classes
from contracts.identity.credentials import Credentials
from contracts.identity.people import People
from contracts.roles import ROLES, STAFF
from gateway.composed.names import in_list, names_of, texts
from gateway.door import auth, problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, shown
from kernel.errors import Refused

blueprint = Blueprint("people", __name__)

#: People on one page.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Search:
    """What the page of people was asked for. Its forms keep it, so that one comes back to the same page."""

    query: str
    role: str | None
    class_id: str | None
    after: str | None

    @classmethod
    def asked(cls) -> Search:
        """That of the address."""
        return cls._of(request.args, "role")

    @classmethod
    def kept(cls) -> Search:
        """That of a form."""
        return cls._of(request.form, "among")

    @classmethod
    def _of(cls, given: Mapping[str, str], role: str) -> Search:
        values = {name: given.get(name, "").strip() for name in ("query", role, "class_id", "after")}
        return cls(values["query"], values[role] or None, values["class_id"] or None, values["after"] or None)

    def command(self) -> dict[str, Any]:
        """The fields of `FindPeople`, but for the page. Raises `Invalid`."""
        class_id = forms.identifier(self.class_id, "class_id") if self.class_id else None
        return {"query": self.query, "role": self.role, "class_id": class_id}

    def address(self, after: str | None = None) -> str:
        """The address of the page, or of the one that begins after this person."""
        place = after or self.after
        return url_for("people.find", query=self.query, role=self.role, class_id=self.class_id, after=place)


@blueprint.route("/people")
@operation(People.people)
def find() -> str:
    """The school's people by role, class and name."""
    return people_page(Search.asked())


@blueprint.route("/people/<id:person_id>/contact", methods=["POST"])
@operation(People.set_contact)
def set_contact(person_id: UUID) -> Answer | tuple[str, int]:
    """Change a person's e-mail address and phone."""
    contact: dict[str, Any] = {"email": forms.optional("email"), "phone": forms.optional("phone")}
    typed = {str(person_id): contact}
    return _changed(lambda: carry_out(People.set_contact, person_id=person_id, **contact), typed)


@blueprint.route("/people/classes/<id:class_id>/grade", methods=["POST"])
@operation(Classes.say_grade)
def say_grade(class_id: UUID) -> Answer | tuple[str, int]:
    """Say the grade of a class, or that it is of several."""
    several = forms.text("grade") == "several"
    said = {"several_grades": True} if several else {"grade": forms.number_or_none("grade")}
    return _changed(lambda: carry_out(Classes.say_grade, class_id=class_id, **said))


@blueprint.route("/people/<id:person_id>/roles", methods=["POST"])
@operation(Appointments.appoint)
def appoint(person_id: UUID) -> Answer | str | tuple[str, int]:
    """Give a staff role or take it away. Where that shuts somebody out of much, it is asked whether it is meant."""
    role, held = forms.text("role"), forms.text("held") == "yes"
    own = person_id == auth.actor().person_id
    if not held and (own or role == "director") and forms.text("sure") != "yes":
        name = texts(names_of({str(person_id)})).get(str(person_id), "")
        return render_template(
            "methodologist/role-question.html",
            person_id=person_id, name=name, taken=role, own=own, search=Search.kept(),
        )  # fmt: skip
    return _changed(lambda: carry_out(Appointments.appoint, person_id=person_id, role=role, held=held))


def _changed(change: Callable[[], Any], typed: Mapping[str, Any] | None = None) -> Answer | tuple[str, int]:
    """Make the change and go back to the search, or show why it was refused, with what was typed."""
    try:
        change()
    except Refused as refusal:
        return refused(problems.of_refusal(refusal), typed)
    flash(gettext("Saved."))
    return redirect(Search.kept().address(), 303)


def refused(problem: problems.Problem, typed: Mapping[str, Any] | None = None) -> tuple[str, int]:
    """The page of people, with the reason why what was asked for there was refused."""
    return people_page(Search.kept(), problem, typed), problem.status


def issued_by_visitor() -> set[str]:
    """Those values of `credentials_by` whose people get their credentials from the visitor."""
    return {"methodologist", "director"} if auth.actor().has("director") else {"methodologist"}


def people_page(search: Search, problem: problems.Problem | None = None, typed: Mapping[str, Any] | None = None) -> str:
    """A page of the people found; with the reason of a refusal above it, and the contact that was `typed` for whom."""
    after = forms.identifier(search.after, "after") if search.after else None
    page = ask(People.people, **search.command(), after=after, limit=PAGE)
    return render_template(
        "methodologist/people.html",
        people=in_list(page["people"]),
        following=page["next"],
        search=search,
        roles=ROLES,
        classes=ask(Classes.classes)["classes"],
        staff=sorted(STAFF.roles),
        issued_here=issued_by_visitor() if shown.allowed(Credentials.order_credentials) else set(),
        problem=problem,
        typed=typed or {},
    )
