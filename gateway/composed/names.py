"""Names of people by id, and lists of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from contracts.identity.people import People
from gateway.door.asking import ask
from kernel.contract import in_parts
from kernel.names import FULL, Name, listed


def names_of(person_ids: set[str]) -> dict[str, dict[str, Any]]:
    """Id → name, for the people whose names the caller may see. Many ids are split over several calls."""
    return {one["id"]: one for ids in in_parts(person_ids) for one in ask(People.names, person_ids=ids)["people"]}


def name_of(person: Mapping[str, Any]) -> Name:
    """The name of a `NameView`, a child or a membership."""
    # an older version of identity sends no parts of the names of children and memberships
    family = person["family_name"] or person["name"]
    return Name(family, person["given_name"], person["patronymic"], person.get("birth_year"))


def texts(people: Mapping[str, Mapping[str, Any]], least: int = FULL) -> dict[str, str]:
    """Id → what the person is called in a list of these, in the list's order; nobody is called like somebody else."""
    return listed({key: name_of(person) for key, person in people.items()}, least)


def in_list(people: Iterable[Mapping[str, Any]], least: int = FULL) -> list[dict[str, Any]]:
    """`NameView`s in the order of a list, each with its `text` in it."""
    by_id = {person["id"]: person for person in people}
    return [{**by_id[key], "text": text} for key, text in texts(by_id, least).items()]
