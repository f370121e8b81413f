"""Views of people with their classes and children."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from services.identity.classes import queries as classes_queries
from services.identity.classes.queries import Child, ClassNamed
from services.identity.directory import queries
from services.identity.directory.queries import Listed
from services.identity.people import queries as people_queries
from services.identity.people.permissions import issuer
from services.identity.people.tables import Person
from services.identity.people.views import named, namesakes
from services.identity.rows import View


def people(session: Session, rows: Sequence[Listed]) -> list[View]:
    """`PersonView`s of a list, in as many statements however long it is."""
    ids = [row.Person.id for row in rows]
    roles = people_queries.roles_of(session, ids)
    children = classes_queries.wards_of(session, ids)
    homerooms = classes_queries.homerooms_of(session, ids)
    alike = namesakes([row.Person for row in rows])
    return [
        {
            **named(row.Person, with_year=row.Person.id in alike),
            **_person(row, roles[row.Person.id]),
            **_classes(row, homerooms[row.Person.id], children[row.Person.id]),
        }
        for row in rows
    ]


def current_person(session: Session, person: Person) -> View:
    """A `PersonView` as of now."""
    (view,) = people(session, [queries.listed(session, person.id)])
    return view


def _person(row: Listed, roles: Collection[str]) -> View:
    several_schools = row.Person.human_id is not None
    return {
        "roles": sorted(roles),
        "email": row.Person.email,
        "phone": row.Person.phone,
        "login": row.login,
        "source_id": row.Person.source_id,
        "credentials_by": issuer(set(roles), several_schools=several_schools) if row.Person.enabled else None,
    }


def _classes(row: Listed, homerooms: Collection[ClassNamed], children: Sequence[Child]) -> View:
    alike = namesakes(children)
    return {
        "class_name": row.class_name,
        "homerooms": [led.name for led in homerooms],
        "children": [{**named(one, with_year=one.id in alike), "class_name": one.class_name} for one in children],
    }
