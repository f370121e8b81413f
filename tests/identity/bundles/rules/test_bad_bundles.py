"""Bundles that are refused: each fault with its place, nothing written, no exception."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.bundles.rules import archive, checker, reader
from services.identity.bundles.rules.faults import MOST, Faults
from tests.identity.small_bundle import SmallBundle, written, zipped

TODAY = date(2026, 11, 25)


def faults_of(packed: bytes) -> Faults:
    faults = Faults()
    bundle = checker.checked(packed, TODAY, faults)
    assert (bundle is None) == bool(faults)
    return faults


def found(packed: bytes) -> list[tuple[str, int | None, str | None, str]]:
    return [(fault.file, fault.line, fault.field, fault.rule) for fault in faults_of(packed).found]


def changed(file: str, source_id: str, **cells: str) -> Callable[[SmallBundle], object]:
    return lambda bundle: bundle.row(file, source_id).update(cells)


def replaced(file: str, content: bytes) -> Callable[[SmallBundle], object]:
    return lambda bundle: bundle.raw.update({file: content})


def told(**properties: str) -> Callable[[SmallBundle], object]:
    return lambda bundle: bundle.manifest.update({k.replace("__", "."): v for k, v in properties.items()})


def test_the_bundle_that_the_others_spoil_is_good():
    assert found(SmallBundle().zip()) == []


BAD = {
    "a file that is missing": (lambda b: b.without("users"), ("users.csv", None, None, "missing-file")),
    "a file that only the manifest has": (
        lambda b: (b.without("demographics") if "demographics" in b.tables else b, told(file__demographics="bulk")(b)),
        ("demographics.csv", None, None, "missing-file"),
    ),
    "a file that the manifest denies": (
        told(file__results="absent"), ("manifest.csv", None, "file.results", "manifest-mismatch"),
    ),
    "a delta without status": (told(file__categories="delta"), ("categories.csv", 1, "status", "missing-column")),
    "a state of no meaning": (told(file__users="some"), ("manifest.csv", None, "file.users", "unknown-state")),
    "an unknown version": (
        told(oneroster__version="2.0"), ("manifest.csv", None, "oneroster.version", "unknown-version"),
    ),
    "results without line items": (lambda b: b.without("lineItems"), ("lineItems.csv", None, None, "missing-file")),
    "a missing column": (
        lambda b: [row.pop("familyName") for row in b.tables["users"]],
        ("users.csv", 1, "familyName", "missing-column"),
    ),
    "a column that is there twice": (
        replaced("courses.csv", b"sourcedId,title,title,orgSourcedId\r\n"),
        ("courses.csv", 1, "title", "duplicate-column"),
    ),
    "a file without a line": (replaced("courses.csv", b""), ("courses.csv", 1, "sourcedId", "missing-column")),
    "a line with too few cells": (
        replaced("categories.csv", b"sourcedId,title\r\ncontrol,Control\r\nother\r\n"),
        ("categories.csv", 3, None, "number-of-cells"),
    ),
    "quotes that do not match": (
        replaced("categories.csv", b'sourcedId,title\r\ncontrol,"Control\r\n'),
        ("categories.csv", 2, None, "broken-quotes"),
    ),
    "text that is not UTF-8": (
        replaced("categories.csv", "sourcedId,title\ncontrol,Контрольная\n".encode("cp1251")),
        ("categories.csv", 2, None, "not-utf-8"),
    ),
    "a zero byte": (
        replaced("categories.csv", b"sourcedId,title\ncontrol,Con\0trol\n"), ("categories.csv", 2, None, "not-text"),
    ),
    "a line without end": (
        replaced("categories.csv", b"sourcedId,title\ncontrol," + b"x" * 200_000 + b"\n"),
        ("categories.csv", 2, None, "line-too-long"),
    ),
    "a name that is too long": (
        changed("users", "boris", familyName="Б" * 201), ("users.csv", 3, "familyName", "too-long"),
    ),
    "an empty name": (changed("users", "boris", givenName=""), ("users.csv", 3, "givenName", "empty")),
    "an id that stands twice": (
        lambda b: b.enrol("e1", "8b", "boris"), ("enrollments.csv", 9, "sourcedId", "duplicate-id"),
    ),
    "a day that no month has": (
        changed("academicSessions", "t1", endDate="2026-02-30"), ("academicSessions.csv", 3, "endDate", "bad-date"),
    ),
    "a date in another form": (
        changed("academicSessions", "t1", endDate="31.12.2026"), ("academicSessions.csv", 3, "endDate", "bad-date"),
    ),
    "a year of another age": (
        changed("academicSessions", "y", startDate="0001-01-01"), ("academicSessions.csv", 2, "startDate", "bad-date"),
    ),
    "a school year that is no year": (
        changed("academicSessions", "y", schoolYear="next"), ("academicSessions.csv", 2, "schoolYear", "bad-year"),
    ),
    "a session that ends before it starts": (
        changed("academicSessions", "t1", endDate="2026-08-01"),
        ("academicSessions.csv", 3, "endDate", "ends-before-start"),
    ),
    "an unknown role": (changed("users", "boris", role="wizard"), ("users.csv", 3, "role", "unknown-value")),
    "an unknown kind of class": (
        changed("classes", "8a", classType="club"), ("classes.csv", 2, "classType", "unknown-value"),
    ),
    "an unknown status": (changed("users", "anna", status="gone"), ("users.csv", 2, "status", "unknown-value")),
    "a flag that is neither": (
        changed("users", "boris", enabledUser="maybe"), ("users.csv", 3, "enabledUser", "bad-flag"),
    ),
    "a number of no size": (
        changed("lineItems", "li", resultValueMax="1e999"), ("lineItems.csv", 2, "resultValueMax", "bad-number"),
    ),
    "a name of two lines": (
        changed("users", "boris", familyName="Куз\nнецов"), ("users.csv", 4, "familyName", "bad-text"),
    ),
    "digits of another script": (
        changed("lineItems", "li", resultValueMax="٥"), ("lineItems.csv", 2, "resultValueMax", "bad-number"),
    ),
    "a user of no role": (changed("users", "boris", role=""), ("users.csv", 3, "role", "empty")),
    "an unknown agent": (
        changed("users", "anna", agentSourcedIds="mother,nobody"),
        ("users.csv", 2, "agentSourcedIds", "dangling-reference"),
    ),
    "an unknown class": (
        changed("enrollments", "e3", classSourcedId="9z"),
        ("enrollments.csv", 4, "classSourcedId", "dangling-reference"),
    ),
    "a reference to what is marked as deleted": (
        lambda b: b.row("users", "vera").update(status="tobedeleted"),
        ("enrollments.csv", 4, "userSourcedId", "dangling-reference"),
    ),
    "a bundle without school": (changed("orgs", "org-1", type="district"), ("orgs.csv", None, None, "no-school")),
    "a class without a year": (
        lambda b: (
            b.add("academicSessions", sourcedId="z", title="Z", type="schoolYear", startDate="2020-09-01",
                  endDate="2021-05-31", schoolYear="2021"),
            b.row("classes", "8a").update(termSourcedIds=""),
            b.row("courses", "alg").update(schoolYearSourcedId=""),
        ),
        ("classes.csv", 2, "termSourcedIds", "no-year"),
    ),
    "a user in a class of a school that is not theirs": (
        lambda b: (
            b.add("orgs", sourcedId="org-2", name="Другая", type="school"),
            b.row("users", "vera").update(orgSourcedIds="org-2"),
        ),
        ("enrollments.csv", 4, "userSourcedId", "other-school"),
    ),
}  # fmt: skip


#: What costs its row or cell alone, and the fault that tells it.
SPARED = {
    "an address that is none": (
        changed("users", "boris", email="a@b.c\r\nBcc: x@y.z"), ("users.csv", 4, "email", "bad-email"),
    ),
    "a day of birth that is none": (
        lambda b: b.add("demographics", sourcedId="anna", birthDate="2012-02-30", sex=""),
        ("demographics.csv", 2, "birthDate", "bad-date"),
    ),
    "a result of nobody": (
        changed("results", "r1", studentSourcedId="nobody"),
        ("results.csv", 2, "studentSourcedId", "dangling-reference"),
    ),
    "a result of no known state": (
        changed("results", "r1", scoreStatus="lost"), ("results.csv", 2, "scoreStatus", "unknown-value"),
    ),
    "a result that stands twice": (
        lambda b: b.result("r1", "vera", "5"), ("results.csv", 4, "sourcedId", "duplicate-id"),
    ),
    "a result in a class of another school": (
        lambda b: (
            b.add("orgs", sourcedId="org-2", name="Другая", type="school"),
            b.user("stranger", "student", "Чужой Олег", orgSourcedIds="org-2").result("r9", "stranger", "5"),
        ),
        ("results.csv", 4, "studentSourcedId", "other-school"),
    ),
    "a line item without a day": (
        changed("lineItems", "li", assignDate="", dueDate=""), ("lineItems.csv", 2, "dueDate", "empty"),
    ),
    "p04: work in the holidays": (
        changed("lineItems", "li", dueDate="2027-01-05"), ("lineItems.csv", 2, "dueDate", "outside-terms"),
    ),
    "p04: work after the school year": (
        changed("lineItems", "li", dueDate="2027-10-01"), ("lineItems.csv", 2, "dueDate", "outside-terms"),
    ),
    "p05: a mark of the future": (
        changed("lineItems", "li", dueDate="2026-12-19"),
        ("results.csv", 2, "lineItemSourcedId", "mark-of-the-future"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SPARED)
def test_a_bundle_is_taken_without(name):
    spoil, expected = SPARED[name]
    bundle = SmallBundle()
    spoil(bundle)
    faults = faults_of(bundle.zip())
    assert faults.found == []
    assert expected in [(fault.file, fault.line, fault.field, fault.rule) for fault in faults.left_out]
    assert {fault.as_view()["left_out"] for fault in faults.left_out} == {True}


def test_p27_a_bad_address_costs_its_cell_alone():
    bundle = SmallBundle()
    for number, address in enumerate(("нет", "a@example.org, b@example.org", "c@example.org")):
        bundle.user(f"p{number}", "parent", f"Родитель {'АБВ'[number]}", email=address)
    faults = Faults()
    read = checker.checked(bundle.zip(), TODAY, faults)
    assert read is not None
    assert [user["email"] for user in read.rows("users") if user.id in ("p0", "p1", "p2")] == ["", "", "c@example.org"]
    assert [(fault.field, fault.rule) for fault in faults.left_out] == [("email", "bad-email")] * 2


@pytest.mark.parametrize(
    "packed_as",
    [
        lambda name: f"bundle/{name}",
        lambda name: f"выгрузка 2026/bundle/{name}",
        lambda name: name.capitalize(),
        lambda name: name.upper(),
    ],
)
def test_p28_a_folder_around_all_and_capitals_in_names_are_taken(packed_as):
    files = unzipped(SmallBundle().zip())
    own = {packed_as(name): content for name, content in files.items()}
    junk = {"__MACOSX/bundle/._users.csv": b"\0", "bundle/.DS_Store": b"\0"}
    assert faults_of(zipped({**own, **junk})).found == []


def test_p28_two_folders_are_not_guessed_at():
    files = unzipped(SmallBundle().zip())
    twice = {f"{folder}/{name}": content for folder in ("old", "new") for name, content in files.items()}
    assert [rule for *_, rule in found(zipped(twice))] == ["missing-manifest"]


def test_p28_empty_columns_at_the_end_are_no_cells():
    files = unzipped(SmallBundle().zip())
    wider = {
        name: b"\r\n".join(
            line + b",," if line and number else line for number, line in enumerate(content.split(b"\r\n"))
        )
        for name, content in files.items()
    }
    assert faults_of(zipped(wider)).found == []


def unzipped(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


#: Faults that keep a bundle from being read: told at once, before its cells are looked at.
OF_FORM = {
    "missing-file", "manifest-mismatch", "unknown-state", "unknown-version", "missing-column",
    "duplicate-column", "number-of-cells", "broken-quotes", "not-utf-8", "not-text", "line-too-long",
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bundle_is_refused_for(name):
    spoil, expected = BAD[name]
    bundle = SmallBundle()
    spoil(bundle)
    assert expected in found(bundle.zip())
    form = Faults()
    reader.check_form(bundle.zip(), form)
    in_form = [(fault.file, fault.line, fault.field, fault.rule) for fault in form.found]
    assert (expected in in_form) == (expected[-1] in OF_FORM), in_form


@pytest.mark.parametrize(
    "packed", [b"", b"PK\x03\x04 but no zip", SmallBundle().zip()[:-40], SmallBundle().zip()[:300]]
)
def test_what_is_not_a_zip_is_refused(packed):
    assert [rule for *_, rule in found(packed)] == ["not-a-zip"]


def test_a_zip_without_manifest_is_refused():
    assert found(zipped({"users.csv": b"sourcedId\n"})) == [("manifest.csv", None, None, "missing-manifest")]


@pytest.mark.parametrize(
    "name", ["../users.csv", "/etc/users.csv", "a/../../users.csv", "c:users.csv", "..\\users.csv"]
)
def test_a_path_out_of_the_bundle_is_refused(name):
    bundle = SmallBundle()
    bundle.raw[name] = b"x"
    assert [rule for *_, rule in found(bundle.zip())] == ["path-outside"]


def test_a_file_that_unpacks_to_many_times_its_size_is_refused_without_unpacking_it():
    bundle = SmallBundle()
    bundle.raw["users.csv"] = b"\n" * 3_000_000
    assert found(bundle.zip()) == [("users.csv", None, None, "zip-bomb")]


def test_a_bundle_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(archive, "LARGEST", 1000)
    assert [rule for *_, rule in found(SmallBundle().zip())] == ["too-large"]


def test_an_encrypted_file_is_refused():
    packed = bytearray(SmallBundle().zip())
    at = packed.rindex(b"PK\x01\x02") + 8
    packed[at] |= 1
    assert "encrypted" in [rule for *_, rule in found(bytes(packed))]


def test_two_files_of_one_name_are_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zip_file:
        zip_file.writestr("users.csv", b"a")
        with pytest.warns(UserWarning, match="Duplicate name"):
            zip_file.writestr("users.csv", b"b")
    assert [rule for *_, rule in found(packed.getvalue())] == ["duplicate-file"]


def test_a_file_whose_content_does_not_match_its_checksum_is_refused():
    packed = bytearray(zipped({"manifest.csv": b"propertyName,value\n"}))
    at = packed.rindex(b"PK\x01\x02") + 16
    packed[at] ^= 0xFF
    assert [rule for *_, rule in found(bytes(packed))] == ["not-a-zip"]


def test_a_byte_order_mark_and_unknown_columns_are_no_fault():
    bundle = SmallBundle()
    for row in bundle.tables["users"]:
        row["metadata.mood"] = "good"
    bundle.raw["users.csv"] = b"\xef\xbb\xbf" + written(bundle.tables["users"])
    assert found(bundle.zip()) == []


def test_the_list_of_faults_ends():
    bundle = SmallBundle()
    for number in range(MOST + 100):
        bundle.user(f"u{number}", "wizard", "Кто Нибудь")
    rules = [rule for *_, rule in found(bundle.zip())]
    assert len(rules) == MOST + 1
    assert set(rules[:-1]) == {"unknown-value"}
    assert rules[-1] == "too-many-faults"


def test_the_messages_of_faults_name_nobody():
    bundle = SmallBundle()
    bundle.row("users", "boris")["role"] = "wizard"
    bundle.row("users", "vera")["familyName"] = "П" * 300
    for fault in faults_of(bundle.zip()).found:
        assert "Борис" not in str(fault.as_view())
        assert "ПП" not in str(fault.as_view())


@given(
    file=st.sampled_from(sorted(f"{name}.csv" for name in SmallBundle().tables)),
    content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)),
)
def test_whatever_a_file_holds_nothing_is_raised(file, content):
    bundle = SmallBundle()
    bundle.raw[file] = content
    assert faults_of(bundle.zip())


@given(place=st.integers(0, 3000), byte=st.integers(0, 255), data=st.data())
def test_whatever_is_damaged_in_a_zip_nothing_is_raised(place, byte, data):
    packed = bytearray(SmallBundle().zip())
    packed[place % len(packed)] = byte
    del packed[data.draw(st.integers(len(packed) // 2, len(packed))) :]
    faults_of(bytes(packed))
