"""`lyceum` as it is typed: what it prepares, what it refuses, and in how few words."""

from __future__ import annotations

import dataclasses
import importlib
import io
import json
import re
import subprocess
import sys
import zipfile

import click
import pytest
import requests
from sqlalchemy import select
from uuid_utils.compat import uuid7

from cli import importing, main, upkeep
from contracts import SERVICES
from kernel import config
from kernel.auth import Signer, Verifier, read_keys
from services.identity.accounts.passwords import matches
from services.identity.accounts.tables import Account

PRODUCTION = {
    "LYCEUM_ENV": "production",
    "LYCEUM_BUS_URL": "amqp://{service}:word@broker/",
    "LYCEUM_DATABASE_URL": "postgresql+psycopg://{service}:word@database/{service}",
    "LYCEUM_PUBLIC_URL": "https://school.example",
}


@pytest.fixture
def settle(monkeypatch):
    def given(**settings):
        for name, value in settings.items():
            monkeypatch.setenv(name, value)

    return given


def test_help_lists_every_command_with_a_sentence(lyceum):
    shown = lyceum("--help")
    assert shown.status == 0
    for name in main.COMMANDS:
        assert re.search(rf"^  {name} +\w.+", shown.out, re.MULTILINE), name


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_command_explains_itself(lyceum, name):
    assert lyceum(name, "--help").status == 0


def test_a_command_that_does_not_exist_is_refused(lyceum):
    refused = lyceum("destroy")
    assert refused.status == 2
    assert "destroy" in refused.err


@pytest.mark.parametrize(
    ("setting", "value"),
    [("PORT", "eighty"), ("LYCEUM_ENV", "prod"), ("LYCEUM_BUS_URL", "http://broker"), ("LYCEUM_LOG_LEVEL", "LOUD")],
)
@pytest.mark.parametrize("command", ["run", "up", "gateway", "migrate"])
def test_a_bad_setting_is_one_line_that_names_it(lyceum, settle, command, setting, value):
    settle(**{setting: value})
    refused = lyceum(command)
    assert refused.status == 2
    assert setting in refused.err
    assert len(refused.err.strip().splitlines()) == 1
    assert "Traceback" not in refused.err


@pytest.mark.parametrize("command", [("service", "gradebook"), ("gateway",)])
def test_a_process_of_its_own_wants_a_broker(lyceum, command):
    refused = lyceum(*command)
    assert refused.status == 2
    assert "LYCEUM_BUS_URL" in refused.err


def test_run_is_not_for_production(lyceum, settle, data):
    settle(**PRODUCTION)
    refused = lyceum("run")
    assert refused.status == 2
    assert "production" in refused.err
    assert not data.exists()


def test_demo_data_have_no_place_in_production(lyceum, settle, data):
    settle(**PRODUCTION)
    refused = lyceum("demo")
    assert refused.status == 2
    assert "production" in refused.err
    assert not (data / "demo-logins.json").exists()


def test_migrate_makes_keys_that_belong_together_and_keeps_them(lyceum, data):
    assert lyceum("migrate").status == 0
    verifier = Verifier(data / "keys" / "public" / "public.jwks")
    for service in set(SERVICES) - {"identity"}:  # identity's key signs people's tokens, not its own
        token = Signer.load(service, data / "keys" / service / "private.jwk").service_token()
        assert verifier.claims(token).issuer == service
    before = read_keys(data / "keys" / "public" / "public.jwks")
    assert sorted(issuer for issuer, _ in before.values()) == sorted(SERVICES)
    lyceum("migrate", "printing")
    assert read_keys(data / "keys" / "public" / "public.jwks").keys() == before.keys()
    (data / "keys" / "printing" / "private.jwk").unlink()
    lyceum("migrate", "printing")
    (added,) = read_keys(data / "keys" / "public" / "public.jwks").keys() - before.keys()
    assert json.loads((data / "keys" / "printing" / "private.jwk").read_text())["kid"] == added


def test_a_database_that_stays_away_ends_migrate_with_one_line(lyceum, data, monkeypatch, settle):
    monkeypatch.setattr(upkeep._migrate.retry, "stop", lambda state: True)
    settle(LYCEUM_DATABASE_URL="postgresql+psycopg://{service}:secretword@127.0.0.1:9/{service}")
    failed = lyceum("migrate", "identity")
    assert failed.status == 1
    assert "identity" in failed.err
    assert "secretword" not in failed.out + failed.err
    assert "Traceback" not in failed.err


@pytest.mark.slow
def test_demo_prints_logins_and_is_not_loaded_twice(lyceum, data):
    lyceum("migrate")
    first = lyceum("demo")
    assert first.status == 0
    logins = json.loads((data / "demo-logins.json").read_text())
    assert all(one["password"] in first.out for one in logins.values())
    second = lyceum("demo")
    assert second.status == 1
    assert json.loads((data / "demo-logins.json").read_text()) == logins


def test_an_operator_is_made_and_can_be_given_a_new_password(lyceum):
    lyceum("migrate", "identity")
    passwords = [re.search(r"password: (\S+)", lyceum("operator", "create", "Root").out).group(1) for _ in range(2)]
    with upkeep.unit_of_work(config.load(), "identity").everywhere() as session:
        (account,) = session.scalars(select(Account)).all()
    assert (account.login, account.is_operator) == ("root", True)
    assert [matches(account.password_hash, password) for password in passwords] == [False, True]


def test_a_school_is_made_with_its_director(lyceum):
    lyceum("migrate", "identity")
    made = lyceum("school", "create", "Школа 7", "--director", "Иванова Анна Петровна", "--time-zone", "Asia/Omsk")
    assert made.status == 0
    login = re.search(r"login: +(\S+)", made.out).group(1)
    assert login.startswith("ivanova")
    refused = lyceum("school", "create", "Школа 8", "--director", "Иванова Анна", "--time-zone", "Asia/Atlantis")
    assert refused.status == 1
    assert "Asia/Atlantis" in refused.err
    school_id = re.search(r"school: +(\S+)", made.out).group(1)
    moved = lyceum("school", "zone", school_id, "Asia/Kamchatka")
    assert (moved.status, moved.out) == (0, f"school:    {school_id}\ntime zone: Asia/Kamchatka\n")
    assert "Asia/Atlantis" in lyceum("school", "zone", school_id, "Asia/Atlantis").err
    another = lyceum("school", "director", school_id, "Смирнов Пётр")
    assert re.search(r"login: +smirnov\S*\npassword: \S+", another.out)
    nowhere = lyceum("school", "director", str(uuid7()), "Смирнов Пётр")
    assert (nowhere.status, "no such school" in nowhere.err) == (1, True)


def test_keys_rotate_and_what_was_signed_before_stays_good(lyceum, data):
    lyceum("migrate", "identity")
    token = Signer.load("gradebook", data / "keys" / "gradebook" / "private.jwk").service_token()
    assert lyceum("keys", "rotate", "--issuer", "gradebook").status == 0
    fresh = Signer.load("gradebook", data / "keys" / "gradebook" / "private.jwk").service_token()
    verifier = Verifier(data / "keys" / "public" / "public.jwks")
    assert verifier.claims(token).issuer == verifier.claims(fresh).issuer == "gradebook"
    shown = lyceum("keys", "show").out
    assert len(re.findall("gradebook", shown)) == 2
    private = json.loads((data / "keys" / "gradebook" / "private.jwk").read_text())["d"]
    assert private not in shown


def test_definitions_hold_a_user_with_its_own_password_for_each_part(lyceum, settle):
    settle(**{variable: f"word of {user}" for user, variable in upkeep.PASSWORDS.items()})
    printed = json.loads(lyceum("definitions").out)
    assert {one["name"]: one["password"] for one in printed["users"]} == {
        user: f"word of {user}" for user in (*SERVICES, "gateway")
    }
    assert {one["user"] for one in printed["permissions"]} == set(upkeep.PASSWORDS)
    assert printed["policies"]


def test_definitions_are_refused_where_a_password_is_missing(lyceum, settle):
    settle(**{variable: "word" for user, variable in upkeep.PASSWORDS.items() if user != "printing"})
    refused = lyceum("definitions")
    assert refused.status == 2
    assert "LYCEUM_PRINTING_PASSWORD" in refused.err
    assert refused.out == ""


def test_a_place_for_a_password_in_a_database_url_is_filled_for_each_service(data, settle):
    settle(
        LYCEUM_DATABASE_URL="postgresql+psycopg://{service}:{password}@database/{service}",
        LYCEUM_GRADEBOOK_PASSWORD="p@ss/word",
    )
    settings = config.load()
    url = upkeep.database_url(settings, "gradebook")
    assert url == "postgresql+psycopg://gradebook:p%40ss%2Fword@database/gradebook"
    with pytest.raises(config.BadSetting, match="LYCEUM_IDENTITY_PASSWORD"):
        upkeep.database_url(settings, "identity")


def test_commands_find_the_databases_of_a_running_up_and_of_no_other(data):
    data.mkdir()
    settings = config.load()
    alone = upkeep.database_url(settings, "identity")
    assert alone.startswith("sqlite:///")
    upkeep.note_running(dataclasses.replace(settings, database="postgresql+psycopg://noted/{service}"))
    assert upkeep.database_url(settings, "identity") == "postgresql+psycopg://noted/identity"
    note = data / upkeep.RUNNING
    assert note.stat().st_mode & 0o077 == 0
    told = json.loads(note.read_text())
    for ended in ({"pid": _no_process()}, {"created": told["created"] - 100}):  # another process has its id
        note.write_text(json.dumps(told | ended))
        assert upkeep.database_url(settings, "identity") == alone
    assert upkeep.database_url(settings, "identity") == alone


def _no_process() -> int:
    """The id of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_a_folder_of_csv_files_is_packed_and_a_zip_is_sent_as_it_is(tmp_path):
    (tmp_path / "users.csv").write_text("sourcedId\n1\n")
    (tmp_path / "notes.txt").write_text("no part of it")
    packed = importing.bundle_of(tmp_path)
    with zipfile.ZipFile(io.BytesIO(packed)) as bundle:
        assert bundle.namelist() == ["users.csv"]
    (tmp_path / "bundle.zip").write_bytes(packed)
    assert importing.bundle_of(tmp_path / "bundle.zip") == packed


def test_each_fault_of_an_import_is_told_with_its_place_and_rule(capsys):
    fault = {"file": "users.csv", "line": 7, "field": "role", "rule": "not-a-role", "message": "There is no role x."}
    report = {"status": "rejected", "dry_run": False, "schools": [], "counts": [], "faults": [fault]}
    importing.tell(report)
    told = capsys.readouterr().out
    assert "users.csv:7" in told
    assert all(fault[name] in told for name in ("field", "rule", "message"))
    assert "rejected" in told


def test_a_refused_bundle_is_told_with_each_place():
    answer = requests.Response()
    answer.status_code = 422
    fault = {"field": "users.csv:7", "rule": "not-utf-8", "message": "This line is not in UTF-8."}
    answer._content = json.dumps({"detail": "Cannot be read.", "faults": [fault]}).encode()
    with pytest.raises(click.ClickException) as refused:
        importing._checked(answer)
    assert refused.value.message.splitlines() == [
        "Cannot be read.",
        "users.csv:7 This line is not in UTF-8. (not-utf-8)",
    ]


def test_an_import_where_nobody_answers_is_told_in_a_line(lyceum, tmp_path):
    (tmp_path / "users.csv").write_text("sourcedId\n")
    failed = lyceum("import", str(tmp_path), "--url", "http://127.0.0.1:9", "--login", "root", "--password", "x")
    assert failed.status == 1
    assert "http://127.0.0.1:9" in failed.err
    assert "Traceback" not in failed.err


def test_every_command_is_where_the_table_says():
    for name, module in main.COMMANDS.items():
        assert hasattr(importlib.import_module(module), f"{name}_command")


@pytest.mark.parametrize(
    ("named", "language"),
    [
        ({"LANG": "ru_RU.UTF-8"}, "ru"), ({"LANG": "en_US.UTF-8"}, "en"), ({"LANG": "C.UTF-8"}, None), ({}, None),
        ({"LANG": "ru_RU.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "en_GB", "LC_ALL": "ru_RU.UTF-8"}, "ru"),
    ],
)  # fmt: skip
def test_the_import_asks_for_faults_in_the_language_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch, named: dict[str, str], language: str | None
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    assert importing._languages().get("Accept-Language") == language
