"""Text is sent compressed to who takes it; static files are kept by browsers as long as they stay the same."""

from __future__ import annotations

import gzip
import posixpath
import re
from typing import Any

import pytest

from gateway.door.compression import FOREVER, LEAST
from tests.gateway.site import Site
from tests.kit.people import id_of
from tests.kit.town import School

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
LINK = re.compile(r'(?:href|src)="(/(?:static|bootstrap/static|modules)/[^"]+)"')
IMPORT = re.compile(r'^(?:import|export) .*?from "(\.[^"]+)"', re.MULTILINE)
#: Bytes over the wire for a first visit, which has nothing in its cache.
COLD_PAGE = 60_000
#: Of the journal all but the page itself, which is up to 25 kB for a class's term.
JOURNAL_FILES = 75_000


def same(compressed: Any, plain: Any) -> bool:
    return gzip.decompress(compressed.data) == plain.data


def test_a_page_is_compressed_for_a_browser_that_takes_it_and_for_no_other(door: Site, school: School) -> None:
    page, mother = f"/marks/{id_of(school.anna)}", door.visit(school.mother)
    answers = [mother.get(page, headers=headers) for headers in (GZIP, {}, {"Accept-Encoding": "gzip;q=0"})]
    assert [answer.headers.get("Content-Encoding") for answer in answers] == ["gzip", None, None]
    assert len(answers[0].data) < len(answers[1].data) / 2
    assert int(answers[0].headers["Content-Length"]) == len(answers[0].data)
    for answer in answers:
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert "Cookie" in answer.headers["Vary"]


def test_json_is_compressed_but_not_where_its_version_names_it(door: Site, school: School) -> None:
    teacher = door.asking(school.teacher, **GZIP)
    journal = teacher.get(f"/courses/{school.algebra}/journal?term_id={_term(teacher)}")
    assert journal.headers["Content-Encoding"] == "gzip"
    assert len(gzip.decompress(journal.data)) >= LEAST
    lesson = teacher.get(f"/lessons/{school.lesson}")
    assert lesson.headers["ETag"]
    assert "Content-Encoding" not in lesson.headers


def test_what_another_site_asks_for_is_not_compressed(door: Site, school: School) -> None:
    page, mother = f"/marks/{id_of(school.anna)}", door.visit(school.mother)
    answer = mother.get(page, headers={**GZIP, "Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_a_static_file_is_kept_forever_at_the_address_of_its_content_only(door: Site) -> None:
    client = door.app.test_client()
    links = LINK.findall(client.get("/login").text)
    assert len(links) >= 3
    for link in links:
        found = client.get(link, headers=GZIP, buffered=True)
        assert (found.status_code, found.headers["Cache-Control"]) == (200, FOREVER), link
        for other in (link.partition("?")[0], link[:-1] + ("0" if link[-1] != "0" else "1")):
            assert client.get(other, buffered=True).headers["Cache-Control"] != FOREVER


@pytest.mark.parametrize("path", ["/static/nothing.css?v=000000000000", "/static/../app.py?v=000000000000"])
def test_a_file_that_is_not_there_is_not_found(door: Site, path: str) -> None:
    answer = door.app.test_client().get(path, headers=GZIP)
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] != FOREVER


def test_a_static_file_comes_compressed_and_is_the_file(door: Site) -> None:
    client = door.app.test_client()
    (styles,) = [link for link in LINK.findall(client.get("/login").text) if "bootstrap" in link]
    compressed, plain = client.get(styles, headers=GZIP, buffered=True), client.get(styles, buffered=True)
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert same(compressed, plain)
    again = client.get(styles, headers={**GZIP, "If-None-Match": plain.headers["ETag"]}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == FOREVER
    assert compressed.headers["ETag"] == f"W/{plain.headers['ETag']}", "other bytes of the same meaning"
    assert "Accept-Ranges" not in compressed.headers


def test_scripts_that_load_one_another_are_kept_forever_at_their_common_version(door: Site, school: School) -> None:
    teacher = door.visit(school.teacher)
    page = teacher.get(f"/journal/{school.algebra}", follow_redirects=True).text
    scripts = re.findall(r'<link rel="modulepreload" href="([^"]+)"', page)
    start = re.search(r'<script type="module" src="(/modules/[^"]+/journal/start.js)"', page)
    assert start
    assert start[1] in scripts
    assert len(scripts) > 10
    client = door.app.test_client()
    for script in scripts:
        found = client.get(script, headers=GZIP, buffered=True)
        assert (found.status_code, found.headers["Cache-Control"]) == (200, FOREVER), script
        text = client.get(script, buffered=True).text
        names = re.findall(r'(?:from|import\() ?"(\.[^"]+)"', text)
        assert {posixpath.normpath(posixpath.join(posixpath.dirname(script), one)) for one in names} <= {*scripts}
    other = re.sub("/modules/[^/]+/", "/modules/000000000000/", start[1])
    assert client.get(other, buffered=True).headers["Cache-Control"] != FOREVER
    for missing in ("journal/nothing.js", "lyceum.css", "../app.py"):
        assert client.get(f"/modules/000000000000/{missing}").status_code == 404


def test_a_first_visit_costs_little(door: Site, school: School) -> None:
    mother = door.visit(school.mother)
    page = mother.get(f"/marks/{id_of(school.anna)}", headers=GZIP)
    links = set(LINK.findall(gzip.decompress(page.data).decode()))
    scripts = [link for link in links if link.endswith(".js")]
    assert scripts
    for script in scripts:  # it grows: what is imported is fetched too
        names = IMPORT.findall(mother.get(script, buffered=True).text)
        found = {posixpath.normpath(posixpath.join(posixpath.dirname(script), one)) for one in names}
        scripts += sorted(found - {*scripts})
    files = [mother.get(link, headers=GZIP, buffered=True) for link in links | {*scripts}]
    assert len(files) >= 3
    assert len(page.data) + sum(len(file.data) for file in files) < COLD_PAGE


def test_the_files_of_the_journals_grid_cost_little(door: Site, school: School) -> None:
    teacher = door.visit(school.teacher)
    page = teacher.get(f"/journal/{school.algebra}", follow_redirects=True).text
    links = {*re.findall(r'(?:href|src)="(/(?:static|bootstrap/static|modules)/[^"]+)"', page)}
    sizes = {link: len(teacher.get(link, headers=GZIP, buffered=True).data) for link in links}
    assert sum(sizes.values()) < JOURNAL_FILES, sizes


def _term(teacher: Any) -> str:
    return str(teacher.get("/calendar").get_json()["years"][0]["terms"][0]["id"])
