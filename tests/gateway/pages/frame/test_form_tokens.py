"""Forms end with the session that their page was shown in; what was typed into one's own does not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.door.form_tokens import LARGEST, MOST_FIELDS
from kernel.auth import Actor
from tests.gateway.site import CSRF, Site, SiteTemplate, csrf
from tests.kit.people import PASSWORD
from tests.kit.town import School

OURS = {"Sec-Fetch-Site": "same-origin"}


class Fields(HTMLParser):
    """The hidden fields of the forms in a page's content."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(page.partition("<main")[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a hidden field."""
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden":
            self.found[str(given["name"])] = given["value"] or ""


@pytest.fixture
def path(school: School) -> str:
    """A page with a form: the column of today's lesson."""
    return f"/lessons/{school.lesson}/marks"


def typed(school: School, client: FlaskClient, path: str) -> dict[str, str]:
    """A five for Anna, typed into the form of the page, and not sent yet."""
    return {**Fields(client.get(path).text).found, f"value-{school.anna.person_id}": "5"}


def marks(door: Site, school: School) -> list[str]:
    """The marks of today's lesson."""
    (year,) = door.asking(school.teacher).get("/calendar").json["years"]
    page = door.asking(school.teacher).get(f"/courses/{school.algebra}/journal?term_id={year['terms'][0]['id']}")
    return [mark["value"] for mark in page.json["marks"]]


def sign_in(door: Site, client: FlaskClient, who: Actor) -> None:
    form = {"login": door.login(who), "password": PASSWORD, "csrf_token": csrf(client, "/login")}
    assert client.post("/login", data=form).status_code == 303


def sign_out(client: FlaskClient) -> None:
    assert client.post("/logout", data={"csrf_token": csrf(client, "/day")}).status_code == 303


def expire(door: Site, client: FlaskClient, who: Actor) -> None:
    client.set_cookie("access", door.token(who, seconds=-1))


def test_a_page_left_open_overnight_still_works_while_its_session_lives(door: Site, school: School, path: str) -> None:
    client = door.visit(school.teacher)
    form = typed(school, client, path)
    expire(door, client, school.teacher)
    client.delete_cookie("lyceum_forms")  # the browser was started anew
    assert client.post(path, data=form).status_code == 303
    assert marks(door, school) == ["5"]


def test_a_form_of_another_s_session_is_refused_without_showing_what_was_typed(
    door: Site, school: School, path: str
) -> None:
    client = door.visit(school.teacher)
    form = {**typed(school, client, path), "comment": "между нами"}
    sign_out(client)
    sign_in(door, client, school.other_teacher)
    answer = client.post(path, data=form, headers=OURS)
    assert answer.status_code == 409
    assert "вошёл другой человек" in answer.text
    assert "между нами" not in answer.text
    assert marks(door, school) == []


@pytest.mark.parametrize("by", ["signing out", "expiring"])
def test_a_form_of_an_earlier_session_of_one_s_own_is_given_back_to_be_sent_again(
    door: Site, school: School, path: str, by: str
) -> None:
    client = door.visit(school.teacher)
    form = typed(school, client, path)
    if by == "signing out":
        sign_out(client)
    else:
        client.delete_cookie("access")
        client.delete_cookie("refresh")
    sign_in(door, client, school.teacher)
    refused = client.post(path, data=form, headers=OURS)
    assert refused.status_code == 400
    assert "ещё не сохранено" in refused.text
    assert f'action="{path}"' in refused.text
    assert marks(door, school) == []
    given_back = Fields(refused.text).found
    assert given_back == {**form, "csrf_token": given_back["csrf_token"]}
    assert client.post(path, data=given_back, headers=OURS).status_code == 303
    assert marks(door, school) == ["5"]


def test_what_was_typed_while_the_session_ended_is_saved_after_signing_in_again(
    door: Site, school: School, path: str
) -> None:
    client = door.visit(school.teacher)
    form = typed(school, client, path)
    client.delete_cookie("access")
    client.delete_cookie("refresh")
    refused = client.post(path, data=form, headers=OURS)
    assert refused.status_code == 401
    assert 'href="/login"' in refused.text
    sign_in(door, client, school.teacher)
    refused = client.post(path, data=Fields(refused.text).found, headers=OURS)
    assert refused.status_code == 400
    assert client.post(path, data=Fields(refused.text).found, headers=OURS).status_code == 303
    assert marks(door, school) == ["5"]


@pytest.mark.parametrize("unfit", ["another site's", "very large", "of very many fields"])
def test_without_a_session_only_a_plain_form_of_our_own_is_given_back(
    door: Site, school: School, path: str, unfit: str
) -> None:
    client = door.visit(school.teacher)
    form, headers = typed(school, client, path), OURS
    client.delete_cookie("access")
    client.delete_cookie("refresh")
    if unfit == "another site's":
        headers = {"Sec-Fetch-Site": "same-site"}
    elif unfit == "very large":
        form["comment"] = "x" * LARGEST
    else:
        form |= {f"field-{number}": "" for number in range(MOST_FIELDS)}
    away = client.post(path, data=form, headers=headers)
    assert (away.status_code, away.headers["Location"]) == (303, "/login")


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}]
)
def test_a_form_that_another_site_may_have_sent_is_not_given_back(
    door: Site, school: School, path: str, headers: dict[str, str]
) -> None:
    client = door.visit(school.teacher)
    form = {**typed(school, client, path), "csrf_token": "made up"}
    refused = client.post(path, data=form, headers=headers)
    assert refused.status_code == 400
    assert Fields(refused.text).found == {}


@pytest.mark.parametrize("without", ["account", "text"])
def test_nor_is_one_that_names_no_account_or_holds_a_file(door: Site, school: School, without: str) -> None:
    client = door.visit(school.methodologist)
    form: dict[str, Any] = {**Fields(client.get("/import").text).found, "csrf_token": "made up"}
    if without == "account":
        del form["account"]
    else:
        form["bundle"] = (io.BytesIO(b"PK"), "school.zip")
    refused = client.post("/import", data=form, headers=OURS)
    assert refused.status_code == 400
    assert Fields(refused.text).found == {}


def test_a_password_is_not_given_back(door: Site, school: School) -> None:
    client = door.app.test_client()
    form = {"login": door.login(school.teacher), "password": PASSWORD, "csrf_token": "made up"}
    refused = client.post("/login", data=form, headers=OURS)
    assert refused.status_code == 400
    assert PASSWORD not in refused.text


def test_a_planted_cookie_with_its_token_opens_nothing(door: Site, school: School, path: str) -> None:
    """Another site of the same domain can set cookies here, such as those that an attacker got with an own page."""
    victim, attacker = door.visit(school.teacher), door.visit(school.mother)
    token = csrf(attacker, "/diary/" + str(school.anna.person_id))
    planted = attacker.get_cookie("lyceum_forms")
    assert planted is not None
    form = {**typed(school, victim, path), "csrf_token": token}
    victim.set_cookie("lyceum_forms", planted.value)
    assert victim.post(path, data=form).status_code == 400
    assert marks(door, school) == []


def test_tokens_of_the_sign_in_page_and_of_a_session_are_of_no_use_to_each_other(
    door: Site, school: School, path: str
) -> None:
    client = door.app.test_client()
    before = csrf(client, "/login")
    sign_in(door, client, school.teacher)
    form = typed(school, client, path)
    assert client.post(path, data={**form, "csrf_token": before}).status_code == 400
    sign_out(client)
    for token in (before, form["csrf_token"]):
        again = {"login": door.login(school.teacher), "password": PASSWORD, "csrf_token": token}
        assert client.post("/login", data=again).status_code == 400


@pytest.fixture
def by_https(sites: SiteTemplate, tmp_path: Path) -> Iterator[Site]:
    (folder := tmp_path / "https").mkdir()
    with sites.site(folder, public_url="https://school.example") as made:
        yield made


def test_s19_by_https_no_other_host_can_set_any_cookie_and_none_goes_out_in_clear(by_https: Site) -> None:
    client, there = by_https.app.test_client(), {"base_url": "https://school.example"}
    first = client.get("/login", **there)
    found = CSRF.search(first.text)
    assert found
    form = {
        "login": by_https.login(by_https.school.teacher), "password": PASSWORD, "own_device": "1",
        "csrf_token": found[1],
    }  # fmt: skip
    signed_in = client.post("/login", data=form, headers={"Referer": "https://school.example/login"}, **there)
    assert signed_in.status_code == 303
    answers = (first, client.get("/language/en", **there), signed_in)
    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    names = {cookie.partition("=")[0] for cookie in cookies}
    assert names == {f"__Host-{name}" for name in ("lyceum_forms", "language", "access", "refresh", "stay", "device")}
    for cookie in cookies:
        for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
            assert part in cookie.split("; "), cookie
        assert "Domain" not in cookie
    assert client.get("/", **there).status_code == 303
