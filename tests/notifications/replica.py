"""A replica of notifications as a process of its own, which sends due letters again and again as the timer would.

`python -m tests.notifications.replica <database URL> <town's folder> <mail server's URL> <sender>`; beside it are
identity and the gradebook of the town, on their files.
"""

from __future__ import annotations

import kernel.running.green  # noqa: F401  # before all else, as in a service's process

# isort: split
import sys
from pathlib import Path

from kernel.config import Settings
from kernel.data.database import UnitOfWork, make_engine
from kernel.waiting import eventually
from services.gradebook.service import GradebookService
from services.identity.service import IdentityService
from services.notifications.service import NotificationsService
from tests.kit.calls import ask_directly

#: Seconds after which it ends by itself, should nobody end it.
LONGEST = 120


def main(database_url: str, folder: str, smtp_url: str, sender: str) -> None:
    """Send until killed."""
    neighbours = [IdentityService(), GradebookService()]
    for one in neighbours:
        one.unit_of_work = UnitOfWork(make_engine(f"sqlite:///{Path(folder) / f'neighbour-{one.name}.sqlite'}"))
    service = NotificationsService()
    service.unit_of_work = UnitOfWork(make_engine(database_url))
    service.ask = ask_directly(*neighbours, asker="notifications")
    service.settings = Settings(
        smtp_url=smtp_url, mail_from=sender, public_url="https://lyceum.example", mail_connections=1
    )
    eventually(service.send_due, LONGEST)


if __name__ == "__main__":
    main(*sys.argv[1:])
