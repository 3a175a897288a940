"""`python -m api.write_contract`: writes openapi.yaml from the code; needs no database."""

from pathlib import Path

from api.app import create_app
from api.contract import as_yaml
from api.settings import Settings

TARGET = Path(__file__).parent.parent / "openapi.yaml"


def contract() -> str:
    """openapi.yaml as the code has it now."""
    app = create_app(
        Settings(
            database_url="sqlite:////nowhere/contract.sqlite",
            secret_key="only-to-start-an-app-that-serves-nobody",  # noqa: S106
            environment="test",
            log_level="error",
        )
    )
    return as_yaml(app.extensions["openapi"])


if __name__ == "__main__":
    TARGET.write_text(contract())
