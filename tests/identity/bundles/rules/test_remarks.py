"""What is harmless in a bundle is taken and told; what is wrong costs its row and is told."""

from collections.abc import Callable
from datetime import date

import pytest

from services.identity.bundles.rules import checker
from services.identity.bundles.rules.bundle import Bundle
from services.identity.bundles.rules.faults import Faults
from tests.identity.small_bundle import SmallBundle, written

TODAY = date(2026, 11, 9)
Place = tuple[str, int | None, str | None, str]


def read(bundle: SmallBundle) -> tuple[Bundle | None, Faults]:
    faults = Faults()
    return checker.checked(bundle.zip(), TODAY, faults), faults


def places(found: list) -> list[Place]:
    return [(one.file, one.line, one.field, one.rule) for one in found]


def raw(file: str, content: bytes) -> Callable[[SmallBundle], object]:
    return lambda bundle: bundle.raw.update({file: content})


def misspelt(bundle: SmallBundle) -> None:
    for row in bundle.tables["users"]:
        row["emial"] = row.pop("email")


def turned(bundle: SmallBundle) -> None:
    bundle.raw["orgs.csv"] = written([dict(reversed(row.items())) for row in bundle.tables["orgs"]])


#: What was taken without a word, and the remark that tells it.
TOLD: dict[str, tuple[Callable[[SmallBundle], object], Place]] = {
    "a file that the standard does not know": (
        raw("pupils.csv", b"a,b\n1,2\n"), ("pupils.csv", None, None, "unknown-file"),
    ),
    "a file that is no table": (raw("README.txt", b"hello"), ("README.txt", None, None, "unknown-file")),
    "a table in a folder beside the others": (
        raw("old/users.csv", b"x"), ("old/users.csv", None, None, "unknown-file"),
    ),
    "a file of the standard that is not read": (
        raw("resources.csv", b"sourcedId\n"), ("resources.csv", None, None, "file-not-read"),
    ),
    "a quote inside a bare cell": (
        raw("categories.csv", 'sourcedId,title\ncontrol,Работа "А"\n'.encode()),
        ("categories.csv", 2, None, "quote-in-cell"),
    ),
    "columns in another order": (turned, ("orgs.csv", 1, None, "column-order")),
    "a misspelt optional column": (misspelt, ("users.csv", 1, "emial", "unknown-column")),
    "an unknown column": (
        lambda b: [row.update(mood="good") for row in b.tables["users"]], ("users.csv", 1, "mood", "unknown-column"),
    ),
    "a status column in a bulk file": (
        lambda b: b.row("users", "boris").update(status="active"), ("users.csv", 3, "status", "status-in-bulk"),
    ),
    "s27: an unclosed list": (
        lambda b: b.row("users", "boris").update(orgSourcedIds="org-1,,"),
        ("users.csv", 3, "orgSourcedIds", "empty-in-list"),
    ),
    "a misspelt property of the manifest": (
        lambda b: b.manifest.update({"fiel.demographics": "absent"}),
        ("manifest.csv", None, "fiel.demographics", "unknown-property"),
    ),
    "no courses": (lambda b: b.without("courses"), ("courses.csv", None, None, "no-courses")),
}  # fmt: skip


@pytest.mark.parametrize("what", TOLD)
def test_it_is_taken_and_told_that_there_is(what):
    spoil, expected = TOLD[what]
    bundle = SmallBundle()
    spoil(bundle)
    taken, faults = read(bundle)
    assert (taken is not None, faults.found, faults.left_out) == (True, [], [])
    assert places(faults.remarks) == [expected]


def test_a_plain_bundle_gets_no_remark():
    _, faults = read(SmallBundle())
    assert faults.remarks == []


def test_columns_of_ones_own_are_allowed_anywhere():
    bundle = SmallBundle()
    for row in bundle.tables["users"]:
        row["metadata.mood"] = "good"
    assert read(bundle)[1].remarks == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('sourcedId,title\ncontrol,"Работа ""А"", с комментарием"\n', 0),
        ('sourcedId,title\ncontrol,"Работа\nв две строки"\n', 0),
        ('sourcedId,title\ncontrol,""\n', 0),
        ('sourcedId,title\ncontrol,12" лист\n', 1),
    ],
)
def test_quotes_are_told_where_a_bare_cell_holds_them_and_nowhere_else(content, told):
    bundle = SmallBundle()
    bundle.raw["categories.csv"] = content.encode()
    _, faults = read(bundle)
    assert [one.rule for one in faults.remarks].count("quote-in-cell") == told


def test_a_misspelt_column_is_told_with_the_one_that_was_probably_meant():
    bundle = SmallBundle()
    misspelt(bundle)
    (remark,) = read(bundle)[1].remarks
    assert str(remark.text) == "The column emial is not imported: probably email is meant."


def enrolled(role: str, user: str, **more: str) -> Callable[[SmallBundle], object]:
    return lambda bundle: bundle.enrol("e99", "alg-8a", user, role, **more)


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (enrolled("teacher", "vera", primary="true"), "not-of-the-staff"),
        (enrolled("administrator", "vera"), "not-of-the-staff"),
        (enrolled("teacher", "mother"), "not-of-the-staff"),
        (enrolled("student", "lead"), "not-a-student"),
        (enrolled("student", "mother"), "not-a-student"),
    ],
)
def test_s27_an_enrolment_as_somebody_whom_the_user_is_not_costs_its_row(spoil, rule):
    bundle = SmallBundle()
    spoil(bundle)
    taken, faults = read(bundle)
    assert (faults.found, places(faults.left_out)) == ([], [("enrollments.csv", 9, "role", rule)])
    assert "e99" not in taken.by_id("enrollments")


@pytest.mark.parametrize(("role", "user"), [("teacher", "lead"), ("teacher", "admin"), ("student", "vera")])
def test_whoever_is_enrolled_as_what_the_user_is_stays(role, user):
    bundle = SmallBundle().enrol("e99", "alg-8a", user, role)
    taken, faults = read(bundle)
    assert (faults.left_out, "e99" in taken.by_id("enrollments")) == ([], True)


def test_without_courses_a_subject_is_named_by_its_first_class():
    taken, _ = read(SmallBundle().without("courses").klass("alg-8b", "Алгебра 8Б", "scheduled"))
    assert [(row.id, row["title"]) for row in taken.rows("courses")] == [("alg", "Алгебра 8А")]
