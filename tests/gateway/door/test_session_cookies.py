"""The session in a browser's cookies, renewed by several doors, over a network that loses answers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from gateway.app import create_app
from services.identity.sessions import tables as sessions_tables
from tests.gateway.in_process import InProcessClient, gateway_settings
from tests.gateway.site import Site, SiteTemplate
from tests.kit.town import School


class Browser:
    """A browser of the teacher's whose access token has expired. It learns of new cookies only where it says so."""

    def __init__(self, door: Site, school: School) -> None:
        signed_in = door.visit(school.teacher).get_cookie("refresh")
        assert signed_in is not None
        self.refresh_token = signed_in.value
        self._expired = door.token(school.teacher, seconds=-1)

    def ask(self, app: Flask, refresh_token: str | None = None) -> tuple[int, str]:
        """The status of a page, and the refresh token that came with it."""
        client = app.test_client()
        client.set_cookie("access", self._expired)
        client.set_cookie("refresh", refresh_token or self.refresh_token)
        status = client.get("/day").status_code
        kept = client.get_cookie("refresh")
        assert kept is not None
        return status, kept.value


@pytest.fixture
def browser(door: Site, school: School) -> Browser:
    return Browser(door, school)


@pytest.fixture
def other_door(door: Site, sites: SiteTemplate) -> Flask:
    """A second gateway before the same services."""
    bus = InProcessClient(door.bus.verifier, door.bus.services)
    return create_app(bus, gateway_settings(sites.folder))


def half_a_minute_passes(door: Site) -> None:
    """Let every exchange of a token have happened 35 seconds earlier."""
    with door.town.identity.unit_of_work.everywhere() as session:
        for token in session.scalars(select(sessions_tables.RefreshToken)):
            token.used_at = token.used_at and token.used_at - timedelta(seconds=35)


def test_a_lost_answer_does_not_end_the_session_at_whichever_door_the_browser_asks_again(
    door: Site, other_door: Flask, browser: Browser
) -> None:
    assert browser.ask(door.app)[0] == 200  # lost on its way
    half_a_minute_passes(door)
    assert browser.ask(door.app)[0] == 200  # lost too
    status, following = browser.ask(other_door)
    assert status == 200
    assert browser.ask(door.app, following)[0] == 200


def test_a_token_used_after_its_successor_ends_the_session_at_every_door(
    door: Site, other_door: Flask, browser: Browser
) -> None:
    _, second = browser.ask(door.app)
    _, third = browser.ask(other_door, second)
    assert browser.ask(other_door)[0] == 303, "the first token, in a thief's hands"
    assert browser.ask(door.app, third)[0] == 303


def test_tabs_that_renew_the_session_at_once_all_get_their_pages(door: Site, browser: Browser) -> None:
    with ThreadPoolExecutor(4) as tabs:
        answers = list(tabs.map(lambda _: browser.ask(door.app), range(4)))
    assert [status for status, _ in answers] == [200] * 4
    assert browser.ask(door.app, answers[-1][1])[0] == 200
