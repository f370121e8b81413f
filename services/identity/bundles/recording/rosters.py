"""Updates a school's roster from a bundle. Rows that the bundle no longer has are ended, never deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, tuple_, update
from sqlalchemy.orm import Session

from contracts.identity.bundles import first_day
from kernel.data import copies
from kernel.data.bulk import Count
from kernel.data.traces import Tracer, key_names
from services.identity.bundles.recording.announcing import Announcing, chunks
from services.identity.bundles.recording.traces import CLASS, ENROLMENT, PERSON
from services.identity.bundles.rules.changes import said
from services.identity.bundles.rules.question import Ending
from services.identity.bundles.rules.roster import FREELY_GIVEN, USER, Roster
from services.identity.classes.tables import Enrolment, SchoolClass
from services.identity.people.tables import Consent, Guardianship, Person, Role

#: If the bundle leaves these empty, the stored values stay: contacts are also entered by hand.
KEPT = ("email", "phone", "birth_date", "sex", "human_id")
Values = dict[str, Any]


@dataclass
class Writing:
    """Writes one school's roster, in a session bound to the school."""

    session: Session
    roster: Roster
    today: date
    moment: datetime
    tracer: Tracer
    #: What an earlier bundle said, where this one says only what has changed.
    before: Roster | None = None
    counts: dict[str, Count] = field(default_factory=dict)
    #: Kind → what ends of it.
    endings: dict[str, Ending] = field(default_factory=dict)
    #: People who leave while namesakes come.
    replaced: int = 0
    #: Whom it has changed.
    changes: Announcing = field(default_factory=Announcing)

    def write(self) -> dict[str, list[int]]:
        """Write and announce everything. Returns kind → created, changed, unchanged, removed."""
        self._people()
        self._roles()
        self._guardianships()
        self._classes()
        self._enrolments()
        self.changes.announce(self.session, self.today, self.moment)
        self.tracer.save(self.moment)
        return {kind: list(count.figures()) for kind, count in self.counts.items()}

    def _wanted(self, kind: str, file: str) -> dict[UUID, Values]:
        """The rows of a kind that are to be as the bundle says: all, or those that a delta names or changes."""
        rows: dict[UUID, Values] = getattr(self.roster, kind)
        if self.before is None:
            return rows
        was = getattr(self.before, kind)
        return {key: row for key, row in rows.items() if key in self._said(file) or was.get(key) != row}

    def _gone(self, kind: str, present: Iterable[Any]) -> set[Any]:
        """The things among these that the bundle has no more, of a delta those that it takes away."""
        now = getattr(self.roster, kind)
        left = {key for key in present if key not in now}
        return left if self.before is None else {key for key in left if key in getattr(self.before, kind)}

    def _said(self, file: str) -> set[UUID]:
        """The ids of what a delta names in a file."""
        kind = {"users": "user", "classes": "class", "enrollments": "enrolment"}[file]
        return {self.roster.id_of(kind, source_id) for source_id in said(self.roster, file)}

    def _pairs(self, kind: str) -> set[Any]:
        """The roles or guardianships that are to hold: all, or those that a delta gives, and those of whom it names."""
        pairs: set[Any] = getattr(self.roster, kind)
        if self.before is None:
            return pairs
        named = self._said("users")
        return {pair for pair in pairs if pair not in getattr(self.before, kind) or pair[0] in named}

    def _count(self, kind: str) -> Count:
        return self.counts.setdefault(kind, Count())

    def _save(self, cls: type[Any], rows: Sequence[Values], names: Sequence[str]) -> None:
        """Insert rows; where the key exists, update the columns `names`."""
        if not rows:
            return
        key = key_names(cls)
        self.tracer.about_to(cls, [tuple(row[name] for name in key) for row in rows])
        statement = copies.insert_into(self.session, cls)
        statement = statement.on_conflict_do_update(
            index_elements=cls.__table__.primary_key.columns,
            set_={name: statement.excluded[name] for name in names},
        )
        self.session.execute(statement, [{"school_id": self.roster.school_id, **row} for row in rows])

    def _update(self, cls: type[Any], ids: Collection[UUID], **values: Any) -> None:
        self.tracer.about_to(cls, [(one,) for one in ids])
        for chunk in chunks(ids):
            self.session.execute(
                update(cls).where(cls.id.in_(chunk)).values(**values),
                execution_options={"synchronize_session": False},
            )

    def _known(self, cls: type[Any], names: Sequence[str], *where: Any) -> dict[UUID, Values]:
        rows = self.session.execute(select(cls.id, *(getattr(cls, name) for name in names)).where(*where))
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}

    def _people(self) -> None:
        """Write people. A person who is no longer in the bundle left the school; people entered by hand stay."""
        count = self._count("people")
        entered = Person.id.in_([one for (kind, _), one in self.roster.taken_over.items() if kind == USER])
        before = self._known(Person, PERSON, or_(Person.source_id.is_not(None), entered))
        rows = []
        for person_id, values in self._wanted("people", "users").items():
            old = before.get(person_id)
            wanted = values if old is None else values | {name: values[name] or old[name] for name in KEPT}
            if count.note(old, wanted):
                rows.append({"id": person_id, **wanted})
        self._save(Person, rows, PERSON)
        gone = {person_id for person_id in self._gone("people", before) if before[person_id]["left_on"] is None}
        self._update(Person, gone, left_on=self.today)
        count.removed += len(gone)
        self.endings["people"] = Ending(len(gone), sum(row["left_on"] is None for row in before.values()))
        came = {_who(row) for row in rows if row["id"] not in before}
        self.replaced = sum(_who(before[person_id]) in came for person_id in gone)
        self.changes.touched |= gone | {row["id"] for row in rows}
        self.changes.signed_out |= gone | {row["id"] for row in rows if not row["enabled"]}

    def _roles(self) -> None:
        """Write roles. Roles set by hand stay, and so do roles that this bundle may not give."""
        count = self._count("roles")
        rows = self.session.execute(
            select(Role.person_id, Role.role, Role.held, Role.appointed)
            .join(Person, (Person.school_id == Role.school_id) & (Person.id == Role.person_id))
            .where(Person.source_id.is_not(None))
        )
        before = {(person_id, role): (held, appointed) for person_id, role, held, appointed in rows}
        settled = {
            place
            for place, (_, appointed) in before.items()
            if appointed or not (self.roster.trusted or place[1] in FREELY_GIVEN)
        }
        new = []
        for place in sorted(self._pairs("roles") - settled):
            held = before[place][0] if place in before else None
            if count.note(held, True):
                new.append({"person_id": place[0], "role": place[1], "held": True})
        present = self.roster.people.keys()
        gone = [
            place
            for place in self._gone("roles", before)
            if before[place][0] and place[0] in present and place not in settled
        ]
        lost = [{"person_id": person_id, "role": role, "held": False} for person_id, role in gone]
        self._save(Role, new + lost, ("held",))
        count.removed += len(gone)
        self.changes.signed_out |= {person_id for person_id, _ in gone}

    def _guardianships(self) -> None:
        """Write guardianships. A consent ends with its guardianship and is not restored with it."""
        count = self._count("guardianships")
        from_bundles = select(Person.id).where(Person.source_id.is_not(None))
        rows = self.session.execute(
            select(Guardianship.guardian_id, Guardianship.student_id, Guardianship.ended_on).where(
                Guardianship.guardian_id.in_(from_bundles), Guardianship.student_id.in_(from_bundles)
            )
        )
        before = {(guardian_id, student_id): ended_on is None for guardian_id, student_id, ended_on in rows}
        new = [pair for pair in sorted(self._pairs("guardianships")) if count.note(before.get(pair), True)]
        gone = [pair for pair in self._gone("guardianships", before) if before[pair]]
        states = [(pair, None) for pair in new] + [(pair, self.today) for pair in gone]
        self._save(
            Guardianship,
            [
                {"guardian_id": guardian_id, "student_id": student_id, "ended_on": ended_on}
                for (guardian_id, student_id), ended_on in states
            ],
            ("ended_on",),
        )
        for chunk in chunks(gone):
            over = tuple_(Consent.guardian_id, Consent.student_id).in_(chunk), Consent.replaced_at.is_(None)
            self._update(Consent, self.session.scalars(select(Consent.id).where(*over)).all(), replaced_at=self.moment)
        count.removed += len(gone)
        self.changes.students |= {student_id for _, student_id in (*new, *gone)}

    def _classes(self) -> None:
        """Write classes. One that is no longer in the bundle ended; those made by hand stay."""
        count = self._count("classes")
        before = self._known(SchoolClass, CLASS)
        rows = [
            {"id": class_id, **values}
            for class_id, values in self._wanted("classes", "classes").items()
            if count.note(before.get(class_id), values)
        ]
        self._save(SchoolClass, rows, CLASS)
        present = {
            class_id
            for class_id, row in before.items()
            if row["ended_on"] is None and self.roster.is_of_a_bundle(class_id, row["name"], row["source_id"])
        }
        gone = self._gone("classes", present)
        self._update(SchoolClass, gone, ended_on=self.today)
        count.removed += len(gone)
        self.endings["classes"] = Ending(len(gone), len(present))
        self.changes.classes |= gone | {row["id"] for row in rows}

    def _enrolments(self) -> None:
        """Write enrolments. One that is no longer in the bundle ended yesterday.

        One that the bundle does not date began today, unless nobody was known in its year before: then with the year.
        """
        count = self._count("enrolments")
        before = self._known(Enrolment, ENROLMENT)
        last_known = max((row["since"] for row in before.values()), default=date.min)
        rows = []
        for enrolment_id, values in self._wanted("enrolments", "enrollments").items():
            old = before.get(enrolment_id)
            if enrolment_id in self.roster.undated:
                known = last_known >= values["since"]
                before_this = old["since"] if old else None
                since = first_day(values["since"], values["until"], before_this, self.today, known=known)
                values = {**values, "since": since}  # it is dated now
            if count.note(old, values):
                rows.append({"id": enrolment_id, **values})
        self._save(Enrolment, rows, ENROLMENT)
        yesterday = self.today - timedelta(days=1)
        gone = {
            enrolment_id
            for enrolment_id in self._gone("enrolments", before)
            if (before[enrolment_id]["until"] or self.today) > yesterday
        }
        self._update(Enrolment, gone, until=yesterday)
        count.removed += len(gone)
        present = sum((row["until"] or self.today) > yesterday for row in before.values())
        self.endings["enrolments"] = Ending(len(gone), present)


def _who(person: Values) -> tuple[Any, ...]:
    """By what people are taken for the same where their ids differ."""
    return person["search_name"], person["birth_date"]
