"""The web client: pages that work without JavaScript and carry out the same operations as the API."""

from __future__ import annotations

from flask import Flask

from gateway.pages.director import school
from gateway.pages.family import diary, subject
from gateway.pages.frame import offline, password, session, shown, sign_ins, visitor
from gateway.pages.frame.forms import form_key
from gateway.pages.frame.visitor import caller
from gateway.pages.homeroom import absences
from gateway.pages.homeroom import journal as class_journal
from gateway.pages.homeroom import term_marks as class_terms
from gateway.pages.methodologist import (
    bells,
    consents,
    courses,
    credentials,
    curriculum,
    day_changes,
    imports,
    letters,
    next_year,
    openings,
    past_import,
    people,
    plan,
    plan_file,
    plans,
    policy,
    prints,
    subjects,
    timetable,
    timetable_import,
    year,
)
from gateway.pages.teacher import (
    absence,
    day,
    earlier,
    figures,
    groups,
    homework,
    journal,
    other_schools,
    outside,
    progress,
    term_marks,
)
from gateway.pages.weeks import feed, week

__all__ = ["caller", "form_key", "install"]

MODULES = (
    session,
    password,
    sign_ins,
    offline,
    day,
    homework,
    journal,
    term_marks,
    earlier,
    figures,
    other_schools,
    class_terms,
    class_journal,
    groups,
    outside,
    progress,
    absences,
    absence,
    diary,
    subject,
    people,
    subjects,
    curriculum,
    courses,
    timetable,
    day_changes,
    openings,
    timetable_import,
    past_import,
    next_year,
    credentials,
    consents,
    letters,
    imports,
    plans,
    plan_file,
    plan,
    prints,
    year,
    bells,
    policy,
    school,
    week,
    feed,
)


def install(app: Flask) -> None:
    """Serve the pages."""
    visitor.install(app)
    shown.install(app)
    for module in MODULES:
        app.register_blueprint(module.blueprint)
