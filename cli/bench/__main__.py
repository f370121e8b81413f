"""Runs the benchmarks on this machine: `python -m cli.bench` runs all, names as arguments select some.

The exit status is 1 where a target was missed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cli.bench import (
    calls,
    events,
    growth,
    lessons,
    letters,
    memory,
    messages,
    requests,
    rules,
    sheets,
    timetables,
    weeks,
)
from kernel import logs
from servers.postgres import PostgresServer
from servers.rabbit import RabbitBroker
from servers.temporary import postgres_server, rabbit_broker

LOG_TAIL: Final = 2000
Part = Callable[[RabbitBroker, PostgresServer, Path], bool]

PARTS: Final[dict[str, tuple[str, Part]]] = {
    "calls": ("A call over RabbitMQ", lambda broker, _postgres, folder: calls.over_rabbit(broker, folder)),
    "messages": (
        "One message, published or received",
        lambda broker, _postgres, _folder: messages.sent_and_received(broker),
    ),
    "embedded": ("A call within one process", lambda _broker, _postgres, folder: calls.in_process(folder)),
    "events": ("Events, one row in PostgreSQL each", events.through_outbox_and_inbox),
    "requests": ("Requests, eight at once", requests.of_pages),
    "weeks": ("A class's week and a teacher's day", weeks.beside_bare_sql),
    "sheet": ("The journal's grid", sheets.of_page),
    "class_terms": ("The term marks of a class", sheets.of_class_terms),
    "diary": ("A student's week in the diary", sheets.of_diary),
    "entries": ("Cells of the grid, saved eight requests at once", sheets.of_entries),
    "lessons": (
        "A large school's lessons of a term",
        lambda _broker, postgres, folder: lessons.of_a_term(postgres, folder),
    ),
    "timetable": ("A file of a timetable, from a form to what it would change", timetables.of_a_file),
    "growth": ("Reads of an installation that has grown", growth.of_reads),
    "letters": ("Marks told by letter", letters.of_marks),
    "rules": ("A large school's means and term marks", lambda _broker, _postgres, _folder: rules.of_a_school()),
    "memory": ("Memory, idle", lambda _broker, _postgres, folder: memory.idle(folder)),
}


def main(chosen: list[str]) -> int:
    """Run the chosen benchmarks, or all. Returns the exit status."""
    unknown = set(chosen) - set(PARTS)
    if unknown:
        print(f"There is no {', '.join(sorted(unknown))}: give some of {' '.join(PARTS)}.", file=sys.stderr)
        return 2
    logs.install("bench", "ERROR")
    met = []
    with rabbit_broker() as broker, postgres_server() as postgres:
        for name in chosen or PARTS:
            title, part = PARTS[name]
            print(f"{title} ({name})", flush=True)
            with tempfile.TemporaryDirectory(prefix="lyceum-bench-") as folder:
                try:
                    met.append(part(broker, postgres, Path(folder)))
                except Exception:
                    for log in sorted(Path(folder).rglob("*.log")):
                        print(f"--- {log.name}\n{log.read_text()[-LOG_TAIL:]}", file=sys.stderr)
                    raise
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
