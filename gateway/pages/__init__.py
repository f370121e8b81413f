"""The web client: plain pages that work without JavaScript and ask for the same operations as the API."""

from __future__ import annotations

from flask import Flask

from gateway.pages import (
    attending,
    family,
    imports,
    journal,
    people,
    printing,
    session,
    shown,
    teaching,
    visitor,
)
from gateway.pages.forms import form_key
from gateway.pages.visitor import caller

__all__ = ["caller", "form_key", "install"]

MODULES = (session, teaching, journal, attending, family, people, imports, printing)


def install(app: Flask) -> None:
    """Serve the pages."""
    visitor.install(app)
    shown.install(app)
    for module in MODULES:
        app.register_blueprint(module.blueprint)
