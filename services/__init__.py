"""The services: each owns its data and says to the others only what `contracts` holds."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def service_class(name: str) -> type[Any]:
    """The class of the service `name`, from its module `service`."""
    module = import_module(f"services.{name}.service")
    found = [value for value in vars(module).values() if isinstance(value, type) and vars(value).get("name") == name]
    (cls,) = found
    return cls
