"""What each name of a file means."""

from collections.abc import Mapping
from uuid import UUID

import pytest

from kernel.errors import Invalid
from services.gradebook.timetable_import.rules import matching
from services.gradebook.timetable_import.rules.likeness import Ours
from services.gradebook.timetable_import.rules.matching import Meaning, Proposal, Said
from services.gradebook.timetable_import.rules.names import Mention, Named, names_in, teachers_in
from tests.gradebook.timetable_import.rules.lessons import lesson, new_ids

CLASS, ALGEBRA, MATHS, ROOM, ANNA, ALLA = (UUID(int=at) for at in range(1, 7))
OURS = {
    "class": [Ours(CLASS, "5А")],
    "subject": [Ours(ALGEBRA, "Алгебра"), Ours(MATHS, "Математика")],
    "teacher": [Ours(ANNA, "Иванова", "Анна", "Петровна"), Ours(ALLA, "Иванова", "Алла", "Павловна")],
    "classroom": [Ours(ROOM, "214")],
}
NAMES = [Named("class", "5а"), Named("subject", "Матем."), Named("teacher", "Иванова А.П."), Named("classroom", "215")]


def meanings(
    *names: Named, remembered: Mapping[tuple[str, str], UUID] | None = None, **said: Said
) -> matching.Meanings:
    told = {named: said[named.kind] for named in names if named.kind in said}
    return matching.meanings(names, OURS, remembered or {}, told, new_ids())


def test_the_names_of_a_file_stand_by_kind_each_with_its_first_place():
    lessons = [
        lesson("5А", "Алгебра", "1.1", teacher="Иванова А.П., Петров С.С.", room="214"),
        lesson("5Б", "Алгебра", "1.2", teacher="Петров С.С., , Петров С.С."),
    ]
    assert names_in(lessons) == {
        Named("class", "5А"): Mention("5А 1.1", 1),
        Named("class", "5Б"): Mention("5Б 1.2", 1),
        Named("subject", "Алгебра"): Mention("5А 1.1", 2),
        Named("teacher", "Иванова А.П."): Mention("5А 1.1", 1),
        Named("teacher", "Петров С.С."): Mention("5А 1.1", 2),
        Named("classroom", "214"): Mention("5А 1.1", 1),
    }
    assert [one.kind for one in names_in(lessons)] == [
        "class", "class", "subject", "teacher", "teacher", "classroom",
    ]  # fmt: skip
    assert teachers_in("А" * 201 + ", Б") == ["А" * 200, "Б"]
    assert teachers_in("") == []


def test_what_is_alike_is_proposed_and_what_is_ambiguous_is_not():
    found = meanings(*NAMES)
    assert [found.proposals[one] for one in NAMES] == [
        Proposal("same", (CLASS,)), Proposal("alike", (MATHS,)), Proposal("several", (ANNA, ALLA)), Proposal("unknown"),
    ]  # fmt: skip
    assert [found.of[one] for one in NAMES] == [
        Meaning("known", CLASS), Meaning("known", MATHS), Meaning(None), Meaning(None),
    ]  # fmt: skip
    assert (found.id("class", "5а"), found.id("teacher", "Иванова А.П.")) == (CLASS, None)
    assert found.open == [], "a lesson may do without a teacher and a classroom"


def test_what_a_name_meant_in_an_earlier_file_comes_first_as_long_as_it_is_there():
    remembered = {("subject", "матем."): ALGEBRA, ("teacher", "иванова а.п."): ALLA, ("classroom", "215"): UUID(int=99)}
    found = meanings(*NAMES, remembered=remembered)
    assert [found.proposals[one] for one in NAMES[1:]] == [
        Proposal("remembered", (ALGEBRA,)), Proposal("remembered", (ALLA,)), Proposal("unknown"),
    ]  # fmt: skip
    assert found.of[NAMES[2]] == Meaning("known", ALLA)
    same = {("class", "5а"): CLASS, ("subject", "матем."): MATHS}
    proposed = meanings(*NAMES, remembered=same).proposals
    assert [proposed[one].found for one in NAMES[:2]] == ["same", "remembered"]
    assert matching.remembered_key("МАТЕМ. ") == "матем."


def test_what_a_person_says_counts():
    said = {"subject": Said("known", ALGEBRA), "teacher": Said("known", ANNA), "classroom": Said("new")}
    found = meanings(*NAMES, **said, **{"class": Said("none")})
    new = UUID(int=1000)
    assert [found.of[one] for one in NAMES] == [
        Meaning("none"), Meaning("known", ALGEBRA), Meaning("known", ANNA), Meaning("new", new),
    ]  # fmt: skip
    assert found.new == {"class": {}, "subject": {}, "teacher": {}, "classroom": {new: "215"}}
    assert found.open == []
    assert found.is_left_out(lesson("5а", "Матем."))
    assert not meanings(*NAMES).is_left_out(lesson("5а", "Матем."))


def test_what_is_like_none_of_ours_may_be_new_without_a_word_but_for_teachers():
    names = [*NAMES, Named("teacher", "Кто-то"), Named("class", "6Я")]
    found = matching.meanings(names, OURS, {}, {NAMES[1]: Said("none")}, new_ids(), unknown_is_new=True)
    assert [found.of[one].means for one in names] == ["known", "none", None, "new", None, "new"]


def test_teachers_are_new_by_name_alone_and_only_if_they_are_like_none_of_ours():
    names = [Named("teacher", one) for one in ("Ким К.К.", "Иванова А.П.", "Цой")]
    found = matching.meanings(names, OURS, {}, {}, new_ids(), new_teachers={"Ким К.К.", "Иванова А.П."})
    assert [found.of[one].means for one in names] == ["new", None, None]
    with pytest.raises(Invalid) as refused:
        matching.check_can_be_taken(found)
    assert (refused.value.rule, refused.value.params["name"]) == ("not-made", "Ким К.К.")


def test_two_names_of_a_file_that_are_the_same_are_one_new_thing():
    names = [Named("classroom", "Сп.зал 2"), Named("classroom", "Сп. зал 2"), Named("classroom", "Сп.зал 1")]
    found = meanings(*names, classroom=Said("new"))
    assert [found.of[one].id for one in names] == [UUID(int=1000), UUID(int=1000), UUID(int=1002)]
    assert found.new["classroom"] == {UUID(int=1000): "Сп.зал 2", UUID(int=1002): "Сп.зал 1"}
    both = [Named("subject", "А"), Named("classroom", "А")]
    found = meanings(*both, subject=Said("new"), classroom=Said("new"))
    assert found.of[both[0]] != found.of[both[1]]


def test_a_new_one_that_we_have_by_that_name_is_that_one():
    names = [Named("subject", "алгебра"), Named("subject", "Матем.")]
    found = meanings(*names, subject=Said("new"))
    assert [found.of[one] for one in names] == [Meaning("known", ALGEBRA), Meaning("new", UUID(int=1000))]


def test_a_name_means_nothing_that_the_school_does_not_have():
    said = [
        (Named("class", "5а"), Said("known", CLASS)),
        (Named("subject", "Матем."), Said("known", ROOM)),
        (Named("teacher", "Кто-то"), Said("known", None)),
        (Named("classroom", "215"), Said("new")),
    ]
    with pytest.raises(Invalid) as refused:
        matching.check_said(said, OURS)
    assert [(one.field, one.rule) for one in refused.value.faults] == [
        ("names.1.id", "no-such-thing"), ("names.2.id", "no-such-thing"),
    ]  # fmt: skip
    assert (refused.value.field, refused.value.params) == ("names.1.id", {"name": "Матем."})
    matching.check_said(said[:1], OURS)


def test_a_file_is_taken_once_it_is_said_what_each_class_and_subject_is():
    names = [Named("class", "6Я"), Named("subject", "Ритмика"), Named("subject", "Хор"), Named("teacher", "Кто-то")]
    found = meanings(*names)
    assert found.open == names[:3]
    with pytest.raises(Invalid) as refused:
        matching.check_can_be_taken(found)
    assert (refused.value.rule, refused.value.field) == ("names-open", "names")
    assert refused.value.params == {"name": "6Я", "others": 2}
    new = Said("new")
    with pytest.raises(Invalid) as refused:
        matching.check_can_be_taken(meanings(*names, subject=new, **{"class": new}))
    assert (refused.value.rule, refused.value.field, refused.value.params) == ("not-made", "names", {"name": "6Я"})
    with pytest.raises(Invalid) as refused:
        matching.check_can_be_taken(meanings(*names[1:], subject=new, teacher=new))
    assert refused.value.params == {"name": "Кто-то"}
    matching.check_can_be_taken(meanings(*names, subject=new, **{"class": Said("none")}))


def test_what_names_meant_is_remembered_where_it_is_not_yet():
    found = meanings(*NAMES, Named("subject", "Алгебра"), classroom=Said("new"))
    remembered = {("class", "5а"): CLASS, ("subject", "матем."): ALGEBRA}
    assert matching.to_remember(found, remembered) == {
        ("subject", "матем."): MATHS, ("subject", "алгебра"): ALGEBRA, ("classroom", "215"): UUID(int=1000),
    }  # fmt: skip


def test_in_another_year_no_class_is_made_or_remembered_and_its_earlier_meaning_says_nothing():
    names = [Named("class", "5а"), Named("class", "6а"), Named("subject", "Хор")]
    remembered = {("class", "6а"): CLASS}
    said = dict.fromkeys(names, Said("new"))
    found = matching.meanings(names, OURS, remembered, said, new_ids(), other_year=True)
    assert [found.proposals[one].found for one in names] == ["same", "not-then", "unknown"]
    assert [found.of[one].means for one in names] == ["known", None, "new"]
    assert found.open == [names[1]]
    assert list(matching.to_remember(found, {}, other_year=True)) == [("subject", "хор")]
    assert matching.proposal(names[1], OURS["class"], remembered).found == "remembered"
