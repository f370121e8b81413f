"""Letters to families: what each was about, and whether it went out. Parents see their own."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext

from contracts.identity.people import People
from contracts.notifications.deliveries import Deliveries
from gateway.composed.names import in_list, names_of, texts
from gateway.door.asking import ask
from gateway.door.auth import operation
from gateway.pages.frame import forms, shown, visitor

blueprint = Blueprint("letters", __name__)

#: Letters on one page, and students to choose from.
PAGE: Final = 50

_ABOUT: Final = {
    "mark_posted": lazy_gettext("a mark"),
    "mark_changed": lazy_gettext("a changed mark"),
    "term_marks_set": lazy_gettext("a term mark"),
    "term_mark_changed": lazy_gettext("a changed term mark"),
    "owed_work_due": lazy_gettext("work that is owed"),
    "homework_set": lazy_gettext("homework"),
    "timetable_changed": lazy_gettext("changed lesson"),
    "absence_recorded": lazy_gettext("an absence"),
}
_OTHER: Final = lazy_gettext("news of the school")
_STATES: Final = {
    "sent": lazy_gettext("sent"),
    "due": lazy_gettext("not sent yet"),
    "gone": lazy_gettext("will not be sent"),
}
_BAD_ADDRESS: Final = lazy_gettext("the e-mail address of the guardian cannot be right")
_OUR_SERVER: Final = lazy_gettext("the school's mail server is away or does not take letters")
#: Reason, or its first word → the reason as a school says it.
_WHY: Final = {
    "no-consent": lazy_gettext("there is no consent of the guardian to letters"),
    "no-address": lazy_gettext("no e-mail address of the guardian is known"),
    "nothing-to-tell": lazy_gettext("what it was about has been removed"),
    "told-before": lazy_gettext("an earlier letter told the same"),
    "contents-unavailable": lazy_gettext("a part of the system did not answer"),
    "address-unsupported": _BAD_ADDRESS,
    "bad-address": _BAD_ADDRESS,
    "rejected": lazy_gettext("the mailbox of the guardian does not take it; the address may be wrong"),
    "postponed": lazy_gettext("the mailbox of the guardian does not take it now"),
    "bad-sender": _OUR_SERVER,
    "connection-lost": _OUR_SERVER,
    "folder": _OUR_SERVER,
    "sender": _OUR_SERVER,
    "server": _OUR_SERVER,
}
_OUR_MISTAKE: Final = lazy_gettext("the letter could not be made, which is a mistake of the system")


@blueprint.route("/letters")
@operation(Deliveries.deliveries)
def page() -> str:
    """Letters, the newest first: of the school, or a parent's own; about everybody or one student."""
    every = shown.allowed(People.people)
    name = request.args.get("name", "").strip() if every else ""
    choice = _students(name) if every else _children()
    if name:
        student = choice[0]["id"] if len(choice) == 1 else None
    else:
        chosen = forms.queried_id("student")
        student = str(chosen) if chosen else None
    state = request.args.get("state") or None
    found = _letters(student, state) if student or not name else {"deliveries": [], "next": None}
    sides = {one[side] for one in found["deliveries"] for side in ("student_id", "recipient_id")}
    return render_template(
        "methodologist/letters.html",
        letters=[{**one, "about": _ABOUT.get(one["kind"], _OTHER), "why": _why(one)} for one in found["deliveries"]],
        following=found["next"],
        names=texts(names_of(sides | ({student} if student else set()))),
        every=every,
        name=name,
        choice=choice if len(choice) > 1 else [],
        student=student,
        state=state,
        states=_STATES,
    )


def _letters(student: str | None, state: str | None) -> dict[str, Any]:
    command: dict[str, Any] = {"student_id": student, "state": state, "after": forms.queried_id("after")}
    found: dict[str, Any] = ask(Deliveries.deliveries, limit=PAGE, **command)
    return found


def _students(name: str) -> list[dict[str, Any]]:
    """The students whose names hold `name`; nobody without one."""
    return in_list(ask(People.people, role="student", query=name, limit=PAGE)["people"]) if name else []


def _children() -> list[dict[str, Any]]:
    """The visitor's children in this school."""
    held = visitor.membership()
    return in_list({**child, "id": child["student_id"]} for child in held["children"]) if held else []


def _why(letter: dict[str, Any]) -> str:
    """Why a letter did not go out; empty if it did, or was not tried yet."""
    reason: str = letter["reason"]
    if letter["state"] == "sent" or not reason:
        return ""
    return str(_WHY.get(reason) or _WHY.get(reason.partition("-")[0]) or _OUR_MISTAKE)
