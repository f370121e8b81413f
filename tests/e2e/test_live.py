"""An import of twenty thousand results in the browser: live, stopped, resumed; and forty pages that follow."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import requests
from playwright.sync_api import Browser, Page, expect
from uuid_utils.compat import uuid7

from cli.upkeep import unit_of_work
from kernel import config
from kernel.clock import now
from kernel.waiting import eventually
from services.identity.bundles.recording.imports import IMPORTS
from services.identity.bundles.tables import BundleImport
from tests.browser.conftest import DESKTOP
from tests.e2e.bundles import many_results
from tests.e2e.stack import Stack, password_in

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]

RESULTS = 20_000
PATIENCE = 120
#: Pages that are open at once, and accounts that have them open: an account follows eight at most.
PAGES, OPERATORS = 40, 5


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bundle") / "school.zip"
    path.write_bytes(many_results(RESULTS).packed)
    return path


@pytest.fixture(scope="module")
def small_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that is checked within seconds."""
    path = tmp_path_factory.mktemp("bundle") / "school.zip"
    path.write_bytes(many_results(RESULTS // 10).packed)
    return path


@pytest.fixture
def page(stack: Stack, browser: Browser) -> Iterator[Page]:
    """A page at which the operator of the installation has signed in."""
    context = browser.new_context(viewport=DESKTOP, locale="ru-RU")  # type: ignore[arg-type]  # a size
    context.set_default_timeout(PATIENCE * 1000)
    made = context.new_page()
    made.goto(f"{stack.address}/login")
    for name, value in stack.demo_login("operator").items():
        made.fill(f"[name={name}]", value)
    made.press("[name=password]", "Enter")
    made.wait_for_url(re.compile("/import$"))
    yield made
    context.close()


def done_so_far(page: Page) -> int:
    """How many marks the page says are written."""
    shown = page.locator("[data-job-done]")
    return int(re.sub(r"\D", "", shown.inner_text(timeout=1000)) or 0) if shown.count() else 0


def look(page: Page, name: str, stack: Stack) -> None:
    """A screenshot, beside the data of the stack."""
    page.screenshot(path=stack.data / f"{name}.png", full_page=True)


@pytest.mark.browser
def test_an_import_is_followed_stopped_and_resumed_in_the_browser(stack: Stack, page: Page, bundle: Path) -> None:
    followed: list[str] = []
    page.on("request", lambda sent: followed.append(sent.url) if "/live/" in sent.url else None)
    page.set_input_files("#bundle", bundle)
    page.get_by_role("button", name="Загрузить").click()
    page.wait_for_url(re.compile("/import/.+"))
    state = page.locator("#state")
    eventually(lambda: done_so_far(page) > 0, PATIENCE, "the page counts marks")
    look(page, "live-running", stack)
    page.get_by_role("button", name="Остановить").click()
    expect(state).to_contain_text("остановлен", timeout=PATIENCE * 1000)
    written = done_so_far(page)
    assert 0 < written < RESULTS
    look(page, "live-stopped", stack)
    page.reload()
    assert done_so_far(page) == written, "F5 shows the same"
    page.get_by_role("button", name="Продолжить").click()
    expect(state).to_contain_text("завершена", timeout=PATIENCE * 1000)
    look(page, "live-done", stack)
    report = stack.demo("operator").get(f"/imports/{page.url.rpartition('/')[2]}")
    (marks,) = [one for one in report["counts"] if one["kind"] == "marks"]
    # other tests have imported the school's own results before: they are not in this bundle, and are taken back
    assert marks["created"] + marks["unchanged"] == RESULTS
    assert (marks["changed"], report["faults"]) == (0, [])
    assert followed, "a stream was opened"


@pytest.mark.browser
@pytest.mark.parametrize("lost", ["**/live/**", "**/api/v1/imports/*"], ids=["no stream", "no answers"])
def test_a_stream_and_answers_each_suffice_to_follow_an_import(
    stack: Stack, page: Page, small_bundle: Path, lost: str
) -> None:
    page.route(lost, lambda route: route.abort())
    page.set_input_files("#bundle", small_bundle)
    page.get_by_label(re.compile("проверить")).check()
    page.get_by_role("button", name="Загрузить").click()
    expect(page.locator("#state")).to_contain_text("завершена", timeout=PATIENCE * 1000)


@pytest.fixture
def waiting(stack: Stack) -> Iterator[UUID]:
    """An import that waits for as long as the test goes on."""
    identity, import_id = unit_of_work(config.load(stack.environment), "identity"), uuid7()
    with identity.everywhere() as session:
        session.add(BundleImport(id=import_id, file_name="school.zip", dry_run=True, status="waiting",
                                 started_at=now(), faults=[]))  # fmt: skip
        session.flush()
        IMPORTS.postpone(session, IMPORTS.add(session, import_id, None), seconds=3600)
    yield import_id
    with identity.everywhere() as session:
        IMPORTS.ask_to_stop(session, import_id)
    identity.engine.dispose()


def test_forty_pages_that_follow_do_not_slow_the_door(stack: Stack, waiting: UUID) -> None:
    operators = [operator(stack) for _ in range(OPERATORS)]
    me = stack.demo("operator")

    def door() -> float:
        """Seconds of a request, in the middle of some."""
        return statistics.median(timed(lambda: me.get(f"/imports/{waiting}")) for _ in range(30))

    before = door()
    with ExitStack() as streams:
        followed = [stream(streams, stack, operators[number % OPERATORS], waiting) for number in range(PAGES)]
        lines = [next(lines) for lines in followed]
        assert {line.partition(b":")[0] for line in lines} == {b"retry"}
        refused = requests.get(
            live_of(stack, operators[0], waiting), cookies=operators[0].cookies.get_dict(), timeout=20
        )
        assert (refused.status_code, refused.json()["rule"]) == (503, "too-many-streams")
        assert door() < max(3 * before, 0.1)
        assert requests.get(f"{stack.address}/health/ready", timeout=5).status_code == 200


def timed(ask: Any) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def operator(stack: Stack) -> requests.Session:
    """A browser of one more operator."""
    login, password = password_in(stack.lyceum("operator", "create", f"operator-{uuid7().hex[-8:]}"))
    stack.login(login, password)  # pages open once the issued password is replaced
    password = stack.replaced[login, password]
    browser = requests.Session()
    form = browser.get(f"{stack.address}/login", timeout=20).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token is not None
    answer = browser.post(
        f"{stack.address}/login", data={"login": login, "password": password, "csrf_token": token[1]}, timeout=20
    )
    assert answer.status_code == 200, answer.text
    return browser


def live_of(stack: Stack, browser: requests.Session, import_id: UUID) -> str:
    """The address of the stream, as the page names it."""
    page = browser.get(f"{stack.address}/import/{import_id}", timeout=20)
    found = re.search(r'data-live="([^"]+)"', page.text)
    assert found is not None, page.text
    return found[1]


def stream(streams: ExitStack, stack: Stack, browser: requests.Session, import_id: UUID) -> Iterator[bytes]:
    """The lines of an open stream."""
    address = live_of(stack, browser, import_id)
    answer = requests.get(address, cookies=browser.cookies.get_dict(), stream=True, timeout=20)
    streams.callback(answer.close)
    assert answer.status_code == 200, answer.text
    lines: Iterator[bytes] = answer.iter_lines()
    return lines


def test_the_stream_of_a_session_that_signs_out_ends(stack: Stack, waiting: UUID) -> None:
    someone = operator(stack)
    with ExitStack() as streams:
        lines = stream(streams, stack, someone, waiting)
        assert next(lines).startswith(b"retry")
        page = someone.get(f"{stack.address}/import/{waiting}", timeout=20)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert token is not None
        someone.post(f"{stack.address}/logout", data={"csrf_token": token[1]}, timeout=20)
        began = time.monotonic()
        for _line in lines:
            assert time.monotonic() - began < 30
