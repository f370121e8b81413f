"""What an import did to identity's rows, and putting it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.data import tenancy
from kernel.data.traces import Key, Touched, Traces, put
from kernel.obstacles import Obstacles
from services.identity.base import Base
from services.identity.bundles import queries
from services.identity.bundles.recording.announcing import Announcing
from services.identity.bundles.tables import ImportTrace
from services.identity.classes.tables import Enrolment, SchoolClass
from services.identity.people.tables import Consent, Guardianship, Person, Role
from services.identity.schools.tables import School

PERSON: Final = (
    "family_name",
    "given_name",
    "patronymic",
    "search_name",
    "email",
    "phone",
    "birth_date",
    "sex",
    "source_id",
    "username",
    "human_id",
    "enabled",
    "left_on",
)
CLASS: Final = ("name", "grade", "homeroom_teacher_id", "source_id", "ended_on")
ENROLMENT: Final = ("class_id", "student_id", "since", "until")
#: Revisions and announced classes are not followed: they change by themselves. Nor are accounts: they are told apart.
TRACES: Final = Traces(
    ImportTrace,
    {
        School: ("name", "source_id", "identifier"),
        Person: PERSON,
        Role: ("held", "appointed"),
        Guardianship: ("ended_on",),
        Consent: ("replaced_at",),
        SchoolClass: CLASS,
        Enrolment: ENROLMENT,
    },
    Base,
)
#: What an import did, by kind.
KINDS: Final = {
    School: "schools",
    Person: "people",
    Role: "roles",
    Guardianship: "guardianships",
    Consent: "consents",
    SchoolClass: "classes",
    Enrolment: "enrolments",
}
#: What a record that somebody made since is called, where it refers to what the import created: by its table.
LEANING: Final = {
    "credential_issue": "credentials",
    "appointment": "appointments",
    "role": "appointments",
    "consent": "consents",
    "enrolment": "enrolled",
}
#: What is told once for each person.
OF_A_PERSON: Final = frozenset({"credentials", "appointments", "enrolled"})


@dataclass
class Undoing:
    """Undoes identity's part of an import in one school, to which it binds the session."""

    session: Session
    import_id: UUID
    school_id: UUID
    started_at: datetime
    obstacles: Obstacles = field(default_factory=Obstacles)
    _names: dict[UUID, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tenancy.bind(self.session, self.school_id)
        self.touched = TRACES.touched(self.session, self.import_id)
        self.later = TRACES.later(self.session, self.import_id)

    def counts(self) -> dict[str, list[int]]:
        """Kind → gone, restored."""
        counts: dict[str, list[int]] = {}
        for one in self.touched:
            kind = counts.setdefault(KINDS[one.cls], [0, 0])
            kind[0 if one.before is None else 1] += 1
        return counts

    def look(self) -> Obstacles:
        """What stands in the way."""
        tenancy.bind(self.session, self.school_id)
        self._changed()
        for cls in (Person, SchoolClass, Guardianship, Enrolment):
            self._leaning(cls)
        self._logins()
        self._consents()
        self._moved()
        return self.obstacles

    def undo(self, today: date, moment: datetime) -> None:
        """Put everything back. People, classes and guardianships that the import created end: others may name them."""
        tenancy.bind(self.session, self.school_id)
        changes = Announcing()
        changes.touched |= {key[0] for key in self._keys(Person)}
        changes.students |= {key[1] for key in self._keys(Guardianship)} | self._students_of(self._of(Enrolment))
        changes.classes |= {key[0] for key in self._keys(SchoolClass)}
        changes.signed_out |= {one.key[0] for one in self._of(Person, Role) if _grants(one)}
        ends: dict[type[Any], dict[str, Any]] = {
            Person: {"left_on": today},
            SchoolClass: {"ended_on": today},
            Guardianship: {"ended_on": today},
            Role: {"held": False},
        }
        put(self.session, self.school_id, [_ended(one, ends) for one in self.touched])
        changes.announce(self.session, today, moment)
        TRACES.forget(self.session, ImportTrace.cause_id == self.import_id)

    def _of(self, *classes: type[Any]) -> list[Touched]:
        return [one for one in self.touched if one.cls in classes]

    def _keys(self, cls: type[Any]) -> list[Key]:
        return [one.key for one in self._of(cls)]

    def _add(self, rule: str, cls: type[Any], key: Key, person_id: UUID | None, name: str = "") -> None:
        """Note an obstacle; where a later import made it, that import is what stands in the way."""
        later = self.later.get((cls, key))
        if later is not None:
            self.obstacles.add("later-import", (cls, key), self._import_name(later))
        else:
            thing = person_id if rule in OF_A_PERSON and person_id else (cls, key)
            self.obstacles.add(rule, thing, name or self._names.get(person_id or key[0], ""))

    def _changed(self) -> None:
        """Rows that a later import or a person has changed."""
        changed = TRACES.changed(self.session, self.touched)
        overlapping = [one for one in self.touched if (one.cls, one.key) in self.later]
        self._know(_person_of(one) for one in (*changed, *overlapping))
        for one in (*overlapping, *changed):
            rule = "appointments" if one.cls is Role else "consents" if one.cls is Consent else "changed"
            self._add(rule, one.cls, one.key, _person_of(one), _class_name(one))

    def _leaning(self, cls: type[Any]) -> None:
        """Rows that refer to what the import created, and that it did not write itself."""
        own = {(one.cls, one.key) for one in self.touched}
        people = {one.key: _person_of(one) for one in self._of(cls) if one.before is None}
        found = [one for one in TRACES.standing_on(self.session, cls, list(people)) if (one[0], one[1]) not in own]
        moved = TRACES.present(self.session, Enrolment, [key for other, key, _ in found if other is Enrolment])
        self._know([*people.values(), *(row["student_id"] for row in moved.values())])
        for other, key, on in found:
            person_id = moved[key]["student_id"] if other is Enrolment else people[on]
            self._add(LEANING.get(other.__tablename__, "leaning"), other, key, person_id)

    def _logins(self) -> None:
        """People of the import who have an account: who signs in with it stays."""
        created = [one.key[0] for one in self._of(Person) if one.before is None]
        for person in queries.with_accounts(self.session, created):
            self.obstacles.add("credentials", person.id, f"{person.family_name} {person.given_name}")

    def _consents(self) -> None:
        """Consents recorded since for guardianships that the import made or ended."""
        pairs = [(one.key[0], one.key[1]) for one in self._of(Guardianship)]
        own = set(self._keys(Consent))
        found = [one for one in queries.consents_since(self.session, pairs, self.started_at) if (one.id,) not in own]
        self._know(consent.student_id for consent in found)
        for consent in found:
            self._add("consents", Consent, (consent.id,), consent.student_id)

    def _moved(self) -> None:
        """Students whose place in a class would come back, and who have got another one since."""
        students = self._students_of(one for one in self._of(Enrolment) if one.before is not None)
        own = set(self._keys(Enrolment))
        found = [one for one in queries.enrolments_of(self.session, students) if (one.id,) not in own]
        since = [one for one in found if _made_since(one.id, self.import_id) or (Enrolment, (one.id,)) in self.later]
        self._know(one.student_id for one in since)
        for one in since:
            self._add("enrolled", Enrolment, (one.id,), one.student_id)

    def _students_of(self, enrolments: Iterable[Touched]) -> set[UUID]:
        states = [state for one in enrolments for state in (one.before, one.after) if state is not None]
        return {state["student_id"] for state in states}

    def _know(self, person_ids: Iterable[UUID | None]) -> None:
        wanted = {person_id for person_id in person_ids if person_id is not None}
        self._names |= queries.names(self.session, wanted - self._names.keys())

    def _import_name(self, import_id: UUID) -> str:
        row = queries.bundle_import(self.session, import_id)
        return row.file_name if row else ""


def _person_of(one: Touched) -> UUID | None:
    """The person that a row is about."""
    if one.cls is Person or one.cls is Role:
        return UUID(str(one.key[0]))
    if one.cls is Guardianship:
        return UUID(str(one.key[1]))
    state = one.after or one.before or {}
    return state.get("student_id")


def _class_name(one: Touched) -> str:
    return str((one.after or one.before or {}).get("name", "")) if one.cls in (SchoolClass, School) else ""


def _grants(one: Touched) -> bool:
    """Whether the import let somebody do something that ends now."""
    before = one.before
    return (
        before is None or not before.get("held", True) or not before.get("enabled", True) or bool(before.get("left_on"))
    )


def _ended(one: Touched, ends: dict[type[Any], dict[str, Any]]) -> Touched:
    """A created row is ended, where it is of those that end: then it has a state before."""
    if one.before is not None or one.after is None:
        return one
    return one._replace(before=ends[one.cls]) if one.cls in ends else one


def _made_since(row_id: UUID, import_id: UUID) -> bool:
    """Whether a row was made by hand after an import began: such ids hold the moment, those of imports are hashes."""
    return row_id.version == 7 and row_id > import_id
