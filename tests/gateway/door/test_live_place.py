"""Where a page finds the live process."""

from __future__ import annotations

import pytest
from flask import Flask

from gateway.door import live_place
from kernel.config import Settings


@pytest.mark.parametrize(
    ("settings", "page", "base", "other"),
    [
        ({}, "http://127.0.0.1:8000/", "", ""),
        ({"live_port": 9000}, "http://127.0.0.1:8000/", "http://127.0.0.1:9000", "http://127.0.0.1:9000"),
        ({"live_port": 9000}, "http://journal.local/", "http://journal.local:9000", "http://journal.local:9000"),
        ({"live_port": 9000}, "http://[::1]:8000/", "http://[::1]:9000", "http://[::1]:9000"),
        ({"live_port": 9000}, "https://journal.example/", "", ""),
        (
            {"live_port": 9000, "live_url": "https://journal.example/"},
            "https://journal.example/",
            "https://journal.example",
            "",
        ),
        (
            {"live_url": "https://live.example"},
            "https://journal.example/",
            "https://live.example",
            "https://live.example",
        ),
    ],
)
def test_it_is_at_the_same_host_or_where_the_settings_say(
    settings: dict[str, object], page: str, base: str, other: str
) -> None:
    given = Settings(**settings)  # type: ignore[arg-type]  # some of its fields
    with Flask("page").test_request_context("/", base_url=page):
        assert live_place.base(given) == base
        assert live_place.other_origin(given) == other


def test_what_a_header_claims_as_host_is_not_taken_into_the_policy() -> None:
    given = Settings(live_port=9000)
    for host in ("evil.example; script-src *", "a b", "x'y", "<script>"):
        with Flask("page").test_request_context("/", headers={"Host": host}):
            assert live_place.base(given) == ""
