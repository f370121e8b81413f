"""Real bundles, where the machine has them beside the repository: every user and every mark arrives."""

import pytest
from sqlalchemy import func, select

from services.gradebook.marks import tables as marks_tables
from services.identity.bundles.rules.archive import bundle_of_folder
from services.identity.classes import tables as classes_tables
from services.identity.people import tables as people_tables
from tests.identity.conftest import School, counts, school_id_of
from tests.kit.people import add_operator
from tests.shared import shared

pytestmark = pytest.mark.slow


def bundle(name: str) -> bytes:
    return bundle_of_folder(shared(f"oneroster/{name}"))


def marks_with_a_value(imports) -> int:
    with imports.gradebook.unit_of_work.everywhere() as session:
        mark = marks_tables.Mark
        return session.scalar(select(func.count()).select_from(mark).where(mark.value.is_not(None)))


def test_a_school_with_its_journals_is_imported_whole_and_again_without_any_change(imports, service):
    packed = bundle("grades-small")
    someone = add_operator(service)
    first = imports.run(someone, packed)
    assert (first["status"], first["faults"]) == ("done", [])
    assert counts(first)["people"] == (266, 0, 0, 0)
    assert counts(first)["guardianships"] == (150, 0, 0, 0)
    assert counts(first)["classes"] == (5, 0, 0, 0)
    assert counts(first)["enrolments"] == (100, 0, 0, 0)
    assert counts(first)["marks"] == (5854, 0, 0, 0)
    assert marks_with_a_value(imports) == 5854
    again = imports.run(someone, packed)
    assert again["status"] == "done"
    assert {kind: (made, new, gone) for kind, (made, new, _, gone) in counts(again).items()} == dict.fromkeys(
        counts(first), (0, 0, 0)
    )
    assert {kind: figures[2] for kind, figures in counts(again).items()} == {
        kind: figures[0] for kind, figures in counts(first).items()
    }


def test_three_schools_are_imported_at_once_each_with_its_own_people(imports, service):
    done = imports.run(add_operator(service), bundle("three-schools"))
    assert (done["status"], done["faults"]) == ("done", [])
    assert counts(done)["people"] == (480, 0, 0, 0)
    assert len(done["schools"]) == 3
    for school in done["schools"]:
        with service.unit_of_work.of(school_id_of(done, school["source_id"])) as session:
            assert session.scalar(select(func.count()).select_from(people_tables.Person)) == 160
            assert set(session.scalars(select(classes_tables.SchoolClass.grade))) == {6, 7, 8}


def test_a_bundle_with_a_misspelt_manifest_and_no_school_year_is_imported_by_the_school_itself(imports, service):
    school = School(service)
    done = imports.run(school.methodologist, bundle("tiny"))
    assert (done["status"], {fault["rule"] for fault in done["faults"]}) == ("done", {"not-of-the-staff"})
    assert len(done["faults"]) == 5, "its teachers are students by users.csv"
    assert [remark["rule"] for remark in done["remarks"]] == ["unknown-property"]
    assert counts(done)["people"] == (20, 0, 0, 0)
