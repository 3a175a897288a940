"""The one object a server imports: `app`, made from the environment."""

import os

from api.app import create_app
from api.settings import Settings
from commands import register

app = create_app(Settings.from_environ(os.environ))
register(app)
