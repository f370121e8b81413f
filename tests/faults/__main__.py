"""Prints what faults lose or double: `python -m tests.faults` for all of them, `… F4 F11` for some.

QUICK=1 tries each a few times. LYCEUM_FAULTS_WITHOUT=inbox, =outbox or =order takes a part of the machinery away and
has to end in broken promises. LYCEUM_FAULTS_LOG=1 prints what the processes logged where a fault did not hold: the
status is 1 then.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kernel import logs
from kernel.bus import topology
from kernel.waiting import NeverHappened
from servers.postgres import PostgresServer
from servers.rabbit import RabbitBroker
from servers.temporary import postgres_server, rabbit_broker
from tests.faults import messages, outages
from tests.faults.stage import Outcome, Plan, Stage, plan_of


@dataclass(frozen=True, slots=True)
class Fault:
    """A line of the table."""

    title: str
    run: Callable[[Stage], None]
    delivery_limit: int = topology.DELIVERY_LIMIT


FAULTS = {
    "F1": Fault("broker killed and restarted", outages.broker_killed),
    "F2": Fault("consumer killed in a handler", outages.consumer_killed),
    "F3": Fault("rolling SIGTERM, 6 s handlers", outages.rolling_stop),
    "F4": Fault("relay killed before marking", outages.relay_killed),
    "F5": Fault("black hole to the broker", outages.black_hole),
    "F6": Fault("memory alarm of the broker", outages.memory_alarm),
    "F7": Fault("poison", messages.poison),
    "F8": Fault("events without a queue", messages.unroutable),
    "F9": Fault("database down, then up", outages.database_down),
    "F10": Fault("delivery limit reached", messages.delivery_limit, delivery_limit=messages.DELIVERY_LIMIT),
    "F11": Fault("every event published thrice", messages.published_thrice),
}
HEAD = (
    f"{'':4}{'fault':31}{'confirmed':>10}{'missing':>9}{'delivered':>11}{'double':>9}{'out of':>8}{'parked':>8}"
    f"{'recovery s':>14}  holds   took\n"
    f"{'':4}{'':31}{'':>10}{'':>9}{'again':>11}{'effects':>9}{'order':>8}{'':>8}{'median worst':>14}"
)


def main(chosen: list[str]) -> int:
    unknown = set(chosen) - set(FAULTS)
    if unknown:
        print(f"There is no {', '.join(sorted(unknown))}: give some of {' '.join(FAULTS)}.", file=sys.stderr)
        return 2
    plan = plan_of(dict(os.environ))
    logs.install("faults", "ERROR")
    print(HEAD, flush=True)
    held = []
    with rabbit_broker() as broker, postgres_server() as postgres:
        for key in chosen or FAULTS:
            began = time.monotonic()
            outcome = show(FAULTS[key], broker, postgres, plan)
            print(line(key, FAULTS[key], outcome, time.monotonic() - began), flush=True)
            held.append(outcome.holds)
    return 0 if all(held) else 1


def show(fault: Fault, broker: RabbitBroker, postgres: PostgresServer, plan: Plan) -> Outcome:
    """One fault on a stage of its own. Whatever goes wrong is a promise that did not hold."""
    with tempfile.TemporaryDirectory(prefix="lyceum-faults-") as folder:
        stage = Stage(broker, postgres, Path(folder), plan, fault.delivery_limit)
        try:
            fault.run(stage)
            stage.finish()
        except NeverHappened as never:
            stage.promise(False, str(never))
            stage.count()
        except Exception as error:  # noqa: BLE001  # the other faults are shown all the same
            traceback.print_exc()
            stage.promise(False, repr(error))
        finally:
            stage.close()
            if stage.outcome.broken and os.environ.get("LYCEUM_FAULTS_LOG"):
                print((Path(folder) / "target.log").read_text(), file=sys.stderr)
    return stage.outcome


def line(key: str, fault: Fault, outcome: Outcome, took: float) -> str:
    median, worst = outcome.recovery
    told = (
        f"{key:4}{fault.title:31}{outcome.confirmed:>10}{outcome.missing:>9}{outcome.duplicates:>11}"
        f"{outcome.double_effects:>9}{outcome.overtaken:>8}{outcome.parked:>8}{median:>8.1f}{worst:>6.1f}"
        f"  {'yes' if outcome.holds else 'NO':5}{took:>5.0f} s"
    )
    return "\n".join([told, *(f"    {what}" for what in outcome.broken)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
