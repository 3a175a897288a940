"""The terminal: flask commands for whoever runs the server."""

from flask import Flask

from commands import backups, clinic, demo, intake, jobs


def register(app: Flask) -> None:
    """Hang the commands on the app."""
    app.cli.add_command(backups.backup)
    app.cli.add_command(backups.restore)
    app.cli.add_command(clinic.group)
    app.cli.add_command(demo.command)
    app.cli.add_command(intake.group)
    app.cli.add_command(jobs.group)
