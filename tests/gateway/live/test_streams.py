"""Followers of a job learn its latest state, and nobody follows more than a share."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.identity.bundles import ImportMoved
from gateway.live.streams import OF_ACCOUNT, Streams
from kernel.errors import Unavailable

JOB, ACCOUNT, SESSION = uuid4(), uuid4(), uuid4()


def change(version: int, job_id: UUID = JOB) -> ImportMoved:
    return ImportMoved(job_id=job_id, version=version, state="running", stage="grades", done=version, total=9)


def test_of_several_changes_the_last_is_told() -> None:
    streams = Streams()
    with streams.following(JOB, ACCOUNT, SESSION) as follower:
        for version in (2, 4, 3):  # events may overtake each other
            streams.tell(change(version))
        told = follower.change_since(1, 0)
        assert told is not None
        assert told.version == 4
        assert follower.change_since(4, 0) is None


def test_a_follower_is_woken_by_a_change_of_its_job_alone() -> None:
    streams = Streams()
    with streams.following(JOB, ACCOUNT, SESSION) as follower:
        streams.tell(change(2, uuid4()))
        assert follower.change_since(1, 0) is None
        threading.Timer(0.05, streams.tell, [change(2)]).start()
        told = follower.change_since(1, 10)
        assert told is not None


@pytest.mark.parametrize("end", [lambda streams: streams.end_session(SESSION), lambda streams: streams.end_all()])
def test_a_follower_ends_with_its_session_and_with_the_process(end: Any) -> None:
    streams = Streams()
    with streams.following(JOB, ACCOUNT, SESSION) as follower:
        streams.end_session(uuid4())
        assert not follower.over
        end(streams)
        assert follower.over
        assert follower.change_since(1, 10) is None


def test_an_account_follows_so_much_and_another_is_not_hindered() -> None:
    streams = Streams()
    entered = [streams.following(JOB, ACCOUNT, SESSION) for _ in range(OF_ACCOUNT)]
    for one in entered:
        one.__enter__()
    with pytest.raises(Unavailable, match="Too many"), streams.following(JOB, ACCOUNT, SESSION):
        pass
    with streams.following(JOB, uuid4(), SESSION):
        assert len(streams) == OF_ACCOUNT + 1
    entered[0].__exit__(None, None, None)
    with streams.following(JOB, ACCOUNT, SESSION):
        assert len(streams) == OF_ACCOUNT
    for one in entered[1:]:
        one.__exit__(None, None, None)
    assert len(streams) == 0


def test_all_together_follow_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.live.streams.IN_ALL", 2)
    streams = Streams()
    with streams.following(JOB, uuid4(), None), streams.following(JOB, uuid4(), None):
        with pytest.raises(Unavailable), streams.following(JOB, uuid4(), None):
            pass
        assert len(streams) == 2
