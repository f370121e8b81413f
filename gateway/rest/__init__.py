"""REST under /api/v1: a table of addresses for each service, and the OpenAPI document."""

from __future__ import annotations

from flask import Blueprint, Flask

from gateway.rest import attendance, documentation, gradebook, identity, imports, notifications, printing, routes
from gateway.rest.openapi import Api

MODULES = (identity, imports, gradebook, attendance, notifications, printing)

routes.check(route for module in MODULES for route in module.ROUTES)
for _module in MODULES:
    routes.serve(_module.ROUTES, _module.blueprint)


def install(app: Flask) -> list[Blueprint]:
    """Serve the API and its documentation. Returns the blueprints."""
    api = Api(app)
    for module in MODULES:
        api.register_blueprint(module.blueprint)
    documentation.install(app, api)
    return [*(module.blueprint for module in MODULES), documentation.blueprint]
