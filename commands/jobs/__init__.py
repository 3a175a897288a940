"""`flask jobs`: sends letters and makes the rounds, beside the server, until told to stop."""

import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

import click
import structlog
from flask import current_app
from flask.cli import with_appcontext

from care.channels import Channels
from care.channels.mail import Mail
from care.channels.webhook import Webhook
from care.letters import Desk
from commands.jobs.delivery import Office, deliver
from commands.jobs.rounds import go_round
from models.db import new_id

group = click.Group("jobs", help="Send letters and make the rounds, beside the server.")

# How long either rests: a new alert's letter leaves within seconds (u).
DELIVERY_REST_SECONDS, ROUND_REST_SECONDS = 2.0, 15.0
# Told to stop, a letter that has just been taken may still be noted as sent (u).
LAST_LETTER_SECONDS = 5.0


@group.command("run")
@click.option("--once", is_flag=True, help="Everything once, then end.")
@with_appcontext
def run(once: bool) -> None:
    """Send what is due and make the rounds; as many at once as you like, on PostgreSQL."""
    office = office_of(current_app)
    if once:
        go_round(office)
        click.echo(f"sent {deliver(office)}")
        return
    stop = threading.Event()
    for told in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(told, lambda *_: stop.set())
    # Beside each other: a slow mail server must not keep an alert from being escalated.
    sending = threading.Thread(
        target=_again_and_again,
        args=(stop, lambda: deliver(office), DELIVERY_REST_SECONDS),
        daemon=True,  # a letter under way at the end is sent again by whoever comes after
    )
    sending.start()
    _again_and_again(stop, lambda: go_round(office), ROUND_REST_SECONDS)
    sending.join(timeout=LAST_LETTER_SECONDS)


def office_of(app: Any) -> Office:
    """The app's own database, keys and channels, under a name no other process has."""
    services, settings = app.extensions["services"], app.extensions["settings"]
    desk = Desk(services.keys, settings.public_url.rstrip("/"))
    name = f"{socket.gethostname()[:20]}-{os.getpid()}-{new_id().hex[:8]}"
    return Office(services.database, desk, channels_of(settings), services.clock, name)


def channels_of(settings: Any) -> Channels:
    """What the settings set up: a channel nobody set up is not there, and its letters wait."""
    channels: dict[str, Mail | Webhook] = {}
    if settings.smtp_url:
        channels["email"] = Mail.at(settings.smtp_url, settings.mail_from)
    if settings.webhook_url:
        channels["webhook"] = Webhook.at(settings.webhook_url, settings.webhook_secret)
    return channels


def _again_and_again(stop: threading.Event, work: Callable[[], object], rest: float) -> None:
    while not stop.is_set():
        try:
            work()
        except Exception as error:  # noqa: BLE001 (a database that is away comes back)
            structlog.get_logger().error("jobs failed", error=type(error).__name__)
        stop.wait(rest)
