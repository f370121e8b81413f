"""One school's roster in a bundle: people, roles, guardianships, classes and enrolments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID, uuid5

from services.identity.bundles.rules.bundle import Bundle, Row, several
from services.identity.bundles.rules.columns import GUARDIAN_ROLES, HOMEROOM, STUDENT_ROLE
from services.identity.classes.rules import grade_of
from services.identity.people.rules import search_name

CLASS = "class"
USER = "user"
TEACHER = "teacher"
PARENT = "parent"
#: OneRoster's role → ours. People with other roles (aide, counselor, …) get no role here.
ROLES = {
    TEACHER: "teacher",
    STUDENT_ROLE: "student",
    "administrator": "methodologist",
    "siteAdministrator": "methodologist",
    "systemAdministrator": "methodologist",
    "principal": "director",
    **dict.fromkeys(GUARDIAN_ROLES, PARENT),
}
#: Roles that any bundle may give. Only the director gives the others (clause 4.1).
FREELY_GIVEN = frozenset({"teacher", "student", PARENT})
Rows = dict[UUID, dict[str, Any]]


@dataclass
class Roster:
    """One school's part of a bundle. Only a `trusted` one gives and takes roles of the administration."""

    bundle: Bundle
    school: str
    school_id: UUID
    trusted: bool
    #: What was there before a bundle brought it: kind and sourcedId → id.
    taken_over: Mapping[tuple[str, str], UUID] = field(default_factory=dict)

    @property
    def users(self) -> Sequence[Row]:
        """The bundle's users who hold a role in the school."""
        return self.bundle.users_by_school.get(self.school, ())

    def id_of(self, kind: str, source_id: str) -> UUID:
        """The id of an object of this school: stable across bundles."""
        known = self.taken_over.get((kind, source_id))
        return known or uuid5(self.school_id, f"{kind}:{source_id}")

    def person_id(self, source_id: str) -> UUID:
        """The id of the person that a user is in this school."""
        return self.id_of(USER, source_id)

    @cached_property
    def people(self) -> Rows:
        """Rows of people. A contact that the bundle leaves empty is None."""
        demographics = self.bundle.by_id("demographics")
        return {self.person_id(user.id): self._person(user, demographics.get(user.id)) for user in self.users}

    def _person(self, user: Row, demographics: Row | None) -> dict[str, Any]:
        family_name, given_name, patronymic = user["familyName"], user["givenName"], user["middleName"]
        return {
            "family_name": family_name,
            "given_name": given_name,
            "patronymic": patronymic,
            "search_name": search_name(family_name, given_name, patronymic),
            "email": user["email"] or None,
            "phone": user["phone"] or user["sms"] or None,
            "birth_date": demographics.day("birthDate") if demographics else None,
            "sex": demographics["sex"] or None if demographics else None,
            "source_id": user.id,
            "username": user["username"] or None,
            "human_id": self._human_id(user),
            "enabled": user["enabledUser"].lower() != "false",
            "left_on": None,
        }

    def _human_id(self, user: Row) -> UUID | None:
        """The shared id of a user's people in several schools; None for a user of one school."""
        schools = sorted(self.bundle.places[user.id])
        return uuid5(_HUMANS, f"{schools[0]}:{user.id}") if len(schools) > 1 else None

    @cached_property
    def roles(self) -> set[tuple[UUID, str]]:
        """(person, role) of each role that the bundle gives."""
        held = {
            (self.person_id(user.id), ROLES[role])
            for user in self.users
            for role in self.bundle.places[user.id][self.school]
            if role in ROLES
        }
        held |= {(guardian_id, PARENT) for guardian_id, _ in self.guardianships}
        return {(person_id, role) for person_id, role in held if self.trusted or role in FREELY_GIVEN}

    @cached_property
    def guardianships(self) -> set[tuple[UUID, UUID]]:
        """(guardian, student) pairs; either of the two may name the other as agent."""
        pairs = set()
        places = self.bundle.places
        for user in self.users:
            for agent in several(user["agentSourcedIds"]):
                roles = {one: places.get(one, {}).get(self.school, set()) for one in (user.id, agent)}
                students = [one for one in (user.id, agent) if STUDENT_ROLE in roles[one]]
                if len(students) == 1 and all(roles.values()):
                    guardian = agent if students == [user.id] else user.id
                    pairs.add((self.person_id(guardian), self.person_id(students[0])))
        return pairs

    @cached_property
    def homerooms(self) -> list[Row]:
        """The bundle's homeroom classes of the school."""
        return [row for row in self.bundle.classes_by_school.get(self.school, ()) if row["classType"] == HOMEROOM]

    @cached_property
    def classes(self) -> Rows:
        """Rows of classes: the homerooms, or one class per grade in a school without homerooms."""
        if self.homerooms:
            return {self.id_of(CLASS, row.id): self._class(row) for row in self.homerooms}
        return {
            self.id_of("grade", grade): {
                "name": grade,
                "grade": grade_of((grade,), ""),
                "homeroom_teacher_id": None,
                "source_id": None,
                "ended_on": None,
            }
            for grade in set(self._grades().values())
        }

    def is_of_a_bundle(self, class_id: UUID, name: str, source_id: str | None) -> bool:
        """Whether a class of the school came with a bundle, this one or another; the others were made here."""
        return source_id is not None or class_id == self.id_of("grade", name)

    def _class(self, row: Row) -> dict[str, Any]:
        teachers = self.teachers(row.id)
        return {
            "name": row["title"],
            "grade": grade_of(tuple(several(row["grades"])), row["title"]),
            "homeroom_teacher_id": teachers[0] if teachers else None,
            "source_id": row.id,
            "ended_on": None,
        }

    @cached_property
    def enrolments(self) -> Rows:
        """Rows of students' enrolments in classes."""
        if not self.homerooms:
            return dict(self._enrolments_by_grade())
        rows: Rows = {}
        for homeroom in self.homerooms:
            starts = self.bundle.class_starts(homeroom)
            for member in self.members_of(homeroom.id, STUDENT_ROLE):
                rows[self.id_of("enrolment", member.id)] = {
                    "class_id": self.id_of(CLASS, homeroom.id),
                    "student_id": self.person_id(member["userSourcedId"]),
                    "since": member.day("beginDate") or min(starts, member.day("endDate") or starts),
                    "until": member.day("endDate"),
                }
        return rows

    @cached_property
    def undated(self) -> set[UUID]:
        """The enrolments of which the bundle does not say when they began."""
        members = (member for homeroom in self.homerooms for member in self.members_of(homeroom.id, STUDENT_ROLE))
        return {self.id_of("enrolment", member.id) for member in members if not member["beginDate"]}

    def _enrolments_by_grade(self) -> Iterator[tuple[UUID, dict[str, Any]]]:
        sessions = self.bundle.rows("academicSessions")
        years = sorted(
            (self.bundle.year_starts(year), year) for row in sessions if (year := self.bundle.year_of(row.id))
        )
        for user_id, grade in self._grades().items() if years else ():
            since, year = years[-1]
            yield (
                self.id_of("grade enrolment", f"{year}:{grade}:{user_id}"),
                {
                    "class_id": self.id_of("grade", grade),
                    "student_id": self.person_id(user_id),
                    "since": since,
                    "until": None,
                },
            )

    def _grades(self) -> dict[str, str]:
        """User → grade, such as `8` or `KG`, for students with exactly one grade."""
        grades = {}
        for user in self.users:
            named = several(user["grades"])
            if len(named) == 1 and STUDENT_ROLE in self.bundle.places[user.id][self.school]:
                grades[user.id] = named[0].lstrip("0") or named[0]
        return grades

    @cached_property
    def class_of_student(self) -> dict[UUID, UUID]:
        """Student → class; of several classes the one entered last."""
        latest: dict[UUID, tuple[date, UUID]] = {}
        for row in self.enrolments.values():
            entered = (row["since"], row["class_id"])
            latest[row["student_id"]] = max(entered, latest.get(row["student_id"], entered))
        return {student_id: class_id for student_id, (_, class_id) in latest.items()}

    def members_of(self, source_id: str, role: str) -> Iterable[Row]:
        """Enrolments with a role in a class (homeroom or course)."""
        members = self.bundle.grouped("enrollments", "classSourcedId").get(source_id, ())
        return [row for row in members if row["role"] == role]

    def teachers(self, source_id: str) -> list[UUID]:
        """Present teachers of a class, the primary one first; past teachers if there are no present ones."""
        rows = sorted(self.members_of(source_id, TEACHER), key=lambda row: (row["primary"].lower() != "true", row.id))
        present = [row for row in rows if (row.day("endDate") or self.bundle.today) >= self.bundle.today]
        return list(dict.fromkeys(self.person_id(row["userSourcedId"]) for row in present or rows))


#: Namespace of the `human_id` of people in several schools.
_HUMANS = UUID("6a1f6a7e-4a5c-5b1e-9d0e-5a6f3f0f7c11")
