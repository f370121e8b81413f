"""A broker that keeps a connection up and leaves what is asked on it unanswered: so does a queue without a leader."""

from __future__ import annotations

from contextlib import closing

import pytest
from amqp import spec

from kernel.bus import link
from kernel.bus.link import Link
from kernel.waiting import eventually


@pytest.mark.parametrize("step", ["prepare", "begin"])
def test_a_connection_whose_declarations_stay_unanswered_is_made_again(rabbit, vhost, monkeypatch, step):
    monkeypatch.setattr(link, "SETUP_TIMEOUT", 2)  # a busy machine connects slowly
    tries = []

    def wait_in_vain_at_first(channel):
        tries.append(channel)
        if len(tries) == 1:
            channel.wait(spec.Queue.DeclareOk)

    steps = {"prepare": lambda channel: None, step: wait_in_vain_at_first}
    with closing(Link(rabbit.url_of(vhost), "test", **steps)) as made:
        made.start()
        eventually(lambda: len(tries) == 2 and made.connected, 20, "the link is made a second time")
