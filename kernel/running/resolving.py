"""Looks up names of hosts in native threads, by the system's resolver: a slow name server stops no green thread.

eventlet has a resolver of its own for that, which takes nine megabytes in each process.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from eventlet.green import socket as green_socket

from kernel.running.threads import off_hub

#: Functions whose first argument is a name. An address needs no looking up, and so no thread.
BY_NAME: Final = ("getaddrinfo", "gethostbyname", "gethostbyname_ex")
#: Functions that look up the name of an address.
BY_ADDRESS: Final = ("gethostbyaddr", "getnameinfo")


def install() -> None:
    """Let all functions of the socket module that look something up do so in a thread."""
    for name in (*BY_NAME, *BY_ADDRESS):
        function = _in_a_thread(getattr(socket, name), addresses_at_once=name in BY_NAME)
        for module in (socket, green_socket):
            setattr(module, name, function)


def _in_a_thread(look_up: Callable[..., Any], *, addresses_at_once: bool) -> Callable[..., Any]:
    @wraps(look_up)
    def looked_up(host: Any, *more: Any, **named: Any) -> Any:
        if addresses_at_once and _is_address(host):
            return look_up(host, *more, **named)
        return off_hub(look_up, host, *more, **named)

    return looked_up


def _is_address(host: Any) -> bool:
    if not host:  # this machine
        return True
    try:
        ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host)
    except ValueError:
        return False
    return True
