"""An import while it runs: its steps, tried dry, asked about, stopped, resumed and given up; who sees it."""

import os
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from contracts.gradebook.bundles import BundleGradesImported
from contracts.identity.bundles import BundleImported, Bundles, ImportMoved
from contracts.identity.people import StudentsChanged
from contracts.identity.schools import Schools
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.errors import Conflict, Forbidden, NotFound
from kernel.files.store import Place
from services.gradebook.marks import tables as marks_tables
from services.identity.bundles import tables as bundles_tables
from services.identity.people import tables as people_tables
from tests.identity.bundles.looking import classes_of, person
from tests.identity.conftest import School, counts, events
from tests.identity.small_bundle import SmallBundle
from tests.kit.calls import call, deliver
from tests.kit.files import handed_in
from tests.kit.people import ZONE, add_operator

TODAY = local_date(now(), ZONE)
YESTERDAY = TODAY - timedelta(days=1)


def test_a_dry_run_counts_and_writes_nothing(imports, service, school):
    rehearsed = imports.run(school.methodologist, SmallBundle().zip(), dry_run=True)
    assert (rehearsed["status"], rehearsed["dry_run"]) == ("done", True)
    assert counts(rehearsed)["people"] == (7, 0, 0, 0)
    assert counts(rehearsed)["marks"] == (2, 0, 0, 0)
    assert school.count(people_tables.Person, people_tables.Person.source_id.is_not(None)) == 0
    assert school.count(bundles_tables.ImportPage) == 0
    assert events(service, StudentsChanged.NAME) == []
    assert call(service, Schools.schools, school.methodologist)["schools"][0]["source_id"] is None
    with imports.gradebook.unit_of_work.everywhere() as session:
        assert session.scalars(select(marks_tables.Mark)).all() == []


def test_a_dry_run_of_an_operator_makes_no_school(imports, service):
    rehearsed = imports.run(add_operator(service), SmallBundle().zip(), dry_run=True)
    assert rehearsed["status"] == "done"
    assert [one["source_id"] for one in rehearsed["schools"]] == ["org-1"]
    assert counts(rehearsed)["courses"] == (1, 0, 0, 0)
    assert call(service, Schools.schools, add_operator(service))["schools"] == []


def test_parts_are_for_the_gradebook_alone_until_it_reports(imports, service, school, another_school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    imports.check()
    assert imports.status(school.methodologist, import_id)["status"] == "writing"
    wanted = {"import_id": import_id, "kind": "marks"}
    part = call(service, Bundles.import_part, school.gradebook(), **wanted)
    assert sorted(row["value"] for row in part["rows"]) == ["4", "5"]
    assert part["more"] is False
    assert call(service, Bundles.import_part, school.gradebook(), **wanted, page=1) == {"rows": [], "more": False}
    with pytest.raises(NotFound):
        call(service, Bundles.import_part, another_school.gradebook(), **wanted)
    for someone in (school.methodologist, Actor(school.id, service="attendance", roles=frozenset({"service"}))):
        with pytest.raises(Forbidden):
            call(service, Bundles.import_part, someone, **wanted)
    report = BundleGradesImported(import_id=msgspec.convert(import_id, type(school.id)), counts={})
    assert deliver(service, report, school.id)
    assert imports.status(school.methodologist, import_id)["status"] == "done"
    with pytest.raises(Conflict) as finished:
        call(service, Bundles.import_part, school.gradebook(), **wanted)
    assert finished.value.rule == "import-finished"
    assert school.count(bundles_tables.ImportPage) == 0


def test_an_import_ends_when_the_last_school_has_reported(imports, service):
    someone = add_operator(service)
    bundle = SmallBundle().add("orgs", sourcedId="org-2", name="Вторая", type="school")
    import_id = imports.start(someone, bundle.zip())
    imports.check()
    schools = [row.tenant_id for row in events(service, BundleImported.NAME)]
    report = BundleGradesImported(import_id=msgspec.convert(import_id, type(schools[0])), counts={})
    assert deliver(service, report, schools[0])
    assert imports.status(someone, import_id)["status"] == "writing"
    assert deliver(service, report, schools[1])
    assert imports.status(someone, import_id)["status"] == "done"


def stop(imports, actor: Actor, import_id: str) -> dict[str, Any]:
    return call(imports.identity, Bundles.stop_import, actor, import_id=import_id)


def resume(imports, actor: Actor, import_id: str) -> dict[str, Any]:
    return call(imports.identity, Bundles.resume_import, actor, import_id=import_id)


def test_an_import_that_has_not_begun_is_stopped_at_once_and_resumed(imports, school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    stopped = stop(imports, school.methodologist, import_id)
    assert (stopped["status"], stopped["job"]["state"]) == ("stopped", "stopped")
    imports.check()
    assert school.count(people_tables.Person, people_tables.Person.source_id.is_not(None)) == 0
    assert resume(imports, school.methodologist, import_id)["status"] == "waiting"
    imports.check()
    imports.hand_over()
    imports.grade()
    assert imports.status(school.methodologist, import_id)["status"] == "done"


def test_an_import_that_is_stopped_while_the_gradebook_writes_goes_on_there(imports, school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    imports.check()
    imports.hand_over()
    assert stop(imports, school.methodologist, import_id)["job"]["state"] == "stopping"
    imports.grade()
    stopped = imports.status(school.methodologist, import_id)
    assert (stopped["status"], stopped["finished_at"], stopped["counts"][0]["kind"]) == ("stopped", None, "people")
    assert marks_of(imports, school) == 0
    resumed = resume(imports, school.methodologist, import_id)
    assert (resumed["status"], resumed["job"]["state"], resumed["job"]["stage"]) == ("writing", "running", "grades")
    imports.hand_over()
    imports.grade()
    done = imports.status(school.methodologist, import_id)
    assert (done["status"], counts(done)["marks"]) == ("done", (2, 0, 0, 0))
    assert (done["job"]["done"], done["job"]["total"]) == (2, 2)


def marks_of(imports, school: School) -> int:
    with imports.gradebook.unit_of_work.of(school.id) as session:
        return len(session.scalars(select(marks_tables.Mark.id)).all())


def test_each_step_of_an_import_is_announced_in_order(imports, service, school):
    done = imports.run(school.methodologist, SmallBundle().zip())
    told = [msgspec.json.decode(row.body) for row in events(service, ImportMoved.NAME)]
    assert [(one["state"], one["stage"]) for one in told] == [
        ("running", "checking"), ("running", "people"), ("running", "grades"), ("running", "grades"),
        ("running", "grades"), ("done", "grades"),
    ]  # fmt: skip
    versions = [one["version"] for one in told]
    assert versions == sorted(set(versions))
    assert versions[-1] == done["version"]
    assert {one["job_id"] for one in told} == {done["id"]}


def test_an_import_that_ended_is_neither_stopped_nor_resumed(imports, school):
    done = imports.run(school.methodologist, SmallBundle().zip())
    for ask in (stop, resume):
        with pytest.raises(Conflict) as refused:
            ask(imports, school.methodologist, done["id"])
        assert refused.value.rule == "job-ended"


def test_another_schools_import_cannot_be_stopped(imports, school, another_school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    for ask in (stop, resume):
        with pytest.raises(NotFound):
            ask(imports, another_school.methodologist, import_id)
        with pytest.raises(Forbidden):
            ask(imports, school.teacher, import_id)
    assert imports.status(school.methodologist, import_id)["status"] == "waiting"


def test_a_stopped_import_can_be_resumed_for_a_week(imports, service, school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    stop(imports, school.methodologist, import_id)
    for days, status in ((2, "stopped"), (8, "failed")):
        with service.unit_of_work.everywhere() as session:
            session.execute(update(bundles_tables.BundleImport).values(started_at=now() - timedelta(days=days)))
        service.give_up_old_imports()
        assert imports.status(school.methodologist, import_id)["status"] == status


def others(bundle: SmallBundle) -> SmallBundle:
    """The bundle of a system that writes its ids anew, in capitals."""
    for row in bundle.tables["users"]:
        row["sourcedId"] = row["sourcedId"].upper()
        row["agentSourcedIds"] = row["agentSourcedIds"].upper()
    for file, column in (("enrollments", "userSourcedId"), ("results", "studentSourcedId")):
        for row in bundle.tables[file]:
            row[column] = row[column].upper()
    return bundle


def test_p25_changed_ids_are_asked_about_before_accounts_and_marks_are_left_with_nobody(imports, imported):
    asked = imports.run(imported.methodologist, others(SmallBundle()).zip())
    assert (asked["status"], asked["job"]["state"], asked["finished_at"]) == ("asking", "stopped", None)
    assert asked["question"] == {"people": 7, "classes": 0, "enrolments": 0, "replaced": 7, "name": None}
    assert person(imported, "anna").left_on is None
    assert imported.count(people_tables.Person, people_tables.Person.source_id == "ANNA") == 0
    with pytest.raises(Conflict) as refused:
        resume(imports, imported.methodologist, asked["id"])
    assert refused.value.rule == "confirm-first"


def confirm(imports, actor: Actor, import_id: str, **numbers: int) -> dict[str, Any]:
    return call(imports.identity, Bundles.confirm_import, actor, import_id=import_id, **numbers)


def test_s1_a_bundle_that_ends_much_is_written_when_its_numbers_are_confirmed(imports, imported):
    bundle = SmallBundle()
    for row in bundle.tables["classes"] + bundle.tables["enrollments"]:
        row["sourcedId"] = f"new-{row['sourcedId']}"
    for file in ("enrollments", "lineItems"):
        for row in bundle.tables[file]:
            row["classSourcedId"] = f"new-{row['classSourcedId']}"
    bundle.row("orgs", "org-1")["name"] = "Школа № 2"
    asked = imports.run(imported.methodologist, bundle.zip())
    assert asked["status"] == "asking"
    numbers = {name: asked["question"][name] for name in ("people", "classes", "enrolments", "replaced")}
    assert (numbers["classes"], numbers["enrolments"], asked["question"]["name"]) == (2, 3, "Школа № 2")
    assert len(classes_of(imported, "anna")) == 1
    with pytest.raises(Conflict) as refused:
        confirm(imports, imported.methodologist, asked["id"], **{**numbers, "classes": 1})
    assert refused.value.rule == "other-numbers"
    assert confirm(imports, imported.methodologist, asked["id"], **numbers)["status"] == "waiting"
    imports.check()
    imports.hand_over()
    imports.grade()
    done = imports.status(imported.methodologist, asked["id"])
    assert done["status"] == "done"
    assert ("8А", date(2026, 9, 1), YESTERDAY) in classes_of(imported, "anna")
    with pytest.raises(Conflict) as refused:
        confirm(imports, imported.methodologist, asked["id"], **numbers)
    assert refused.value.rule == "nothing-to-confirm"


def test_a_dry_run_tells_what_it_would_end_and_asks_nothing(imports, imported):
    tried = imports.run(imported.methodologist, others(SmallBundle()).zip(), dry_run=True)
    assert (tried["status"], tried["question"]["replaced"]) == ("done", 7)


def test_imports_are_listed_newest_first_with_their_faults_counted(imports, service, school, another_school):
    bundle = SmallBundle().result("r3", "vera", "9")
    bundle.row("users", "boris")["email"] = "нет"
    first = imports.run(school.methodologist, bundle.zip())
    second = imports.start(school.methodologist, SmallBundle().zip(), dry_run=True)
    theirs = imports.start(another_school.methodologist, SmallBundle("org-9").zip())

    def listed(actor: Actor, **query: Any) -> dict[str, Any]:
        return call(service, Bundles.imports, actor, **query)

    own = listed(school.methodologist)
    assert [(one["id"], one["status"], one["faults"]) for one in own["imports"]] == [
        (second, "waiting", 0), (first["id"], "done", 2),
    ]  # fmt: skip
    assert [one["id"] for one in listed(add_operator(service))["imports"]] == [theirs, second, first["id"]]
    page = listed(school.methodologist, limit=1)
    assert ([one["id"] for one in page["imports"]], page["next"]) == ([second], second)
    assert [one["id"] for one in listed(school.methodologist, after=second)["imports"]] == [first["id"]]
    with pytest.raises(Forbidden):
        listed(school.director)


def test_an_import_is_seen_by_its_school_and_by_operators_only(imports, service, school, another_school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    assert imports.status(add_operator(service), import_id)["id"] == import_id
    with pytest.raises(NotFound):
        imports.status(another_school.methodologist, import_id)
    with pytest.raises(NotFound):
        imports.status(school.methodologist, str(uuid7()))
    for someone in (school.director, school.teacher, school.parent):
        with pytest.raises(Forbidden):
            imports.status(someone, import_id)
        with pytest.raises(Forbidden):
            imports.start(someone, SmallBundle().zip())


def test_bundles_are_kept_while_an_import_needs_them_and_a_day_longer(imports, service, school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    key = Place("identity", school.id).key(handed_in(service.files, school.id, SmallBundle().zip()))
    yesterday = (now() - timedelta(days=2)).timestamp()
    os.utime(service.files.folder / key.path, (yesterday, yesterday))
    service.delete_unneeded_bundles()
    assert service.files.size(key)
    with service.unit_of_work.everywhere() as session:
        session.execute(update(bundles_tables.BundleImport).values(finished_at=now()))
    service.delete_unneeded_bundles()
    assert service.files.size(key) is None
    handed_in(service.files, school.id, SmallBundle().zip())
    service.delete_unneeded_bundles()
    assert service.files.size(key), "it was handed in just now"
    assert imports.status(school.methodologist, import_id)["finished_at"]


def test_an_import_that_nothing_ends_is_given_up_after_a_day(imports, service, school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    imports.check()
    service.give_up_old_imports()
    assert imports.status(school.methodologist, import_id)["status"] == "writing"
    with service.unit_of_work.everywhere() as session:
        session.execute(update(bundles_tables.BundleImport).values(started_at=now() - timedelta(days=2)))
    service.give_up_old_imports()
    ended = imports.status(school.methodologist, import_id)
    assert (ended["status"], [fault["rule"] for fault in ended["faults"]]) == ("failed", ["given-up"])
    assert school.count(bundles_tables.ImportPage) == 0
    with pytest.raises(Conflict):  # the gradebook must not take pages that are gone for a school without courses
        call(service, Bundles.import_part, school.gradebook(), import_id=import_id, kind="courses")
