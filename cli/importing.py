"""`lyceum import`: sends a OneRoster bundle to a running installation and prints the result."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from pathlib import Path
from typing import Any, Final

import click
import requests
from tenacity import Retrying, retry_if_result, stop_after_delay, wait_fixed

from kernel import config

ENDED: Final = frozenset({"done", "rejected", "failed", "asking", "stopped"})
#: Seconds that the command waits for an import to end; the installation continues it in any case.
PATIENCE: Final = 1800
TIMEOUT: Final = 120


@click.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check, and say what would change; write nothing.")
@click.option("--yes", is_flag=True, help="Confirm what it would end or replace, however much that is.")
@click.option("--time-zone", default=None, help="Of schools that the import makes, such as Asia/Kamchatka.")
@click.option("--url", default=None, help="Where Lyceum is, unless LYCEUM_PUBLIC_URL or PORT say so.")
@click.option(
    "--login", envvar="LYCEUM_LOGIN", required=True, help="A methodologist's or an operator's; also LYCEUM_LOGIN."
)
@click.option("--password", envvar="LYCEUM_PASSWORD", prompt=True, hide_input=True, help="Also LYCEUM_PASSWORD.")
def import_command(
    path: Path, dry_run: bool, yes: bool, time_zone: str | None, url: str | None, login: str, password: str
) -> None:
    """Import a OneRoster 1.1 or 1.2 bundle: a zip, or a folder of CSV files.

    Faults are told in the language of the terminal, Russian where that is neither Russian nor English.
    """
    address = (url or config.load().public_url).rstrip("/") + "/api/v1"
    try:
        with requests.Session() as session:
            session.headers.update(_languages())
            session.headers["Authorization"] = f"Bearer {_signed_in(session, address, login, password)}"
            report = _imported(session, address, bundle_of(path), dry_run, time_zone)
            if yes and report["status"] == "asking":
                report = _confirmed(session, address, report)
    except requests.RequestException as error:
        raise click.ClickException(f"Lyceum cannot be reached at {address}: {type(error).__name__}.") from None
    tell(report)
    if report["status"] != "done":
        sys.exit(1)


def bundle_of(path: Path) -> bytes:
    """The zip at `path`, or one made from the CSV files of that folder."""
    if path.is_file():
        return path.read_bytes()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for file in sorted(path.glob("*.csv")):
            bundle.write(file, file.name)
    return buffer.getvalue()


def tell(report: dict[str, Any]) -> None:
    """Print the result of an import: schools, faults and counts."""
    for school in report["schools"]:
        click.echo(f"School: {school['name']} ({school['id']})")
    for fault in report["faults"]:
        place = ":".join(str(part) for part in (fault["file"], fault["line"]) if part)
        field = f" [{fault['field']}]" if fault["field"] else ""
        click.echo(f"{place}{field} {fault['message']} ({fault['rule']})")
    for count in report["counts"]:
        figures = ", ".join(f"{count[name]} {name}" for name in ("created", "changed", "unchanged", "removed"))
        click.echo(f"{count['kind']:13} {figures}")
    if report["status"] == "asking":
        asked = ", ".join(f"{value} {name}" for name, value in report["question"].items() if value)
        click.echo(f"It would end or replace: {asked}. Nothing is written. Confirm it on the page, or give --yes.")
    click.echo(f"{report['status']}{' (dry run: nothing was written)' if report['dry_run'] else ''}")


def _languages() -> dict[str, str]:
    """A header with the terminal's language, from the environment variables in order of precedence (POSIX, 8.2)."""
    named = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    language = named[:2].lower()
    return {"Accept-Language": language} if language in ("ru", "en") else {}


def _signed_in(session: requests.Session, address: str, login: str, password: str) -> str:
    given = {"login": login, "password": password}
    token: str = _checked(session.post(f"{address}/sessions", json=given, timeout=TIMEOUT))["access_token"]
    return token


def _imported(
    session: requests.Session, address: str, bundle: bytes, dry_run: bool, time_zone: str | None
) -> dict[str, Any]:
    zone = {"time_zone": time_zone} if time_zone else {}
    started = _checked(
        session.post(
            f"{address}/imports",
            params={"dry_run": str(dry_run).lower(), **zone},
            data=bundle,
            timeout=TIMEOUT,
            headers={"Content-Type": "application/zip"},
        )
    )
    return _ended(session, f"{address}/imports/{started['id']}")


def _confirmed(session: requests.Session, address: str, report: dict[str, Any]) -> dict[str, Any]:
    """Confirm the numbers of the import's question, and wait for its end."""
    place = f"{address}/imports/{report['id']}"
    numbers = {name: value for name, value in report["question"].items() if name != "name"}
    _checked(session.post(f"{place}/confirm", json=numbers, timeout=TIMEOUT))
    return _ended(session, place)


def _ended(session: requests.Session, place: str) -> dict[str, Any]:
    waiting = Retrying(
        retry=retry_if_result(lambda report: report["status"] not in ENDED),
        stop=stop_after_delay(PATIENCE),
        wait=wait_fixed(0.5),
    )
    report: dict[str, Any] = waiting(lambda: _checked(session.get(place, timeout=TIMEOUT)))
    return report


def _checked(answer: requests.Response) -> dict[str, Any]:
    if answer.status_code >= 400:
        try:
            problem = answer.json()
        except ValueError:
            problem = {}
        told = problem.get("detail") or problem.get("title") or f"HTTP {answer.status_code}"
        faults = [f"{fault['field']} {fault['message']} ({fault['rule']})" for fault in problem.get("faults", ())]
        raise click.ClickException("\n".join([told, *faults]))
    body: dict[str, Any] = answer.json()
    return body
