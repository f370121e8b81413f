"""What a browser lets pages send to the API with the session's cookies: ours may, those of another origin may not."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from contracts.gradebook.marks import Marks
from kernel.waiting import eventually
from tests.browser.conftest import Visitor
from tests.gateway.site import Site
from tests.kit.people import PASSWORD
from tests.kit.town import School

#: Sends a request as a page's script does; tells the status, or None where the browser keeps the answer to itself.
SEND = """
([address, options]) => fetch(address, options).then((answer) => answer.status || null, () => null)
"""
#: Sends a form with a file in it, as a click on a button would.
SEND_FORM = """
(address) => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", enctype: "multipart/form-data", action: address });
  const input = Object.assign(document.createElement("input"), { type: "file", name: "bundle" });
  const chosen = new DataTransfer();
  chosen.items.add(new File(["PK"], "school.zip"));
  input.files = chosen.files;
  form.append(input);
  document.body.append(form);
  form.submit();
}
"""


@dataclass(frozen=True)
class Heard:
    """A request as the door heard it."""

    asked: str
    with_cookies: bool
    sender: str | None
    status: int


@dataclass
class Listening:
    """An application that remembers what it is asked."""

    app: Any
    heard: list[Heard] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Pass the request on."""

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
            cookies = "access=" in environ.get("HTTP_COOKIE", "")
            self.heard.append(Heard(asked, cookies, environ.get("HTTP_SEC_FETCH_SITE"), int(status[:3])))
            return start_response(status, headers, *more)

        answer: Iterable[bytes] = self.app(environ, start)
        return answer

    def to(self, asked: str) -> Heard:
        """The one request of this kind, once it is there."""
        found = eventually(lambda: [one for one in self.heard if one.asked == asked], 10, asked)
        (one,) = found
        return one


@contextmanager
def served(app: Any) -> Iterator[int]:
    """The port at which the application answers within the block."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def listening(door: Site) -> Listening:
    return Listening(door.app)


@pytest.fixture(scope="module")
def address(listening: Listening) -> Iterator[str]:
    with served(listening) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def other_port() -> Iterator[int]:
    """Where a page that is not ours lies."""

    def empty_page(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"<!doctype html><title>another site</title><link rel=icon href='data:,'>"]

    with served(empty_page) as port:
        yield port


@pytest.fixture(autouse=True)
def _heard_nothing_yet(listening: Listening) -> None:
    listening.heard.clear()


def marks_posted(door: Site) -> int:
    """How often the gradebook was asked to set a mark."""
    return sum(method == repr(Marks.post_mark) for method, _ in door.bus.calls)


def request(school: School, account: object, media_type: str = "application/json", **more: Any) -> dict[str, Any]:
    """A mark for Anna as options of `fetch`."""
    body = f'{{"lesson_id": "{school.lesson}", "student_id": "{school.anna.person_id}", "value": "4"}}'
    headers = {"Content-Type": media_type} | ({"Lyceum-Account": str(account)} if account else {})
    return {"method": "POST", "headers": headers, "body": body, **more}


def test_our_page_writes_by_its_cookies_and_only_for_its_own_account(
    visitor: Visitor, school: School, listening: Listening
) -> None:
    page = visitor.sign_in(school.teacher)
    address = f"{visitor.address}/api/v1/marks"
    stale = request(school, school.other_teacher.account_id)
    assert page.evaluate(SEND, [address, stale]) == 409
    listening.heard.clear()
    account = page.evaluate("document.body.dataset.account")
    before = marks_posted(visitor.door)
    assert page.evaluate(SEND, [address, request(school, account)]) == 201
    assert marks_posted(visitor.door) == before + 1
    assert listening.to("POST /api/v1/marks") == Heard("POST /api/v1/marks", True, "same-origin", 201)
    visitor.complaints.clear()  # the browser notes the status 409


def test_what_was_typed_while_the_session_ended_is_sent_again_by_a_click(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.teacher)
    page = visitor.goto(f"/lessons/{school.lesson}/marks")
    page.fill(f"[name='value-{school.boris.person_id}']", "3")
    page.context.clear_cookies()
    page.get_by_role("button", name="Сохранить отметки").click()
    again = page.get_by_role("button", name="Отправить ещё раз")
    expect(page.locator("main")).to_contain_text("войдите и отправьте его ещё раз")
    assert visitor.barriers_on_every_device("form-given-back-signed-out") == []
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Войти в другой вкладке").click()
    other_tab = opened.value
    other_tab.fill("#login", visitor.door.login(school.teacher))
    other_tab.fill("#password", PASSWORD)
    other_tab.click("main button")
    expect(other_tab).to_have_url(re.compile("/day$"))
    again.click()
    expect(page.locator("main")).to_contain_text("вы вошли заново")
    assert visitor.barriers_on_every_device("form-given-back") == []
    again.click()
    expect(page.get_by_role("status")).to_have_text("Выставлено отметок: 1.")
    visitor.complaints.clear()  # the browser notes the statuses 400 and 401


def test_whoever_comes_back_to_a_page_learns_that_its_session_is_over_or_another_s(
    visitor: Visitor, school: School, listening: Listening
) -> None:
    visitor.sign_in(school.teacher)
    page = visitor.goto(f"/lessons/{school.lesson}/marks")
    page.fill(f"[name='value-{school.vera.person_id}']", "4")
    news = page.get_by_role("alert")
    elsewhere = Visitor(page.context, visitor.address, visitor.door, visitor.free)
    come_back = "document.dispatchEvent(new Event('visibilitychange'))"

    page.evaluate(come_back)
    listening.to("GET /api/v1/session")
    page.context.clear_cookies()
    page.evaluate(come_back)
    expect(news).to_contain_text("Введённое на этой странице не пропало")
    assert visitor.barriers_on_every_device("session-over") == []
    elsewhere.sign_in(school.other_teacher)
    expect(elsewhere.page).to_have_url(re.compile("/day$"))
    page.evaluate(come_back)
    expect(news).to_contain_text("вошёл другой человек")
    elsewhere.page.get_by_role("button", name="Выйти").click()
    expect(elsewhere.page).to_have_url(re.compile("/login"))
    elsewhere.sign_in(school.teacher)
    expect(elsewhere.page).to_have_url(re.compile("/day$"))
    page.evaluate(come_back)
    expect(news).to_have_count(0)
    expect(page.locator(f"[name='value-{school.vera.person_id}']")).to_have_value("4")
    visitor.complaints.clear()  # the browser notes the statuses 401 and 409


@pytest.mark.parametrize(("host", "sender"), [("127.0.0.1", "same-site"), ("localhost", "cross-site")])
@pytest.mark.parametrize("media_type", ["text/plain", "application/json"])
def test_a_page_of_another_origin_writes_nothing(
    visitor: Visitor, school: School, listening: Listening, other_port: int, host: str, sender: str, media_type: str
) -> None:
    visitor.sign_in(school.teacher)
    page: Page = visitor.page
    page.goto(f"http://{host}:{other_port}/")
    before = marks_posted(visitor.door)
    listening.heard.clear()
    simple = media_type == "text/plain"  # what a browser sends without asking the server first
    options = request(
        school, None if simple else school.teacher.account_id, media_type,
        credentials="include", mode="no-cors" if simple else "cors",
    )  # fmt: skip
    assert page.evaluate(SEND, [f"{visitor.address}/api/v1/marks", options]) is None
    if simple:
        cookies = sender == "same-site"  # the cookies are for the site alone, not for the origin
        expected = Heard("POST /api/v1/marks", cookies, sender, 403 if cookies else 401)
        assert listening.to("POST /api/v1/marks") == expected
    else:
        assert listening.to("OPTIONS /api/v1/marks").status == 401
        assert [one.asked for one in listening.heard] == ["OPTIONS /api/v1/marks"]
    assert marks_posted(visitor.door) == before
    visitor.complaints.clear()  # the browser notes that it was refused


def test_a_form_with_a_file_on_a_page_of_another_origin_hands_in_nothing(
    visitor: Visitor, school: School, listening: Listening, other_port: int
) -> None:
    visitor.sign_in(school.methodologist)
    visitor.page.goto(f"http://127.0.0.1:{other_port}/")
    listening.heard.clear()
    visitor.page.evaluate(SEND_FORM, f"{visitor.address}/api/v1/imports")
    expect(visitor.page.locator("body")).to_contain_text("other-site")
    assert listening.to("POST /api/v1/imports") == Heard("POST /api/v1/imports", True, "same-site", 403)
    visitor.complaints.clear()  # the browser notes the status 403
