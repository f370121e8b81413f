"""Settings: defaults for trying out, mistakes named at the start, nothing unsafe in production."""

from __future__ import annotations

from pathlib import Path

import pytest

from kernel.config import BadSetting, load

PRODUCTION = {
    "LYCEUM_ENV": "production",
    "LYCEUM_BUS_URL": "amqp://{service}:s3cret@broker:5672/school",
    "LYCEUM_DATABASE_URL": "postgresql+psycopg://{service}:s3cret@database/{service}",
    "LYCEUM_PUBLIC_URL": "https://journal.example",
}


def test_an_empty_environment_is_one_process_on_sqlite_without_a_broker():
    settings = load({})
    assert settings.embedded
    assert not settings.production
    assert settings.database_url("bell") == f"sqlite:///{settings.data_dir / 'bell.sqlite'}"
    assert settings.data_dir.is_absolute()
    assert settings.keys_path == settings.data_dir / "keys" / "public" / "public.jwks"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert not settings.cookie_secure


def test_each_service_has_its_own_user_and_database():
    settings = load(PRODUCTION)
    assert settings.bus_url("bell") == "amqp://bell:s3cret@broker:5672/school"
    assert settings.database_url("bell") == "postgresql+psycopg://bell:s3cret@database/bell"
    assert settings.production
    assert settings.cookie_secure
    assert not settings.embedded


@pytest.mark.parametrize(
    "url",
    [
        "amqp://broker",
        "amqp://{service}:s3cret@a:5673/school;amqp://{service}:s3cret@b/school",
        "amqps://{service}:s3cret@broker/?ssl_ca_certs=/run/ca.pem&ssl_certfile=/run/own.pem&ssl_keyfile=/run/own.key",
    ],
)
def test_a_broker_may_be_a_cluster_and_spoken_to_over_tls(url):
    assert load({"LYCEUM_BUS_URL": url}).bus == url


def test_an_empty_setting_is_the_default():
    settings = load({"LYCEUM_BUS_URL": "", "LYCEUM_DATA": "", "LYCEUM_KEYS": "", "LYCEUM_PUBLIC_URL": "", "PORT": "81"})
    assert settings.embedded
    assert settings.data_dir == Path("var").absolute()
    assert settings.public_url == "http://127.0.0.1:81"


def test_keys_may_lie_elsewhere():
    assert load({"LYCEUM_KEYS": "/run/keys"}).keys_path == Path("/run/keys/public/public.jwks")


def test_a_given_environment_is_read_instead_of_this_process_s(monkeypatch):
    monkeypatch.setenv("PORT", "8123")
    assert load({}).port == 8000
    assert load().port == 8123


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "eighty"),
        ("LYCEUM_ENV", "prod"),
        ("LYCEUM_BUS_URL", "redis://broker"),
        ("LYCEUM_BUS_URL", "broker:5672"),
        ("LYCEUM_BUS_URL", "amqp://"),
        ("LYCEUM_BUS_URL", "amqp://broker:eighty"),
        ("LYCEUM_BUS_URL", "amqp://broker:0"),
        ("LYCEUM_BUS_URL", "amqp://broker:70000"),
        ("LYCEUM_BUS_URL", "amqp://a;redis://b"),
        ("LYCEUM_BUS_URL", "amqp://a;"),
        ("LYCEUM_BUS_URL", "amqp://broker/?heartbeat=0"),
        ("LYCEUM_BUS_URL", "amqp://broker/?ssl_ca_certs=ca.pem"),
        ("LYCEUM_BUS_URL", "amqps://broker/?ssl_cert_reqs=none"),
        ("LYCEUM_BUS_URL", "amqps://broker/?ssl_ca_certs"),
        ("LYCEUM_DATABASE_URL", "mysql://database"),
        ("LYCEUM_SMTP_URL", "mail.example:25"),
        ("LYCEUM_PUBLIC_URL", "journal.example"),
        ("LYCEUM_MAX_WORKERS", "0"),
        ("LYCEUM_STOP_SECONDS", "-1"),
        ("LYCEUM_LOG_LEVEL", "chatty"),
        ("LYCEUM_TRUSTED_PROXIES", "-1"),
        ("LYCEUM_HEALTH_PORT", "70000"),
        ("LYCEUM_HOST", "no such"),
        ("LYCEUM_HOST", "no-such-host.invalid"),
        ("LYCEUM_MAIL_FROM", "junk"),
        ("LYCEUM_OTLP_URL", "junk"),
        ("LYCEUM_FILES_URL", "files"),
        ("LYCEUM_FILES_URL", "file:files"),
        ("LYCEUM_FILES_URL", "file://host/files"),
        ("LYCEUM_FILES_URL", "s3+https://storage.example"),
        ("LYCEUM_FILES_URL", "s3+https://storage.example/a/b"),
        ("LYCEUM_FILES_URL", "https://storage.example/bucket"),
    ],
)
def test_a_wrong_setting_is_named(name, value):
    with pytest.raises(BadSetting, match=name):
        load({name: value})


@pytest.mark.parametrize("name", ["LYCEUM_BUS_URL", "LYCEUM_DATABASE_URL", "LYCEUM_SMTP_URL"])
def test_a_wrong_url_is_not_repeated_because_it_may_hold_a_password(name):
    with pytest.raises(BadSetting) as refused:
        load({name: "wrong://user:s3cret@host"})
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LYCEUM_BUS_URL", ""),
        ("LYCEUM_BUS_URL", "memory://"),
        ("LYCEUM_DATABASE_URL", ""),
        ("LYCEUM_DATABASE_URL", "sqlite:///{service}.sqlite"),
        ("LYCEUM_PUBLIC_URL", ""),
        ("LYCEUM_PUBLIC_URL", "http://journal.example"),
    ],
)
def test_production_refuses_what_suits_only_trying_out(name, value):
    with pytest.raises(BadSetting, match=name):
        load({**PRODUCTION, name: value})
