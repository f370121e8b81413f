"""What of a bundle is there already, made by hand before the bundle came. Pure.

A timetable's file makes classes and teachers, and the methodologist adds others: a roster that comes later means the
same ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from kernel.names import Name, folded, may_be_one
from kernel.texts import Text
from services.identity.bundles.rules.bundle import Row
from services.identity.bundles.rules.faults import Faults
from services.identity.bundles.rules.roster import TEACHER, Roster
from services.identity.classes.rules import class_key


class KnownPerson(NamedTuple):
    """Somebody whom a bundle has brought, or, where `source_id` is None, a teacher who was entered by hand."""

    id: UUID
    source_id: str | None
    name: Name


def classes_taken_over(homerooms: Iterable[Row], known: Iterable[tuple[UUID, str, str | None]]) -> dict[str, UUID]:
    """The classes of a bundle that are there already: those that one has brought, and those made here of the same name.

    `known` are the present classes of the school: id, name, sourcedId. A class made here is that of one homeroom.
    """
    rows = list(known)
    found = {source_id: class_id for class_id, _, source_id in rows if source_id is not None}
    made = {class_key(name): class_id for class_id, name, source_id in rows if source_id is None}
    for row in homerooms:
        if row.id not in found and (key := class_key(row["title"])) in made:
            found[row.id] = made.pop(key)
    return found


def people_taken_over(roster: Roster, known: Iterable[KnownPerson]) -> dict[str, UUID]:
    """The bundle's people who are there already: those whom one has brought, and teachers who were entered by hand.

    A teacher entered by hand may have initials, as timetables do. Two are taken for the same person where both have a
    patronymic or its initial, and neither of them may be anybody else: a bundle's teacher who is new, or one entered
    by hand (practice).
    """
    rows = list(known)
    found = {one.source_id: one.id for one in rows if one.source_id is not None}
    new = {user.id: _name(user) for user in roster.users if user.id not in found and _is_teacher(roster, user)}
    entered = {one.id: one.name for one in rows if one.source_id is None}
    pairs = _may_be_same(new, entered)
    for source_id, person_ids in pairs.items():
        if len(person_ids) == 1 and sum(person_ids[0] in others for others in pairs.values()) == 1:
            found[source_id] = person_ids[0]
    return found


def remark_teachers(roster: Roster, taken: Iterable[str], faults: Faults) -> None:
    """A remark on the teachers whom the bundle found entered by hand: these users are the same people from now on."""
    named = set(taken)
    lines = [user.line for user in roster.users if user.id in named and user.line]
    if lines:
        text = Text(
            "Teachers of these names were entered by hand before. They are taken for the same people and keep their "
            "courses, marks and passwords. Rows: {rows}.",
            {"rows": ", ".join(str(line) for line in lines)},
        )
        faults.remark("users.csv", "teachers-taken-over", text, lines[0])


def _may_be_same(new: dict[str, Name], entered: dict[UUID, Name]) -> dict[str, list[UUID]]:
    """User → the people entered by hand whom the user's name fits."""
    families: dict[str, list[UUID]] = defaultdict(list)
    for person_id, name in entered.items():
        families[folded(name.family)].append(person_id)
    pairs = {}
    for source_id, name in new.items():
        alike = [one for one in families[folded(name.family)] if may_be_one(name, entered[one])]
        pairs[source_id] = [one for one in alike if name.patronymic and entered[one].patronymic]
        if len(pairs[source_id]) != len(alike):  # one without patronymic may be the same, too
            pairs[source_id] = []
    return pairs


def _name(user: Row) -> Name:
    return Name(user["familyName"], user["givenName"], user["middleName"])


def _is_teacher(roster: Roster, user: Row) -> bool:
    return TEACHER in roster.bundle.places[user.id][roster.school]
