"""Credentials for the people chosen on the page of people: the question, the order, the slips to print."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from contracts.identity.credentials import Credentials
from contracts.identity.people import People
from gateway.composed import credentials as composed
from gateway.composed import people as composed_people
from gateway.composed.names import in_list, names_of, texts
from gateway.door import auth, problems
from gateway.door.asking import carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, shown
from gateway.pages.methodologist import people
from gateway.pages.methodologist.people import Search
from kernel.contract import MANY
from kernel.errors import Conflict, Invalid, Refused
from kernel.jobs import GOING_ON

blueprint = Blueprint("credentials", __name__)


@blueprint.route("/credentials", methods=["POST"])
@operation(Credentials.order_credentials)
def order() -> Answer | str | tuple[str, int]:
    """Order credentials. Where passwords would be replaced that work, it is asked whether that is meant."""
    chosen: list[UUID] = []
    try:
        if forms.text("everybody") == "yes":
            return _everybody(Search.kept())
        chosen = [forms.identifier(given, "person_ids") for given in request.form.getlist("person_ids")]
        if not 1 <= len(chosen) <= MANY:
            raise Invalid("Choose people first.", rule="nobody-chosen", field="person_ids")
        ordered = composed.order_credentials(chosen, replace=forms.text("replace") == "yes")
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        if refusal.rule == "replaces-passwords":
            names = texts(names_of({str(one) for one in chosen}))
            search = Search.kept()
            return render_template(
                "methodologist/credentials-question.html", problem=problem, names=names, search=search
            )
        return people.refused(problem)
    return redirect(url_for("credentials.page", order_id=ordered["id"]), 303)


@blueprint.route("/credentials/<id:order_id>")
@operation(Credentials.credential_order)
def page(order_id: UUID) -> str:
    """How far an order is, and in the end its slips, which are shown for a quarter of an hour."""
    found = composed.credential_order(order_id)
    issued, problem = [], None
    if found["ready"]:
        try:
            issued = carry_out(Credentials.take_credentials, order_id=order_id)["credentials"]
        except Conflict as refusal:
            problem = problems.of_refusal(refusal)
    return render_template(
        "methodologist/slips.html",
        order=found,
        going_on=found["job"]["state"] in GOING_ON,
        slips=_slips(issued),
        problem=problem,
    )


def _everybody(search: Search) -> str:
    """The question about everybody whom a search finds: who they are, and who of them would lose a password."""
    found = composed_people.everybody(MANY, **search.command())
    if len(found) > MANY:
        raise Invalid("More than {most} people were found: choose a class or a role.", rule="too-many-found", most=MANY)
    mine, own = people.issued_by_visitor(), str(auth.actor().person_id)
    listed = in_list(found)
    chosen = [one for one in listed if one["credentials_by"] in mine and one["id"] != own]
    if not chosen:
        raise Invalid("Nobody was found to whom you issue credentials.", rule="nobody-chosen")
    return render_template(
        "methodologist/credentials-everybody.html",
        people=chosen,
        new=[one for one in chosen if not one["login"]],
        left_out=[one for one in listed if one not in chosen],
        search=search,
    )


def _slips(issued: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The slips in the order of a list of people, each with its `person` if the visitor sees people."""
    slips = {one["person_id"]: one for one in issued}
    known = composed_people.by_ids(slips) if slips and shown.allowed(People.people) else []
    listed = {one["id"]: one for one in in_list(known)}
    unknown = [{**one, "person": None} for person_id, one in slips.items() if person_id not in listed]
    return [{**slips[person_id], "person": person} for person_id, person in listed.items()] + unknown
