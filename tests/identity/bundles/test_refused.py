"""What of a bundle is told or left out, and which bundles and importers are refused."""

import pytest
from sqlalchemy import select, update

from contracts.gradebook.bundles import BundleGradesImported
from contracts.identity.bundles import Bundles
from kernel.clock import now
from kernel.errors import Invalid
from kernel.files.store import Place
from kernel.texts import Text
from services.gradebook.marks import tables as marks_tables
from services.identity.bundles import queries
from services.identity.bundles import tables as bundles_tables
from services.identity.people import tables as people_tables
from services.identity.schools import tables as schools_tables
from tests.identity.bundles.looking import person, roles
from tests.identity.conftest import School, counts
from tests.identity.small_bundle import SmallBundle
from tests.kit.calls import call, deliver
from tests.kit.files import handed_in
from tests.kit.people import add_operator


def test_p22_look_alikes_and_apostrophes_are_told_at_import_and_found_all_the_same(imports, service, school):
    bundle = SmallBundle()
    bundle.row("users", "anna")["familyName"] = "Cидорова"  # a Latin C
    done = imports.run(school.methodologist, bundle.zip())
    (remark,) = done["remarks"]
    assert (done["status"], done["faults"]) == ("done", [])
    assert (remark["file"], remark["field"], remark["rule"]) == ("users.csv", "familyName", "latin-in-cyrillic")
    assert "идорова" not in str(remark)
    assert person(school, "anna").search_name.startswith("сидорова")


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_mark_that_the_gradebook_cannot_keep_costs_its_row_and_is_told(imports, school, dry_run):
    bundle = SmallBundle().result("r3", "vera", "9")
    ended = imports.run(school.methodologist, bundle.zip(), dry_run=dry_run)
    assert (ended["status"], counts(ended)["marks"][0]) == ("done", 2)
    (fault,) = ended["faults"]
    assert (fault["file"], fault["line"], fault["field"]) == ("results.csv", 4, "score")
    assert (fault["rule"], fault["left_out"]) == ("mark-off-scale", True)
    refused = Text.from_wire(fault["text"])
    assert (refused.template, refused.params["item"]) == ("Line item {item}: {fault}", "li")
    assert refused.params["fault"].params["piece"] == "9"


def test_p26_one_odd_score_costs_its_row_alone(imports, school):
    bundle = SmallBundle()
    bundle.row("results", "r1")["score"] = "5"
    bundle.row("results", "r2")["score"] = "4,0"
    bundle.result("r3", "vera", "4.5").result("r4", "mother", "6")
    ended = imports.run(school.methodologist, bundle.zip())
    assert (ended["status"], counts(ended)["marks"]) == ("done", (2, 0, 0, 0))
    assert [(f["file"], f["line"], f["field"], f["left_out"]) for f in ended["faults"]] == [
        ("results.csv", 4, "score", True), ("results.csv", 5, "score", True),
    ]  # fmt: skip
    with imports.gradebook.unit_of_work.of(school.id) as session:
        marks = {mark.student_id: mark.value for mark in session.scalars(select(marks_tables.Mark))}
    assert marks == {person(school, "anna").id: "5", person(school, "boris").id: "4"}


def test_s05_a_range_upside_down_is_told_with_its_line_and_nothing_is_half_done(imports, school):
    bundle = SmallBundle()
    bundle.row("lineItems", "li").update(resultValueMin="5", resultValueMax="1")
    ended = imports.run(school.methodologist, bundle.zip())
    assert (ended["status"], counts(ended)["marks"]) == ("done", (0, 0, 0, 0))
    (fault,) = ended["faults"]
    assert (fault["file"], fault["line"], fault["field"], fault["left_out"]) == (
        "lineItems.csv", 2, "resultValueMax", True,
    )  # fmt: skip
    assert counts(ended)["people"][0] == 7


def test_what_is_left_out_of_a_roster_is_told_when_it_is_done(imports, school):
    bundle = SmallBundle()
    bundle.row("users", "boris")["email"] = "нет"
    ended = imports.run(school.methodologist, bundle.zip())
    assert (ended["status"], [(f["field"], f["left_out"]) for f in ended["faults"]]) == ("done", [("email", True)])
    assert person(school, "boris").email is None


def test_a_failure_that_an_older_gradebook_announces_is_told_as_its_sentence(imports, service, school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    imports.check()
    failure = "Line item li: {no} mark."
    announced = BundleGradesImported(import_id=import_id, counts={}, failure=failure)
    deliver(service, announced, school.id, "old")
    (fault,) = imports.status(school.methodologist, import_id)["faults"]
    assert fault["message"] == f"Школа: {failure}"
    assert Text.from_wire(fault["text"]).params["failure"] == Text(failure)


def test_a_fault_that_was_kept_before_texts_were_is_told_by_its_sentence(imports, service, school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    kept = {"file": "users.csv", "line": 3, "field": "role", "rule": "unknown-value", "message": "role is one of: …."}
    with service.unit_of_work.everywhere() as session:
        session.execute(update(bundles_tables.BundleImport).values(status="rejected", faults=[kept]))
    assert imports.status(school.methodologist, import_id)["faults"] == [kept]


def test_a_bundle_that_was_not_handed_in_in_this_school_is_refused_at_once(imports, service, school, another_school):
    theirs = handed_in(service.files, another_school.id, SmallBundle().zip())
    for name in (theirs, "0" * 64):
        with pytest.raises(Invalid) as refused:
            call(service, Bundles.start_import, school.methodologist, bundle=name)
        assert (refused.value.rule, refused.value.field) == ("bundle-missing", "bundle")
    with pytest.raises(Invalid) as refused:
        call(service, Bundles.start_import, school.methodologist, bundle="../" + "0" * 61)
    assert (refused.value.rule, refused.value.field) == ("schema", "bundle")


def test_a_bundle_that_is_gone_before_it_is_read_is_a_fault_of_the_import(imports, service, school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    name = handed_in(service.files, school.id, SmallBundle().zip())
    service.files.delete(Place("identity", school.id).key(name))
    imports.check()
    ended = imports.status(school.methodologist, import_id)
    assert (ended["status"], [fault["rule"] for fault in ended["faults"]]) == ("rejected", ["bundle-missing"])


def test_a_rejected_import_says_why_and_writes_nothing(imports, service):
    bundle = SmallBundle()
    bundle.row("users", "boris")["role"] = "wizard"
    someone = add_operator(service)
    rejected = imports.run(someone, bundle.zip())
    assert rejected["status"] == "rejected"
    assert rejected["finished_at"] is not None
    assert [(f["file"], f["line"], f["field"], f["rule"]) for f in rejected["faults"]] == [
        ("users.csv", 3, "role", "unknown-value")
    ]
    assert (rejected["schools"], rejected["counts"]) == ([], [])
    with service.unit_of_work.everywhere() as session:
        assert session.query(schools_tables.School).count() == 0
        assert not queries.needed_files(session, now())


def test_what_cannot_be_read_is_not_even_taken_in(imports, service):
    bundle = SmallBundle()
    bundle.raw["users.csv"] = "sourcedId,имя\n".encode("cp1251")
    with pytest.raises(Invalid) as refused:
        imports.start(add_operator(service), bundle.zip())
    assert [(fault.field, fault.rule) for fault in refused.value.faults] == [("users.csv:1", "not-utf-8")]
    with service.unit_of_work.everywhere() as session:
        assert session.query(bundles_tables.BundleImport).count() == 0


@pytest.mark.parametrize("reason", ["another school", "two schools", "an adopted school"])
def test_a_methodologist_imports_the_own_school_only(imports, service, reason):
    if reason == "another school":
        school, bundle = School(service, source_id="org-0"), SmallBundle("org-1")
    elif reason == "two schools":
        school, bundle = School(service), SmallBundle("org-1")
        bundle.add("orgs", sourcedId="org-2", name="Другая", type="school")
    else:
        School(service, source_id="org-1")
        school, bundle = School(service), SmallBundle("org-1")
    rejected = imports.run(school.methodologist, bundle.zip())
    assert rejected["status"] == "rejected"
    assert [fault["rule"] for fault in rejected["faults"]] == ["other-school"]
    assert school.count(people_tables.Person, people_tables.Person.source_id.is_not(None)) == 0
    assert school.count(bundles_tables.ImportPage) == 0


def test_only_an_operators_bundle_gives_roles_of_the_administration(imports, service):
    bundle = SmallBundle()
    bundle.row("users", "other")["role"] = "principal"
    school = School(service)
    imports.run(school.methodologist, bundle.zip())
    assert roles(school, "admin") == roles(school, "other") == set()
    imports.run(add_operator(service), bundle.zip())
    assert (roles(school, "admin"), roles(school, "other")) == ({"methodologist"}, {"director"})
    imports.run(school.methodologist, SmallBundle().zip())
    assert (roles(school, "admin"), roles(school, "other")) == ({"methodologist"}, {"director", "teacher"})
