"""Why a backup is not made or not brought back, in one line; and how a copy is put in place."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.marks import sync_folder


class Refused(Exception):
    """Nothing was changed; the text says why."""


@contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """A private file to fill, which then stands at `target` whole, or not at all.

    Refused where something stands there already.
    """
    if target.exists():
        raise Refused(f"{target} is there already, and no backup is written over.")
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    filling = Path(name)
    os.close(handle)
    try:
        yield filling
        sync_file(filling)
        try:
            os.link(filling, target)  # unlike a rename, over nothing that came meanwhile
        except FileExistsError:
            raise Refused(f"{target} is there already, and no backup is written over.") from None
        sync_folder(target.parent)
    finally:
        filling.unlink(missing_ok=True)


def sync_file(file: Path) -> None:
    """Make a file's contents outlive a loss of power."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())
