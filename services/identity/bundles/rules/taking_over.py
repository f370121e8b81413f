"""What of a bundle is there already, made by hand before the bundle came. Pure.

A timetable's file makes classes and teachers, and the methodologist adds others: a roster that comes later means the
same ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from kernel.names import Name, folded, full, may_be_one
from kernel.texts import Text
from services.identity.bundles.rules.bundle import Row
from services.identity.bundles.rules.faults import Faults
from services.identity.bundles.rules.roster import TEACHER, Roster
from services.identity.classes.rules import class_key

T = TypeVar("T")


class KnownPerson(NamedTuple):
    """Somebody of the school, whom a bundle has brought, or, where `source_id` is None, who was entered by hand."""

    id: UUID
    source_id: str | None
    name: Name
    email: str | None = None
    birth_date: date | None = None
    has_account: bool = False
    #: Whether a teacher, and nothing of the administration: an import has no power over that (clause 4.1).
    teaches: bool = True


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


def people_taken_over(roster: Roster, known: Iterable[KnownPerson], *, is_whole: bool) -> dict[str, UUID]:
    """The bundle's people who are there already: those whom one has brought, and teachers who were entered by hand.

    `known` are the people of the school. Two are taken for the same person where nobody else of the school or of the
    bundle may be either of them, and where nothing that is known of both differs (practice). Their whole names are the
    same. Where one has initials, as in timetables, the bundle has to be the school's whole
    roster, and the person may not have been given a login yet. Users of several schools are left alone: their people
    share one login.
    """
    rows = list(known)
    found = {one.source_id: one.id for one in rows if one.source_id is not None}
    entered, people = _Names[KnownPerson](), _Names[object]()
    for one in rows:
        if one.source_id is None and one.teaches:
            entered.add(one.name, one)
        else:
            people.add(one.name, one.id)
    new = [user for user in roster.users if user.id not in found]
    for user in new:
        people.add(_name(user), user.id)
    for user in new:
        match entered.alike(_name(user)):
            case [one] if people.alike(one.name) == [user.id] and _is_the_same(roster, user, one, is_whole=is_whole):
                found[user.id] = one.id
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


class _Names(Generic[T]):
    """People by their names, so that only those of one family name are compared."""

    def __init__(self) -> None:
        self._families: dict[str, list[tuple[Name, T]]] = defaultdict(list)

    def add(self, name: Name, one: T) -> None:
        """Somebody more."""
        self._families[folded(name.family)].append((name, one))

    def alike(self, name: Name) -> list[T]:
        """Those who may have this name: with the same one, with initials, or without a patronymic."""
        return [one for other, one in self._families[folded(name.family)] if may_be_one(name, other)]


def _is_the_same(roster: Roster, user: Row, known: KnownPerson, *, is_whole: bool) -> bool:
    """Whether a user whose name fits a teacher entered by hand, and nobody else's, is that teacher without a doubt."""
    name, places = _name(user), roster.bundle.places[user.id]
    if TEACHER not in places[roster.school] or len(places) > 1 or not (name.patronymic and known.name.patronymic):
        return False
    born = roster.bundle.by_id("demographics").get(user.id)
    if _differ(user["email"].casefold(), (known.email or "").casefold()):
        return False
    if born is not None and _differ(born.day("birthDate"), known.birth_date):
        return False
    return folded(full(name)) == folded(full(known.name)) or (is_whole and not known.has_account)


def _differ(one: object, other: object) -> bool:
    """Whether both are known and not the same."""
    return bool(one and other) and one != other


def _name(user: Row) -> Name:
    return Name(user["familyName"], user["givenName"], user["middleName"])
