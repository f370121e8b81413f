"""A small OneRoster bundle that tests change a little."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any, Self

from tests.kit.people import TODAY

FILES = (
    "academicSessions", "categories", "classes", "courses", "demographics", "enrollments", "lineItems", "orgs",
    "results", "roles", "users",
)  # fmt: skip


class SmallBundle:
    """Two classes (8А with Anna and Boris, 8Б with Vera), algebra for 8А, one control work, a mother, two teachers."""

    def __init__(self, org: str = "org-1", version: str = "1.1") -> None:
        self.org = org
        self.manifest = {"manifest.version": "1.0", "oneroster.version": version}
        self.tables: dict[str, list[dict[str, str]]] = {}
        self.raw: dict[str, bytes] = {}
        self.add("orgs", sourcedId=org, name="Школа", type="school", identifier=f"code-{org}")
        self._add_year()
        self._add_people()
        self._add_classes()
        self._add_grades()

    def add(self, file: str, **cells: str) -> Self:
        """A row more."""
        self.tables.setdefault(file, []).append(cells)
        return self

    def row(self, file: str, source_id: str) -> dict[str, str]:
        """A row, to be changed."""
        return next(row for row in self.tables[file] if row["sourcedId"] == source_id)

    def drop(self, file: str, *source_ids: str) -> Self:
        """Without these rows."""
        self.tables[file] = [row for row in self.tables[file] if row["sourcedId"] not in source_ids]
        return self

    def without(self, file: str) -> Self:
        """Without a file."""
        del self.tables[file]
        return self

    def zip(self) -> bytes:
        """The bundle as it is handed in; `raw` replaces files."""
        states = {f"file.{name}": "bulk" if name in self.tables else "absent" for name in FILES}
        manifest = [{"propertyName": k, "value": v} for k, v in {**states, **self.manifest}.items()]
        files = {f"{name}.csv": written(rows) for name, rows in self.tables.items()}
        return zipped({"manifest.csv": written(manifest), **files, **self.raw})

    def _add_year(self) -> None:
        common = {"schoolYear": "2027"}
        self.add(
            "academicSessions", sourcedId="y", title="2026/2027", type="schoolYear", startDate="2026-09-01",
            endDate="2027-08-31", parentSourcedId="", **common,
        )  # fmt: skip
        self.add(
            "academicSessions", sourcedId="t1", title="I", type="term", startDate="2026-09-01",
            endDate="2026-12-31", parentSourcedId="y", **common,
        )  # fmt: skip

    def user(self, source_id: str, role: str, name: str, **more: str) -> Self:
        """A user of the bundle's school."""
        family_name, given_name = name.split()
        return self.add(
            "users",
            **{
                "sourcedId": source_id, "status": "", "enabledUser": "true", "orgSourcedIds": self.org,
                "role": role, "username": f"{self.org}.{source_id}", "givenName": given_name,
                "familyName": family_name, "middleName": "", "email": "", "sms": "", "phone": "",
                "agentSourcedIds": "", "grades": "", **more,
            },
        )  # fmt: skip

    def _add_people(self) -> None:
        self.user("anna", "student", "Смирнова Анна", agentSourcedIds="mother")
        self.user("boris", "student", "Кузнецов Борис")
        self.user("vera", "student", "Попова Вера")
        self.user("mother", "parent", "Смирнова Ольга", email="mother@example.org")
        self.user("lead", "teacher", "Волков Тимур").user("other", "teacher", "Зайцева Нина")
        self.user("admin", "administrator", "Быкова Мила")

    def klass(self, source_id: str, title: str, kind: str, **more: str) -> Self:
        """A class of the bundle's school."""
        cells = {
            "sourcedId": source_id, "title": title, "grades": "", "courseSourcedId": "alg", "classType": kind,
            "schoolSourcedId": self.org, "termSourcedIds": "t1",
        }  # fmt: skip
        return self.add("classes", **{**cells, **more})

    def enrol(self, source_id: str, klass: str, user: str, role: str = "student", **more: str) -> Self:
        """An enrolment."""
        cells = {
            "sourcedId": source_id, "classSourcedId": klass, "schoolSourcedId": self.org,
            "userSourcedId": user, "role": role, "primary": "false", "beginDate": "", "endDate": "",
        }  # fmt: skip
        return self.add("enrollments", **{**cells, **more})

    def _add_classes(self) -> None:
        self.add("courses", sourcedId="alg", schoolYearSourcedId="y", title="Алгебра", orgSourcedId=self.org)
        self.klass("8a", "8А", "homeroom").klass("8b", "8Б", "homeroom")
        self.klass("alg-8a", "Алгебра 8А", "scheduled")
        self.enrol("e1", "8a", "anna").enrol("e2", "8a", "boris").enrol("e3", "8b", "vera")
        self.enrol("e4", "8a", "lead", "teacher", primary="true")
        self.enrol("e5", "alg-8a", "anna").enrol("e6", "alg-8a", "boris")
        self.enrol("e7", "alg-8a", "other", "teacher")

    def _add_grades(self) -> None:
        self.add("categories", sourcedId="control", title="Контрольная работа")
        self.add(
            "lineItems", sourcedId="li", title="Дроби", assignDate="2026-09-10", dueDate="2026-09-11",
            classSourcedId="alg-8a", categorySourcedId="control", resultValueMin="1", resultValueMax="5",
        )  # fmt: skip
        self.result("r1", "anna", "5.00").result("r2", "boris", "4")

    def result(self, source_id: str, student: str, score: str, **more: str) -> Self:
        """A result in the control work."""
        cells = {
            "sourcedId": source_id, "lineItemSourcedId": "li", "studentSourcedId": student,
            "scoreStatus": "fully graded", "score": score, "scoreDate": "2026-09-12", "comment": "",
        }  # fmt: skip
        return self.add("results", **{**cells, **more})


class OpenBundle(SmallBundle):
    """The same with a term that has not ended, in which teachers may write, whenever the tests run."""

    def __init__(self) -> None:
        super().__init__()
        self.row("academicSessions", "t1")["endDate"] = (TODAY + timedelta(days=30)).isoformat()


class Delta:
    """A bundle that says only what has changed: rows of files, each of which is a delta unless it is said otherwise."""

    def __init__(self, version: str = "1.1") -> None:
        self.manifest = {"manifest.version": "1.0", "oneroster.version": version}
        self.tables: dict[str, list[dict[str, str]]] = {}

    def put(self, file: str, row: dict[str, str], **changed: str) -> Self:
        """A row that is new or changed."""
        said = {"sourcedId": "", "status": "active", "dateLastModified": "2026-11-01T08:00:00Z"}
        cells = {name: cell for name, cell in row.items() if name != "status"}
        self.tables.setdefault(file, []).append({**said, **cells, **changed})
        return self

    def delete(self, file: str, *source_ids: str) -> Self:
        """Rows that are to be deleted; what they were is not said."""
        for source_id in source_ids:
            names = SmallBundle().tables.get(file, [{}])[0]
            self.put(file, {**dict.fromkeys(names, ""), "sourcedId": source_id}, status="tobedeleted")
        return self

    def zip(self) -> bytes:
        """The bundle as it is handed in."""
        states = {f"file.{name}": "delta" if name in self.tables else "absent" for name in FILES}
        manifest = [{"propertyName": k, "value": v} for k, v in {**states, **self.manifest}.items()]
        files = {f"{name}.csv": written(rows) for name, rows in self.tables.items()}
        return zipped({"manifest.csv": written(manifest), **files})


#: (sourcedId, first day, last day) of the sessions of `lyceum`.
QUARTERS = (("q1", "2026-09-01", "2026-10-31"), ("q2", "2026-11-05", "2026-12-30"))
HALF_YEARS = (("h1", "2026-09-01", "2026-12-30"), ("h2", "2027-01-11", "2027-05-31"))


def lyceum(of_10a: str = "h1,h2", name: str = "10А", **homeroom: str) -> SmallBundle:
    """A school that goes by quarters, and with 10А by half-years; a work of 10А on 5 October."""
    bundle = SmallBundle().drop("academicSessions", "t1")
    for kind, sessions in (("term", QUARTERS), ("semester", HALF_YEARS)):
        for source_id, starts, ends in sessions:
            session(bundle, source_id, kind, starts, ends)
    for row in bundle.tables["classes"]:
        row["termSourcedIds"] = "q1,q2"
    bundle.klass("10a", name, "homeroom", **{"termSourcedIds": "y", **homeroom})
    bundle.klass("alg-10a", "Алгебра 10А", "scheduled", termSourcedIds=of_10a)
    bundle.enrol("e10", "10a", "vera").drop("enrollments", "e3").enrol("e11", "alg-10a", "vera")
    return bundle.add(
        "lineItems", sourcedId="li10", title="Корни", assignDate="2026-10-05", dueDate="2026-10-05",
        classSourcedId="alg-10a", categorySourcedId="control", resultValueMin="1", resultValueMax="5",
    )  # fmt: skip


def session(bundle: SmallBundle, source_id: str, kind: str, starts: str, ends: str, title: str = "") -> None:
    bundle.add(
        "academicSessions", sourcedId=source_id, title=title or source_id, type=kind, startDate=starts, endDate=ends,
        parentSourcedId="y", schoolYear="2027",
    )  # fmt: skip


def written(rows: list[dict[str, Any]]) -> bytes:
    """Rows as a CSV file."""
    names = list(dict.fromkeys(name for row in rows for name in row)) or ["sourcedId"]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def zipped(files: dict[str, bytes]) -> bytes:
    """Files in a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()
