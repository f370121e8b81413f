"""A school's own dictionary of codes: what it may hold, and how a typed code is read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Invalid
from services.attendance.codes.rules import DEFAULT, Code, Dictionary, Reason, code_read

ABSENT = Code("Н", "отсутствует")
EXCUSED = Code("УП", "уважительная причина", excused=True)


def refused(*codes: Code) -> Invalid:
    with pytest.raises(Invalid) as refusal:
        Dictionary(codes)
    return refusal.value


def test_a_school_without_its_own_dictionary_has_the_default_one():
    assert Dictionary().codes == DEFAULT
    assert Dictionary().unexcused is DEFAULT[0]
    assert Dictionary().excused(ill=False) is DEFAULT[1]
    assert Dictionary().excused(ill=True) is DEFAULT[2]


@pytest.mark.parametrize(
    ("letters", "reason"),
    [
        ("Н", Reason.UNEXCUSED),
        ("У", Reason.EXCUSED),
        ("Б", Reason.ILLNESS),
        ("О", None),
        ("П", Reason.SCHOOL_BUSINESS),
    ],
)
def test_each_default_code_gives_its_reason(letters, reason):
    assert Dictionary().entry(letters).reason is reason


def test_reasons_have_names_that_do_not_change():
    assert [reason.value for reason in Reason] == ["unexcused", "excused", "illness", "school_business"]


def test_a_code_of_one_who_is_taught_from_afar_gives_no_reason():
    assert Code("Д", "дистанционно", counts_as_absent=False).reason is None


def test_only_business_of_the_school_excuses_without_counting_as_absence():
    assert [entry.code for entry in DEFAULT if entry.school_business] == ["П"]
    assert not Code("ОУ", "опоздал, уважительная", counts_as_absent=False, excused=True, late=True).school_business


@pytest.mark.parametrize(
    ("typed", "letters"),
    [
        ("Н", "Н"),
        ("н", "Н"),
        ("H", "Н"),  # the Latin letter
        ("h", "Н"),  # Latin, small
        ("  у ", "У"),
        ("y", "У"),  # Latin
        ("б", "Б"),
        ("O", "О"),  # Latin
        ("o", "О"),  # Latin
        ("п", "П"),
        ("н/б", "Н"),
        ("УВ.", "У"),
        ("болезнь", "Б"),
    ],
)
def test_a_code_is_read_in_any_case_and_with_latin_look_alikes(typed, letters):
    assert Dictionary().read(typed) is Dictionary().entry(letters)


def test_every_latin_capital_that_looks_cyrillic_is_read_as_the_cyrillic_one():
    dictionary = Dictionary((ABSENT, EXCUSED, *(Code(letter, "своя") for letter in "АВСЕКМОРТХУ")))
    for latin, cyrillic in zip("ABCEHKMOPTXY", "АВСЕНКМОРТХУ"):
        assert dictionary.read(latin).code == cyrillic
        assert dictionary.read(latin.lower()).code == cyrillic


@pytest.mark.parametrize("typed", ["", " ", "Я", "N", "B", "0", "НН", "Н5"])
def test_a_code_that_the_dictionary_lacks_is_refused_by_what_was_typed(typed):
    with pytest.raises(Invalid) as refusal:
        Dictionary().read(f" {typed} ", "absences.2.code")
    assert (refusal.value.rule, refusal.value.field) == ("absence-code-unknown", "absences.2.code")
    assert str(refusal.value) == f"There is no absence code {typed.strip()}; the codes are Н, У, Б, О, П."


@pytest.mark.parametrize(
    ("letters", "minutes", "message"),
    [
        ("Я", None, "There is no absence code Я; the codes are Н, У, Б, О, П."),
        ("О", None, "Say how many minutes late: О takes minutes."),
        ("Н", 5, "Н takes no minutes: only lateness does."),
    ],
)
def test_a_refused_entry_says_what_is_wrong(letters, minutes, message):
    with pytest.raises(Invalid) as refusal:
        code_read(letters, minutes, "absences.0")
    assert str(refusal.value) == message


def test_a_code_is_read_under_the_field_code_unless_told():
    with pytest.raises(Invalid) as refusal:
        Dictionary().read("Я")
    assert refusal.value.field == "code"


def test_a_stored_code_is_looked_up_as_it_is():
    with pytest.raises(KeyError, match="н"):
        Dictionary().entry("н")


def test_the_first_code_of_a_reason_is_the_one_that_is_given():
    truant, sick = Code("ПР", "прогул"), Code("БС", "болен, справка", excused=True, illness=True)
    dictionary = Dictionary((EXCUSED, truant, ABSENT, sick))
    assert (dictionary.unexcused, dictionary.excused(ill=False)) == (truant, EXCUSED)
    assert dictionary.excused(ill=True) == sick


def test_without_a_code_of_illness_the_excused_one_stands_for_it():
    assert Dictionary((ABSENT, EXCUSED)).excused(ill=True) == EXCUSED


@pytest.mark.parametrize("letters", ["", "н", "H", "НУБОП", "Н1", "Н Н", "-", " Н"])
def test_a_code_that_cannot_be_typed_back_is_refused(letters):
    refusal = refused(ABSENT, replace(EXCUSED, code=letters))
    assert (refusal.rule, refusal.field) == ("absence-code-letters", "codes.1.code")
    assert str(refusal) == (
        f"A code is one to 4 capital letters, Cyrillic where a Latin one looks the same, not {letters}."
    )


def test_a_code_of_four_letters_and_one_of_letters_without_look_alikes_are_allowed():
    codes = (ABSENT, EXCUSED, Code("СПРВ", "справка"), Code("S", "sick"))
    assert Dictionary(codes).read("s").name == "sick"


def test_a_code_that_stands_twice_is_refused():
    refusal = refused(ABSENT, EXCUSED, replace(EXCUSED, code="Н"))
    assert (refusal.rule, refusal.field) == ("absence-code-twice", "codes.2.code")
    assert str(refusal) == "The code Н stands twice in the dictionary."


@pytest.mark.parametrize("name", ["", "  "])
def test_a_code_without_name_is_refused(name):
    refusal = refused(replace(ABSENT, name=name), EXCUSED)
    assert (refusal.rule, refusal.field) == ("absence-code-nameless", "codes.0.name")
    assert str(refusal) == "Say what the code Н means."


@pytest.mark.parametrize(
    "flags",
    [{"counts_as_absent": True}, {"illness": True, "excused": True}],
)
def test_lateness_that_is_also_absence_is_refused(flags):
    late = replace(Code("О", "опоздание", counts_as_absent=False, late=True), **flags)
    refusal = refused(ABSENT, EXCUSED, late)
    assert (refusal.rule, refusal.field) == ("late-and-absent", "codes.2.late")
    assert str(refusal) == ("О is lateness: the student was in the lesson, neither absent nor ill.")


@pytest.mark.parametrize("flags", [{"excused": False}, {"counts_as_absent": False}])
def test_illness_that_is_no_excused_absence_is_refused(flags):
    ill = replace(Code("Б", "болен", excused=True, illness=True), **flags)
    refusal = refused(ABSENT, EXCUSED, ill)
    assert (refusal.rule, refusal.field) == ("illness-not-excused", "codes.2.illness")
    assert str(refusal) == "Б is illness: such an absence counts, and it is excused."


def test_excused_lateness_is_allowed():
    late = Code("ОУ", "опоздал, причина уважительная", counts_as_absent=False, excused=True, late=True)
    assert Dictionary((ABSENT, EXCUSED, late)).read("оу") is late


@pytest.mark.parametrize(
    ("codes", "reason"),
    [
        ((), "unexcused"),
        ((EXCUSED,), "unexcused"),
        ((ABSENT,), "excused"),
        ((ABSENT, Code("П", "дела школы", counts_as_absent=False, excused=True)), "excused"),
        ((ABSENT, Code("Б", "болен", excused=True, illness=True)), "excused"),
    ],
)
def test_a_dictionary_in_which_an_excuse_would_have_no_effect_is_refused(codes, reason):
    refusal = refused(*codes)
    assert (refusal.rule, refusal.field) == ("absence-code-missing", "codes")
    assert str(refusal) == f"The dictionary needs a code of an absence that is {reason}."


@given(st.text("абвгдежзиклмнопрстуфхцчшщэюяdfgijlqrsuvwz", min_size=1, max_size=4))
def test_whatever_code_a_dictionary_takes_is_read_back_in_either_case(letters):
    code = letters.upper()
    others = [entry for entry in (ABSENT, EXCUSED) if entry.code != code]
    extra = [Code(code, "своя", excused=code == "УП")]
    dictionary = Dictionary((*others, *extra))
    assert dictionary.read(letters).code == dictionary.read(code).code == code
