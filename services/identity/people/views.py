"""Views of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from kernel.names import folded
from services.identity.people.queries import Named
from services.identity.people.rules import full_name
from services.identity.people.tables import Person
from services.identity.rows import View


def name(person: Named) -> str:
    """The person's full name."""
    return full_name(person.family_name, person.given_name, person.patronymic)


def named(person: Named, *, with_year: bool = False) -> View:
    """A `NameView`."""
    return {
        "id": person.id,
        "family_name": person.family_name,
        "given_name": person.given_name,
        "patronymic": person.patronymic,
        "name": name(person),
        "birth_year": person.birth_date.year if with_year and person.birth_date else None,
    }


def listed(people: Sequence[Named]) -> list[View]:
    """`NameView`s of a list. Only namesakes get their year of birth: nothing else would tell them apart."""
    alike = namesakes(people)
    return [named(row, with_year=row.id in alike) for row in people]


def namesakes(people: Collection[Named]) -> set[UUID]:
    """Those of a list whose full name somebody else in it has too."""
    names = {row.id: folded(name(row)) for row in people}
    many = Counter(names.values())
    return {person_id for person_id, one in names.items() if many[one] > 1}


def student_fact(
    row: Person,
    guardians: Collection[Person],
    purposes: Mapping[tuple[UUID, UUID], list[str]],
    class_since: date | None,
) -> View:
    """A `StudentFactView`; `purposes` maps (student, guardian) to the purposes consented to."""
    return {
        "student_id": row.id,
        "revision": row.revision,
        "name": name(row),
        "class_id": row.class_id,
        "class_since": class_since,
        "guardians": [
            {
                "guardian_id": guardian.id,
                "email": guardian.email,
                "language": guardian.language,
                "purposes": purposes.get((row.id, guardian.id), []),
            }
            for guardian in guardians
        ],
    }
