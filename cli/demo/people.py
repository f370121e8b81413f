"""The people of the demo school: staff, families with their students, consents."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, TypeVar

from cli.demo import names
from cli.demo.curriculum import CLASSES, TEACHERS
from cli.demo.dice import dice
from cli.demo.model import Consent, Guardianship, Person, Purpose, Relation, Sex, id_of

#: Pairs of children of one family in different classes.
SIBLINGS: Final = 40
#: Sets of consents, and the percentage of guardians who sign each.
CONSENTS: Final[tuple[tuple[tuple[Purpose, ...], int], ...]] = (
    (("portal", "email", "sms"), 26),
    (("portal", "email"), 34),
    (("portal",), 14),
    (("portal", "sms"), 10),
    (("email",), 4),
    ((), 12),
)
#: Sets of guardians, and the percentage of families that have each.
GUARDIANS: Final[tuple[tuple[tuple[Relation, ...], int], ...]] = (
    (("mother", "father"), 64),
    (("mother",), 28),
    (("father",), 4),
    (("grandmother",), 4),
)
#: Reserved domains, which do not exist (RFC 2606).
MAIL_DOMAINS: Final = ("pochta.example", "mail.example", "yashchik.example")
STAFF_DOMAIN: Final = "lyceum.example"


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class People:
    """Staff by key, students of each class in the order of its list, guardians, guardianships and consents."""

    staff: dict[str, Person]
    students: dict[str, tuple[Person, ...]]
    guardians: tuple[Person, ...]
    guardianships: tuple[Guardianship, ...]
    consents: tuple[Consent, ...]

    def everybody(self) -> tuple[Person, ...]:
        """Staff, students and guardians."""
        students = (person for members in self.students.values() for person in members)
        return (*self.staff.values(), *students, *self.guardians)


@dataclass(frozen=True, slots=True)
class _Child:
    """A child of a family before it has a place in its class's list."""

    class_name: str
    sex: Sex
    given_name: str
    birth_date: date


@dataclass(slots=True)
class _Family:
    """A family; `father` is the father's given name with the patronymics of sons and daughters."""

    number: int
    surname: str
    father: tuple[str, str, str]
    children: list[_Child] = field(default_factory=list)


class _Registry:
    """Creates people with unique names, e-mail addresses and telephone numbers."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.phones = 0
        self.addresses: Counter[str] = Counter()
        self.taken: set[tuple[str, str, str]] = set()

    def email(self, given: str, family: str, domain: str) -> str:
        name = f"{names.latin(given)}.{names.latin(family)}"
        self.addresses[name] += 1
        again = self.addresses[name]
        return f"{name}{again if again > 1 else ''}@{domain}"

    def phone(self) -> str:
        """The next number of an unassigned range."""
        self.phones += 1
        high, low = divmod(self.phones, 100)
        return f"+7 900 000-{high:02}-{low:02}"

    def adult(
        self,
        chance: random.Random,
        key: str,
        sex: Sex,
        family: str,
        given: tuple[str, ...],
        born: tuple[int, int],
    ) -> Person:
        """An adult with a given name from `given`, born in the years `born`, both included."""
        family = names.surname(family, sex)
        while True:
            first, patronymic = chance.choice(given), chance.choice(names.FATHERS)[1 if sex == "male" else 2]
            if (family, first, patronymic) not in self.taken:
                break
        self.taken.add((family, first, patronymic))
        return Person(
            key=key,
            id=id_of(key, self.seed),
            family_name=family,
            given_name=first,
            patronymic=patronymic,
            sex=sex,
            birth_date=date(chance.randint(*born), 1, 1) + timedelta(days=chance.randrange(365)),
            email=None,
            phone=self.phone(),
            roles=("parent",),
        )


def people(first_year: int, seed: int) -> People:
    """All people of the school year that begins in `first_year`."""
    registry = _Registry(seed)
    staff = {person.key: person for person in _staff(registry, dice(seed, "staff"), first_year)}
    families = _families(dice(seed, "families"), first_year)
    students = _students(registry, families)
    guardians: list[Person] = []
    guardianships: list[Guardianship] = []
    consents: list[Consent] = []
    chance = dice(seed, "guardians")
    for family in families:
        children = [students[family.number, index] for index in range(len(family.children))]
        for guardian, relation, signed in _guardians(registry, chance, family, children):
            guardians.append(guardian)
            guardianships += [_guardianship(guardian, child, relation, seed) for child in children]
            granted = date(first_year, 8, 18) + timedelta(days=chance.randrange(13))
            consents += [_consent(guardian, child, what, granted, seed) for child in children for what in signed]
    lists: dict[str, list[Person]] = {f"{grade}{letter}": [] for grade, letter, _ in CLASSES}
    for student in students.values():
        lists[student.key.split(":")[1]].append(student)
    in_lists = {name: tuple(members) for name, members in lists.items()}
    return People(staff, in_lists, tuple(guardians), tuple(guardianships), tuple(consents))


def _draw(chance: random.Random, table: tuple[tuple[T, int], ...]) -> T:
    """Draw an item from a table of items and their percentages."""
    return chance.choices([thing for thing, _ in table], [share for _, share in table])[0]


def _staff(registry: _Registry, chance: random.Random, first_year: int) -> Iterator[Person]:
    """Director, deputy, methodologist and teachers."""
    posts: list[tuple[str, tuple[str, ...], int, int]]
    posts = [(role, (role,), first_year - 60, first_year - 45) for role in ("director", "deputy", "methodologist")]
    posts += [
        (post.key, ("teacher", "plan_head") if post.heads else ("teacher",), first_year - 60, first_year - 24)
        for post in TEACHERS
    ]
    surnames = chance.sample(names.SURNAMES, len(posts))
    for (key, roles, earliest, latest), family in zip(posts, surnames, strict=True):
        men = 0.5 if key.startswith(("teacher:sport", "teacher:crafts", "teacher:informatics")) else 0.15
        sex: Sex = "male" if chance.random() < men else "female"
        given = tuple(name for name, _, _ in names.FATHERS) if sex == "male" else names.MOTHERS
        person = registry.adult(chance, key, sex, family, given, (earliest, latest))
        email = registry.email(person.given_name, person.family_name, STAFF_DOMAIN)
        yield replace(person, email=email, roles=roles)


def _families(chance: random.Random, first_year: int) -> list[_Family]:
    """Families whose children fill all classes."""
    seats = [(grade, f"{grade}{letter}") for grade, letter, size in CLASSES for _ in range(size)]
    chance.shuffle(seats)
    homes = []
    for _ in range(SIBLINGS):
        elder = seats.pop()
        place = next(i for i, seat in enumerate(seats) if abs(seat[0] - elder[0]) >= 2)
        homes.append([elder, seats.pop(place)])
    homes += [[seat] for seat in seats]
    taken: set[tuple[str, str]] = set()
    families = []
    for number, home in enumerate(homes):
        family = _Family(number, chance.choice(names.SURNAMES), chance.choice(names.FATHERS))
        for grade, class_name in home:
            sex: Sex = chance.choice(("female", "male"))
            given = _child_name(chance, family, sex, taken)
            born = date(first_year - 7 - grade, 9, 1) + timedelta(days=chance.randrange(365))
            family.children.append(_Child(class_name, sex, given, born))
        families.append(family)
    return families


def _child_name(chance: random.Random, family: _Family, sex: Sex, taken: set[tuple[str, str]]) -> str:
    """A given name that neither the father nor another student of the same surname has."""
    choice = names.GIRLS if sex == "female" else names.BOYS
    while True:
        given = chance.choice(choice)
        if (family.surname, given) not in taken and given != family.father[0]:
            taken.add((family.surname, given))
            return given


def _students(registry: _Registry, families: list[_Family]) -> dict[tuple[int, int], Person]:
    """Number of the family and of the child in it → student, in the order of class lists."""
    students: dict[tuple[int, int], Person] = {}
    for grade, letter, _ in CLASSES:
        name = f"{grade}{letter}"
        seated = [
            (names.surname(family.surname, child.sex), child, family, index)
            for family in families
            for index, child in enumerate(family.children)
            if child.class_name == name
        ]
        seated.sort(key=lambda row: (names.in_order(row[0]), names.in_order(row[1].given_name)))
        for number, (family_name, child, family, index) in enumerate(seated, start=1):
            key = f"student:{name}:{number:02}"
            students[family.number, index] = Person(
                key=key,
                id=id_of(key, registry.seed),
                family_name=family_name,
                given_name=child.given_name,
                patronymic=family.father[1 if child.sex == "male" else 2],
                sex=child.sex,
                birth_date=child.birth_date,
                email=None,
                phone=None,
                roles=("student",),
            )
    return students


def _guardians(
    registry: _Registry, chance: random.Random, family: _Family, children: list[Person]
) -> Iterator[tuple[Person, Relation, tuple[Purpose, ...]]]:
    """The guardians of a family, with their guardianships and consents."""
    relations = _draw(chance, GUARDIANS)
    eldest = min(child.birth_date.year for child in children)
    for relation in relations:
        ages = (44, 56) if relation == "grandmother" else (20, 32)
        sex: Sex = "male" if relation == "father" else "female"
        surname = family.surname if relation != "mother" or chance.random() < 0.9 else chance.choice(names.SURNAMES)
        given = {
            "father": (family.father[0],),
            "mother": names.MOTHERS,
            "grandmother": names.GRANDMOTHERS,
        }[relation]
        key = f"guardian:{children[0].key.removeprefix('student:')}:{relation}"
        person = registry.adult(chance, key, sex, surname, given, (eldest - ages[1], eldest - ages[0]))
        signed = _draw(chance, CONSENTS)
        if family.number % 4 == 0 and relation == relations[0]:
            signed = CONSENTS[0][0]  # so that with any seed some families have given all consents
        if "email" in signed or chance.random() < 0.4:
            email = registry.email(person.given_name, person.family_name, chance.choice(MAIL_DOMAINS))
            person = replace(person, email=email)
        yield person, relation, signed


def _guardianship(guardian: Person, student: Person, relation: Relation, seed: int) -> Guardianship:
    key = f"guardianship:{guardian.key}:{student.key}"
    return Guardianship(key=key, id=id_of(key, seed), guardian_id=guardian.id, student_id=student.id, relation=relation)


def _consent(guardian: Person, student: Person, purpose: Purpose, granted: date, seed: int) -> Consent:
    key = f"consent:{guardian.key}:{student.key}:{purpose}"
    return Consent(
        key=key,
        id=id_of(key, seed),
        guardian_id=guardian.id,
        student_id=student.id,
        purpose=purpose,
        granted_on=granted,
    )
