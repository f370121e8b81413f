"""Which names people may be entered under, and who of them may be there already."""

import pytest

from kernel.errors import Invalid
from kernel.names import Name, full
from services.identity.appointments.rules import Entered, Known, check_namesakes, entered

ANNA = Name("Иванова", "Анна", "Петровна")


def given(family, first="А.", patronymic="", *, namesake=False):
    return {"family_name": family, "given_name": first, "patronymic": patronymic, "namesake": namesake}


def faults_of(people, *known):
    with pytest.raises(Invalid) as refused:
        check_namesakes(people, known)
    first = refused.value.faults[0]
    assert (refused.value.rule, refused.value.field, str(refused.value)) == (first.rule, first.field, str(first.text))
    assert {one.rule for one in refused.value.faults} == {"namesake"}
    return [(one.field, str(one.text)) for one in refused.value.faults]


def test_names_lose_their_needless_blanks_and_nothing_else():
    people = [given("  де  ла Крус ", "М. "), given("Д’Артаньян-Ёлкин", "Шарль Ожье", "Гасан кызы", namesake=True)]
    assert entered(people) == [
        Entered(Name("де ла Крус", "М.", "")), Entered(Name("Д’Артаньян-Ёлкин", "Шарль Ожье", "Гасан кызы"), True),
    ]  # fmt: skip


@pytest.mark.parametrize("part", ["Учитель 064", " ", "", "Иванова/Петрова", "Иванова, Петрова", "-", "<b>"])
def test_what_is_no_name_is_refused_with_its_place(part):
    with pytest.raises(Invalid) as refused:
        entered([given("Ким"), given(part, part, "" if not part.strip() else part)])
    assert {one.rule for one in refused.value.faults} == {refused.value.rule} == {"no-name"}
    fields = [one.field for one in refused.value.faults]
    assert fields == [
        f"people.1.{one}" for one in ("family_name", "given_name", "patronymic") if part.strip() or one != "patronymic"
    ]


def test_what_is_no_name_is_said_with_the_part():
    with pytest.raises(Invalid) as refused:
        entered([given("Учитель 064", "")])
    assert [str(one.text) for one in refused.value.faults] == [
        "“Учитель 064” is no part of a name.", "Say the given name, or its initial.",
    ]  # fmt: skip
    assert refused.value.field == "people.0.family_name"


@pytest.mark.parametrize(
    "name",
    [
        ANNA,
        Name("иванова", "Анна"),
        Name("Иванова", "А.", "П."),
        Name("Иванова", "а", "Петровна"),
        Name("ИВАНОВА", "А."),
    ],
)
def test_who_may_be_there_already_is_asked_about(name):
    ((field, text),) = faults_of([Entered(Name("Ким", "К.")), Entered(name)], Known(ANNA, teaches=True))
    assert field == "people.1.namesake"
    assert text == (
        f"“{full(name)}” may be Иванова Анна Петровна, who teaches here already. If it is somebody else, say so."
    )
    ((_, text),) = faults_of([Entered(name)], Known(ANNA, teaches=False))
    assert text == (
        f"“{full(name)}” may be Иванова Анна Петровна, who belongs to the school already, but not as a teacher: the "
        "director gives the role. If it is somebody else, say so."
    )
    check_namesakes([Entered(name, namesake=True)], [Known(ANNA, teaches=True)])


@pytest.mark.parametrize("name", [Name("Иванов", "А.", "П."), Name("Иванова", "Алла"), Name("Иванова", "А.", "С.")])
def test_others_are_not(name):
    check_namesakes([Entered(name)], [Known(ANNA, teaches=True)])


def test_two_of_one_command_may_be_one_too_unless_it_is_said_that_they_are_two():
    short = Entered(Name("Иванова", "А.", "П."))
    ((field, text),) = faults_of([Entered(ANNA), short])
    assert field == "people.1.namesake"
    assert text == "“Иванова А. П.” and “Иванова Анна Петровна” may be one person. If they are two, say so."
    check_namesakes([Entered(ANNA), short._replace(namesake=True)], ())
    assert len(faults_of([Entered(ANNA), short, short])) == 2
