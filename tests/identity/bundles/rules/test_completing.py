"""What a school's system holds after a delta, which says only what has changed."""

from __future__ import annotations

from services.identity.bundles.rules.bundle import MADE, Row
from services.identity.bundles.rules.columns import FILES
from services.identity.bundles.rules.deltas import NO_LINE, Tables, completed, folded
from services.identity.bundles.rules.faults import Faults
from services.identity.bundles.rules.reader import Parsed

MONDAY, TUESDAY = "2026-11-23T08:00:00Z", "2026-11-24T08:00:00Z"


def row(file: str, key: str, line: int = NO_LINE, **cells: str) -> Row:
    return Row(line, {**{column.name: "" for column in FILES[file]}, "sourcedId": key, **cells})


def delta(file: str, *own: Row, gone: tuple[Row, ...] = ()) -> Parsed:
    return Parsed({file: "delta"}, {file: list(own)}, {file: list(gone)})


def bulk(**tables: list[Row]) -> Parsed:
    return Parsed(dict.fromkeys(tables, "bulk"), tables, {})


def ids(tables: Tables, file: str) -> list[tuple[str, int]]:
    """Ids and lines of the rows of a file."""
    return [(one.id, one.line) for one in tables[file]]


ORGS = [row("orgs", "school", 2), row("orgs", "other", 3)]


def test_a_whole_file_replaces_its_table_and_an_absent_one_leaves_it_alone() -> None:
    before = {"orgs": ORGS, "users": [row("users", "anna", 5)]}
    after = completed(before, bulk(orgs=[row("orgs", "new", 2)]), Faults())
    assert (ids(after, "orgs"), ids(after, "users")) == ([("new", 2)], [("anna", NO_LINE)])
    assert sorted(after) == ["orgs", "users"]


def test_a_delta_changes_adds_and_takes_away() -> None:
    faults = Faults()
    changed, added = row("orgs", "other", 2, name="Школа № 2"), row("orgs", "third", 3)
    after = completed({"orgs": ORGS}, delta("orgs", changed, added, gone=(row("orgs", "school", 4),)), faults)
    assert after["orgs"] == [changed, added]
    assert (faults.found, faults.left_out, faults.remarks) == ([], [], [])
    assert ids(completed({}, delta("orgs", added), faults), "orgs") == [("third", 3)]


def test_an_older_row_is_left_out_and_told() -> None:
    known = row("orgs", "school", 2, dateLastModified=TUESDAY)
    for moment, taken in ((MONDAY, False), (TUESDAY, True), ("", True), ("yesterday", True), ("2026-11-23", True)):
        faults = Faults()
        after = completed({"orgs": [known]}, delta("orgs", row("orgs", "school", 7, dateLastModified=moment)), faults)
        assert ids(after, "orgs") == [("school", 7 if taken else NO_LINE)], moment
        assert bool(faults.left_out) is not taken
    faults = Faults()
    completed({"orgs": [known]}, delta("orgs", row("orgs", "school", 7, dateLastModified=MONDAY)), faults)
    (left_out,) = faults.left_out
    assert (left_out.file, left_out.line, left_out.field, left_out.rule) == (
        "orgs.csv", 7, "dateLastModified", "older-than-known",
    )  # fmt: skip
    assert str(left_out.text) == "An earlier bundle holds this row as of a later moment (dateLastModified)."


def test_what_is_deleted_and_was_never_there_is_remarked() -> None:
    faults = Faults()
    completed({"orgs": ORGS}, delta("orgs", gone=(row("orgs", "nowhere", 9), row("orgs", "school", 10))), faults)
    (remark,) = faults.remarks
    assert (remark.file, remark.line, remark.field, remark.rule) == ("orgs.csv", 9, "sourcedId", "deleted-unknown")
    assert str(remark.text) == "This row is to be deleted, and no earlier bundle has it."
    unknown = Faults()
    completed({}, Parsed({"orgs": "delta"}, {"orgs": []}, {}), unknown)
    assert unknown.remarks == []


def test_earlier_rows_end_with_those_to_which_they_refer_and_so_do_those_that_refer_to_them() -> None:
    before = {
        "orgs": [*ORGS, row("orgs", "branch", 4, parentSourcedId="school")],
        "courses": [
            row("courses", "algebra", 2, orgSourcedId="school"),
            row("courses", "art", 3, orgSourcedId="other"),
        ],
        "classes": [row("classes", "8a", 2, courseSourcedId="algebra", schoolSourcedId="other")],
        "users": [
            row("users", "anna", 2, orgSourcedIds="school, other", agentSourcedIds="mother"),
            row("users", "mother", 3, orgSourcedIds="other"),
        ],
    }
    after = completed(before, delta("orgs", gone=(row("orgs", "school", 2),)), Faults())
    assert ids(after, "courses") == [("art", NO_LINE)]
    assert ids(after, "classes") == []
    assert {one.id: one["parentSourcedId"] for one in after["orgs"]} == {"other": "", "branch": ""}
    anna, mother = after["users"]
    assert (anna["orgSourcedIds"], anna["agentSourcedIds"]) == ("other", "mother")
    assert (mother["orgSourcedIds"], mother["agentSourcedIds"]) == ("other", "")


def test_rows_of_the_bundle_itself_are_left_to_its_checks() -> None:
    own = row("courses", "algebra", 2, orgSourcedId="nowhere")
    assert completed({"orgs": ORGS}, delta("courses", own), Faults())["courses"] == [own]


def test_a_table_that_was_made_is_made_anew() -> None:
    made = row("classes", "made", 2, courseSourcedId="", schoolSourcedId="")
    made.cells[MADE] = "yes"
    own = row("orgs", "school", 3)
    assert "classes" not in completed({"orgs": ORGS, "classes": [made]}, delta("orgs"), Faults())
    assert "orgs" in completed({"orgs": [own, Row(4, {**own.cells, "sourcedId": "x", MADE: "yes"})]}, bulk(), Faults())


def test_a_whole_bundle_and_the_deltas_after_it_are_one_state() -> None:
    changed = row("orgs", "other", 5, name="Школа № 2")
    tables = folded([bulk(orgs=ORGS), delta("orgs", changed), delta("orgs", gone=(row("orgs", "school", 2),))])
    assert [(one.id, one["name"], one.line) for one in tables["orgs"]] == [("other", "Школа № 2", NO_LINE)]
    assert folded([]) == {}
    known, older = (row("orgs", "school", 2, dateLastModified=moment) for moment in (TUESDAY, MONDAY))
    assert folded([bulk(orgs=[known]), delta("orgs", older)])["orgs"][0]["dateLastModified"] == TUESDAY


def test_of_a_list_all_that_is_left_stays_and_an_id_may_hold_a_comma() -> None:
    orgs = [*ORGS, row("orgs", "third", 4), row("orgs", "a,b", 5)]
    anna = row("users", "anna", 2, orgSourcedIds="school,other,third")
    course = row("courses", "algebra", 2, orgSourcedId="a,b")
    before = {"orgs": orgs, "users": [anna], "courses": [course]}
    after = completed(before, delta("orgs", gone=(row("orgs", "school", 2),)), Faults())
    assert after["users"][0]["orgSourcedIds"] == "other,third"
    assert ids(after, "courses") == [("algebra", NO_LINE)]


def test_what_refers_to_a_file_that_no_bundle_had_ends() -> None:
    before = {"courses": [row("courses", "algebra", 2, orgSourcedId="school")]}
    assert completed(before, bulk(), Faults()) == {"courses": []}
