"""The web client: pages that work without JavaScript and carry out the same operations as the API."""

from __future__ import annotations

from flask import Flask

from gateway.pages.director import school
from gateway.pages.family import diary
from gateway.pages.frame import password, session, shown, visitor
from gateway.pages.frame.forms import form_key
from gateway.pages.frame.visitor import caller
from gateway.pages.homeroom import absences
from gateway.pages.methodologist import consents, imports, letters, people, prints
from gateway.pages.teacher import day, journal

__all__ = ["caller", "form_key", "install"]

MODULES = (session, password, day, journal, absences, diary, people, consents, letters, imports, prints, school)


def install(app: Flask) -> None:
    """Serve the pages."""
    visitor.install(app)
    shown.install(app)
    for module in MODULES:
        app.register_blueprint(module.blueprint)
