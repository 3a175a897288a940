"""Settings: a server that would be unsafe refuses to start, names why, and repeats no value."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from api.settings import VARIABLES, BadSettings, Settings
from tests.contract import ROOT

SECRET = "0b7f3c9d5e1a8642f7c3d9e5b1a80426"
GOOD = {"DATABASE_URL": "sqlite:////var/lib/interlude.sqlite", "SECRET_KEY": SECRET}

# Variable, a value it must not have; whatever the value, no message repeats it.
BAD = [
    ("SECRET_KEY", "too-short-0123456789"),
    ("SECRET_KEY", "abababababababababababababababababab"),
    ("SECRET_KEY", "please-ChangeMe-0123456789-abcdefghijk"),
    ("DATABASE_URL", "mysql://root:sesame@db/clinic"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "sqlite:///:memory:"),
    ("DATABASE_URL", "postgresql://u:sesame@db:port/clinic"),
    ("DATABASE_URL", "not a url"),
    ("INTERLUDE_ENVIRONMENT", "staging"),
    ("INTERLUDE_LOG_LEVEL", "loud"),
    ("PORT", "http"),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("PORT", "-1"),
    ("PORT", "٣"),
    ("INTERLUDE_TRUSTED_PROXIES", "6"),
    ("INTERLUDE_TRUSTED_PROXIES", "yes"),
    ("INTERLUDE_DATABASE_POOL", "0"),
    ("INTERLUDE_DATABASE_PREPARE", "maybe"),
    ("FLASK_DEBUG", "1"),
    ("FLASK_DEBUG", "perhaps"),
    ("INTERLUDE_PUBLIC_URL", "http://clinic.example"),
    ("INTERLUDE_PUBLIC_URL", "http://localhost.evil.example"),
    ("INTERLUDE_PUBLIC_URL", "https://"),
    ("INTERLUDE_PUBLIC_URL", "https://[bad"),
    ("INTERLUDE_PUBLIC_URL", "ftp://localhost"),
    ("INTERLUDE_SMTP_URL", "http://mail.example"),
    ("INTERLUDE_SMTP_URL", "smtp://user:sesame@"),
    ("INTERLUDE_MAIL_FROM", "the post room"),
    ("INTERLUDE_WEBHOOK_URL", "http://gateway.example/hook"),
    ("INTERLUDE_WEBHOOK_URL", "https://me:sesame@gateway.example/hook"),
    ("INTERLUDE_WEBHOOK_URL", "https://0x7f.1/hook"),
    ("INTERLUDE_WEBHOOK_SECRET", "too-short"),
]

# Bad values that are part of what the message advises instead.
IN_ADVICE = {"sqlite://", "https://", "0"}


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises(BadSettings) as caught:
        Settings.from_environ(environ)
    return str(caught.value)


def test_two_values_are_enough_and_the_rest_is_safe() -> None:
    settings = Settings.from_environ(GOOD)
    assert settings.secret_key == SECRET
    assert (settings.environment, settings.debug, settings.port) == ("production", False, 8000)
    assert settings.trusted_proxies == 0


def test_every_setting_is_read_from_its_variable() -> None:
    given = GOOD | {
        "INTERLUDE_ENVIRONMENT": "demo",
        "PORT": "8080",
        "INTERLUDE_PUBLIC_URL": "https://clinic.example",
        "INTERLUDE_LOG_LEVEL": "warning",
        "INTERLUDE_TRUSTED_PROXIES": "1",
        "INTERLUDE_DATABASE_POOL": "3",
        "INTERLUDE_DATABASE_PREPARE": "off",
        "FLASK_DEBUG": "true",
        "INTERLUDE_SMTP_URL": "smtps://post:word@mail.example",
        "INTERLUDE_MAIL_FROM": "Interlude <post@clinic.example>",
        "INTERLUDE_WEBHOOK_URL": "https://gateway.example/texts?from=us",
        "INTERLUDE_WEBHOOK_SECRET": SECRET,
    }
    settings = Settings.from_environ(given)
    assert set(given) == set(VARIABLES.values())
    told = {name: str(getattr(settings, name)) for name in VARIABLES}
    booleans = {"INTERLUDE_DATABASE_PREPARE": "False", "FLASK_DEBUG": "True"}
    assert told == {name: (given | booleans)[variable] for name, variable in VARIABLES.items()}


@pytest.mark.parametrize(("variable", "value"), BAD)
def test_a_bad_value_is_named_and_not_repeated(variable: str, value: str) -> None:
    message = refusal(GOOD | {variable: value})
    assert variable in message
    told = message.replace(variable, "")
    assert value in IN_ADVICE or value not in told
    assert "sesame" not in told
    assert SECRET not in told


@pytest.mark.parametrize("variable", sorted(GOOD))
@pytest.mark.parametrize("absent", [True, False])
def test_what_has_no_default_must_be_given(variable: str, absent: bool) -> None:
    given = {name: value for name, value in GOOD.items() if name != variable}
    assert f"{variable} is missing" in refusal(given if absent else given | {variable: ""})


def test_every_fault_is_named_at_once() -> None:
    message = refusal({"INTERLUDE_POOL": "3", "PORT": "x", "FLASK_DEBUG": "x"})
    for variable in ("INTERLUDE_POOL", "PORT", "FLASK_DEBUG", "DATABASE_URL", "SECRET_KEY"):
        assert variable in message


def test_a_misspelt_setting_is_no_setting() -> None:
    message = refusal(GOOD | {"INTERLUDE_LOGLEVEL": "debug-please"})
    assert "INTERLUDE_LOGLEVEL is no setting" in message
    assert "debug-please" not in message
    Settings.from_environ(GOOD | {"PATH": "/bin", "LANG": "C", "SECRET_KEYS": "x"})


def test_debugging_and_plain_http_stay_at_home() -> None:
    for environment in ("demo", "test"):
        given = GOOD | {"FLASK_DEBUG": "on", "INTERLUDE_ENVIRONMENT": environment}
        assert Settings.from_environ(given).debug
    for url in (
        "http://localhost:8000",
        "http://127.0.0.1",
        "http://[::1]:80",
        "https://a.example",
    ):
        assert Settings.from_environ(GOOD | {"INTERLUDE_PUBLIC_URL": url}).public_url == url


def without_secret(file: Path) -> dict[str, str]:
    return {"DATABASE_URL": GOOD["DATABASE_URL"], "SECRET_KEY_FILE": str(file)}


def test_the_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    assert Settings.from_environ(without_secret(file)).secret_key == SECRET
    both = refusal(without_secret(file) | {"SECRET_KEY": SECRET})
    assert "SECRET_KEY_FILE" in both
    assert SECRET not in both
    file.write_text("weak")
    assert "SECRET_KEY" in refusal(without_secret(file))


def test_a_secret_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe" * 40)
    for file in (tmp_path / "absent", tmp_path, binary):
        message = refusal(without_secret(file))
        assert "SECRET_KEY_FILE cannot be read" in message
        assert str(tmp_path) not in message


def test_the_secret_is_in_no_repr() -> None:
    settings = Settings.from_environ(GOOD)
    assert repr(settings) == str(settings) == "Settings(production)"


def started(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A process of its own that imports the server's app."""
    inherited = {"PATH": os.environ["PATH"]}
    return subprocess.run(
        [sys.executable, "-c", "import wsgi; print(wsgi.app.name)"],
        env=inherited | environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_server_with_bad_settings_does_not_start(tmp_path: Path) -> None:
    weak = "password-password-password-password"
    refused = started({"SECRET_KEY": weak, "INTERLUDE_COLOUR": "mauve", "PORT": "eighty"})
    assert refused.returncode == 1
    for told in ("Refusing to start", "DATABASE_URL is missing", "INTERLUDE_COLOUR", "PORT"):
        assert told in refused.stderr
    for kept in (weak, "mauve", "eighty"):
        assert kept not in refused.stderr + refused.stdout


def test_a_server_with_good_settings_starts_without_its_database(tmp_path: Path) -> None:
    running = started(GOOD | {"DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite"})
    assert (running.returncode, running.stdout.strip()) == (0, "interlude")
    assert SECRET not in running.stderr


def test_a_channel_is_set_up_whole_or_not_at_all() -> None:
    alone = refusal(GOOD | {"INTERLUDE_SMTP_URL": "smtp://mail.example"})
    assert "INTERLUDE_MAIL_FROM is missing" in alone
    unsigned = refusal(GOOD | {"INTERLUDE_WEBHOOK_URL": "https://gateway.example"})
    assert "INTERLUDE_WEBHOOK_SECRET must have" in unsigned
