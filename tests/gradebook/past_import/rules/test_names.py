"""Whom and what the names of a file mean."""

from uuid import UUID, uuid4

import pytest

from contracts.gradebook.past_import import STUDENT, SUBJECT
from kernel.errors import Invalid
from services.gradebook.past_import.rules.names import (
    Meaning,
    Named,
    Said,
    check_can_be_taken,
    check_said,
    meanings,
    proposal,
    to_remember,
)
from services.gradebook.timetable_import.rules.likeness import Ours

ANNA, BORIS = Ours(uuid4(), "Осина", "Анна", "Петровна"), Ours(uuid4(), "Клён", "Борис")
VERA = Ours(uuid4(), "Берёзкина", "Вера")
NAMESAKE = Ours(uuid4(), "Осина", "Анна", "Ильинична")
ENGLISH, WORK = Ours(uuid4(), "Английский язык"), Ours(uuid4(), "Труд")
OURS = {STUDENT: [ANNA, BORIS, VERA], SUBJECT: [ENGLISH, WORK]}


@pytest.mark.parametrize(
    ("name", "found", "alike"),
    [
        ("Осина Анна Петровна", "same", [ANNA]),
        ("осина анна", "same", [ANNA]),
        ("Анна Осина", "same", [ANNA]),
        ("Осина А. П.", "alike", [ANNA]),
        ("Клен Борис", "same", [BORIS]),
        ("Берёскина Вера", "several", [VERA]),
        ("Осина", "several", [ANNA]),
        ("Осина Анна Ильинична", "unknown", []),
        ("Дуб Олег", "unknown", []),
    ],
)
def test_a_student_is_the_one_of_the_same_name_and_one_who_is_alike_in_part_is_chosen(
    name: str, found: str, alike: list[Ours]
) -> None:
    one = proposal(Named(STUDENT, name), OURS[STUDENT], {})
    assert (one.found, one.alike) == (found, tuple(person.id for person in alike))


def test_of_two_people_of_one_name_none_is_proposed_unless_the_patronymic_tells() -> None:
    people = [ANNA, NAMESAKE, BORIS]
    assert proposal(Named(STUDENT, "Осина Анна"), people, {}) == ("several", (ANNA.id, NAMESAKE.id))
    assert proposal(Named(STUDENT, "Осина Анна Ильинична"), people, {}) == ("same", (NAMESAKE.id,))


@pytest.mark.parametrize(
    ("name", "found", "ours"),
    [
        ("Английский язык", "same", ENGLISH),
        ("Англ. яз.", "alike", ENGLISH),
        ("Иностранный язык (английский)", "alike", ENGLISH),
        ("Труд (Технология девочки)", "alike", WORK),
        ("Иностранный язык (немецкий)", "unknown", None),
        ("Музыка", "unknown", None),
    ],
)
def test_a_subject_is_proposed_as_exports_write_it(name: str, found: str, ours: Ours | None) -> None:
    one = proposal(Named(SUBJECT, name), OURS[SUBJECT], {})
    assert (one.found, one.id) == (found, ours and ours.id)


def test_what_a_name_meant_before_is_proposed_as_long_as_it_is_there() -> None:
    remembered = {(SUBJECT, "технология"): WORK.id, (SUBJECT, "музыка"): uuid4()}
    assert proposal(Named(SUBJECT, "Технология"), OURS[SUBJECT], remembered) == ("remembered", (WORK.id,))
    assert proposal(Named(SUBJECT, "Музыка"), OURS[SUBJECT], remembered).found == "unknown"


def told(said: dict[Named, Said], *names: Named) -> dict[str, Meaning]:
    found = meanings(names, OURS, {}, said, lambda: UUID(int=7))
    return {named.name: meaning for named, meaning in found.of.items()}


def test_one_person_is_proposed_for_one_name_alone() -> None:
    two = Named(STUDENT, "Осина Анна"), Named(STUDENT, "Осина Анна Петровна")
    assert told({}, *two) == {"Осина Анна": ("known", ANNA.id), "Осина Анна Петровна": (None, None)}
    said = {two[1]: Said("known", ANNA.id)}
    assert told(said, *two) == {"Осина Анна": (None, None), "Осина Анна Петровна": ("known", ANNA.id)}


def test_subjects_are_new_and_people_never() -> None:
    music, again, olga = Named(SUBJECT, "Музыка"), Named(SUBJECT, "музыка"), Named(STUDENT, "Дуб Ольга")
    said = {music: Said("new"), again: Said("new"), olga: Said("new"), Named(SUBJECT, "Труд"): Said("new")}
    assert told(said, music, again, olga, Named(SUBJECT, "Труд")) == {
        "Музыка": ("new", UUID(int=7)), "музыка": ("new", UUID(int=7)), "Дуб Ольга": (None, None),
        "Труд": ("known", WORK.id),
    }  # fmt: skip


def test_a_file_is_not_taken_while_a_name_is_open() -> None:
    check_can_be_taken(meanings([Named(STUDENT, "Осина Анна")], OURS, {}, {}, uuid4))
    with pytest.raises(Invalid, match="“Дуб Олег” and 1 more"):
        check_can_be_taken(meanings([Named(STUDENT, "Дуб Олег"), Named(SUBJECT, "Хор")], OURS, {}, {}, uuid4))


def test_a_name_means_what_the_school_has_and_no_two_students_are_one() -> None:
    check_said([(Named(STUDENT, "А"), Said("known", ANNA.id)), (Named(STUDENT, "Б"), Said("none"))], OURS)
    with pytest.raises(Invalid) as unknown:
        check_said([(Named(SUBJECT, "А"), Said("known", ANNA.id))], OURS)
    assert (unknown.value.rule, unknown.value.field) == ("no-such-thing", "names.0.id")
    both = [(Named(STUDENT, name), Said("known", ANNA.id)) for name in ("А", "Б")]
    with pytest.raises(Invalid) as twice:
        check_said(both, OURS)
    assert (twice.value.rule, twice.value.field) == ("one-person-twice", "names.1.id")


def test_names_are_remembered_but_for_those_that_a_place_tells_apart() -> None:
    names = [Named(STUDENT, "Осина Анна"), Named(STUDENT, "Клён Борис"), Named(SUBJECT, "Хор")]
    found = meanings(names, OURS, {}, {names[2]: Said("none")}, uuid4)
    assert to_remember(found, {}, {"Клён Борис"}) == {(STUDENT, "осина анна"): ANNA.id}
    assert to_remember(found, {(STUDENT, "осина анна"): ANNA.id}, {"Клён Борис"}) == {}
