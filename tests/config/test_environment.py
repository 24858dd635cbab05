"""What the environment says instead of gateway.yaml: addresses, and secrets by the file they stand in."""

from pathlib import Path

import pytest

from gateway.config.load import load_site
from gateway.config.settings import Settings
from gateway.kernel.errors import ConfigurationError

US = "gateway: 1\nus: {qualifier: ZZ, id: NORTHWIND}\n"


def settings(folder: Path, text: str = "", **environ: str) -> Settings:
    (folder / "gateway.yaml").write_text(US + text)
    site, problems = load_site(folder, environ)
    assert problems == ()
    assert site is not None
    return site.settings


def test_the_environment_wins_key_by_key(tmp_path: Path) -> None:
    text = (
        "database: {url: 'postgresql://a@h/d', password_file: secret}\nrun: {health: '127.0.0.1:1', stuck_after: 5m}\n"
    )
    found = settings(tmp_path, text, GATEWAY_DATABASE__URL="postgresql://b@h/d", GATEWAY_RUN__HEALTH="0.0.0.0:8088")
    assert (found.database.url, found.database.password_file) == ("postgresql://b@h/d", "secret")
    assert (found.run.health, found.run.stuck_after) == ("0.0.0.0:8088", "5m")


def test_a_wrong_value_of_the_environment_is_told_by_the_name_of_its_variable(tmp_path: Path) -> None:
    (tmp_path / "gateway.yaml").write_text(US)
    site, (problem,) = load_site(tmp_path, {"GATEWAY_RUN__HEALTH": "everywhere"})
    assert site is None
    assert str(problem).startswith("environment:1:1: error P003: GATEWAY_RUN__HEALTH: 'everywhere' is not an address")


def test_the_password_of_a_file_goes_into_the_address_whatever_it_is_made_of(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("a/b:c@d %\n")
    found = settings(
        tmp_path,
        "database: {url: 'postgresql://us@h:5432/d?sslmode=require'}\n",
        GATEWAY_DATABASE__PASSWORD_FILE=str(secret),
    )
    assert found.database_url(tmp_path).endswith("://us:a%2Fb%3Ac%40d%20%25@h:5432/d?sslmode=require")
    assert "a/b" not in repr(found)


def test_a_password_file_that_is_missing_is_told(tmp_path: Path) -> None:
    found = settings(tmp_path, "database: {url: 'postgresql://us@h/d', password_file: nowhere}\n")
    with pytest.raises(ConfigurationError) as caught:
        found.database_url(tmp_path)
    assert "the password of the database cannot be read from nowhere" in str(caught.value.problems[0])


@pytest.mark.parametrize("wrong", ["8088", "127.0.0.1:99999", ":8088", "a b:1"])
def test_an_address_needs_a_host_and_a_port(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "gateway.yaml").write_text(US + f"run: {{health: '{wrong}'}}\n")
    site, (problem,) = load_site(tmp_path, {})
    assert site is None
    assert problem.sentence == f"'health': '{wrong}' is not an address to listen on; write it like 127.0.0.1:8088"


def test_every_key_with_one_value_can_be_said(tmp_path: Path) -> None:
    found = settings(
        tmp_path, "", GATEWAY_RUN__WORKERS="8", GATEWAY_TIME_ZONE="America/Chicago", GATEWAY_RETENTION__ARCHIVE="30d",
        GATEWAY_SECOND_OPINION__SAMPLE="0.5", GATEWAY_US__NAME="Northwind", GATEWAY_MAIL__HOST="m", GATEWAY_MAIL__FROM="a@b.c",
    )  # fmt: skip

    assert (found.run.workers, found.time_zone, found.retention.archive) == (8, "America/Chicago", "30d")
    assert (str(found.second_opinion.sample), found.us and found.us.id) == ("0.5", "NORTHWIND")
    assert found.us is not None
    assert found.us.name == "Northwind"
    assert found.mail is not None
    assert (found.mail.from_, found.mail.timeout) == ("a@b.c", "20s")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("GATEWAY_RUN__WORKERS", "many", "GATEWAY_RUN__WORKERS is a number, not 'many'"),
        ("GATEWAY_RUN__WORKERS", "65", "GATEWAY_RUN__WORKERS is at most 64, not '65'"),
        ("GATEWAY_TIME_ZONE", "Texas", "GATEWAY_TIME_ZONE: 'Texas' is not a time zone; write it like America/Chicago"),
        ("GATEWAY_MAIL__HOST", "m", "GATEWAY_MAIL__FROM is missing too"),
        ("GATEWAY_LABELS__FORMAT", "pdf", "GATEWAY_LABELS__FORMAT is one of zpl, not 'pdf'"),
    ],
)
def test_what_the_environment_says_wrongly_is_told_in_words(tmp_path: Path, name: str, value: str, said: str) -> None:
    (tmp_path / "gateway.yaml").write_text(US)

    site, (problem,) = load_site(tmp_path, {name: value})

    assert site is None
    assert problem.sentence == said


def test_a_variable_that_is_no_setting_is_a_warning_with_the_name_that_was_meant(tmp_path: Path) -> None:
    (tmp_path / "gateway.yaml").write_text(US)

    site, (problem,) = load_site(tmp_path, {"GATEWAY_RUN__WORKER": "8", "GATEWAY_CONFIG": "x", "PATH": "/bin"})

    assert site is not None
    assert (problem.level, problem.sentence) == (
        "warning", "GATEWAY_RUN__WORKER is not a setting, so it changes nothing",
    )  # fmt: skip
    assert problem.hint == "did you mean 'GATEWAY_RUN__WORKERS'?"
