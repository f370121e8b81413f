"""Two processes never share a port: each would answer every second request."""

from __future__ import annotations

import re
import socket

import eventlet
import pytest

from kernel.config import BadSetting
from kernel.running.listening import listen


def test_a_port_at_which_another_process_listens_is_refused_by_the_name_of_its_setting() -> None:
    other = eventlet.listen(("127.0.0.1", 0), reuse_port=False)
    ours = listen("PORT", "127.0.0.1", 0)
    for taken in (other, ours):
        port = taken.getsockname()[1]
        with pytest.raises(
            BadSetting, match=re.escape(f"PORT: cannot listen at 127.0.0.1:{port}: Address already in use")
        ):
            listen("PORT", "127.0.0.1", port)
    port = ours.getsockname()[1]
    for one in (other, ours):
        one.close()
    listen("PORT", "127.0.0.1", port).close()


def test_a_port_is_not_shared_even_with_who_would_share_it() -> None:
    with socket.socket() as willing:
        willing.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        willing.bind(("127.0.0.1", 0))
        willing.listen()
        with pytest.raises(BadSetting):
            listen("PORT", *willing.getsockname())
