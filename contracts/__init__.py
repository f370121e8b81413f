"""What services exchange: commands, views (answers) and events. Data only; one package for each owning service.

A module of `contracts/<owner>/` is a capability; the owner's service answers every interface of its package.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Final

from kernel.contract import Event, Interface

#: The services. Each owns the package of its name.
SERVICES: Final = ("identity", "gradebook", "attendance", "notifications", "printing")


def capabilities(owner: str) -> list[str]:
    """The names of the owner's capabilities, in order."""
    package = import_module(f"contracts.{owner}")
    return sorted(module.name for module in pkgutil.iter_modules(package.__path__))


def interfaces(owner: str) -> list[type[Interface]]:
    """Every interface that the owner's service answers."""
    return [cls for name in capabilities(owner) for cls in _classes(owner, name) if issubclass(cls, Interface)]


def events(owner: str) -> list[type[Event]]:
    """Every event that the owner publishes."""
    return [cls for name in capabilities(owner) for cls in _classes(owner, name) if issubclass(cls, Event)]


def _classes(owner: str, capability: str) -> Iterator[type]:
    """The classes that the capability's module defines."""
    module = import_module(f"contracts.{owner}.{capability}")
    return (cls for cls in vars(module).values() if isinstance(cls, type) and cls.__module__ == module.__name__)
