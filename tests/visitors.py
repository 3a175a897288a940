"""People of the demo clinic, who log in over HTTP with the password it prints."""

from typing import Any

from tests.apps import nobody
from tests.people import World, fresh_address

PASSWORD = "demo-interlude"


class Visitor:
    """Somebody who logged in to the demo over HTTP."""

    def __init__(self, world: World, email: str) -> None:
        self.client = nobody(world.app)
        answer = self.client.post(
            "/v1/auth/login",
            json={"email": email, "password": PASSWORD},
            environ_base={"REMOTE_ADDR": fresh_address()},
        )
        assert answer.status_code == 200, answer.json
        self.user = answer.json["user"]
        self._headers = {"Authorization": f"Bearer {answer.json['access_token']}"}

    def get(self, path: str) -> Any:
        return self.client.get(path, headers=self._headers)

    def pages(self, path: str) -> list[Any]:
        """Everything in a list, page after page."""
        items: list[Any] = []
        cursor = ""
        while True:
            answer = self.get(f"{path}?limit=200{cursor}")
            assert answer.status_code == 200, answer.json
            items += answer.json["items"]
            if answer.json["next"] is None:
                return items
            cursor = f"&cursor={answer.json['next']}"
