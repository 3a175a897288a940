"""A refused assessment is read all the same: what it tells of suicide reaches a human."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from flask import request

from api.attempts import another_follows
from api.auth import connection, now, principal, release_connection
from api.bodies import read_leniently
from api.preconditions import readable_key, request_digest
from api.safety_card import shown_card
from care import assessments_refused
from care.assessments_refused import Refused
from care.principal import Chart
from care.refusals import Denied


@contextmanager
def heard(chart: Chart, assessment_id: UUID | None) -> Iterator[None]:
    """In it, whatever goes wrong is answered only after the readable answers have been asked about.

    What the request had begun to write is undone first. If asking fails, that failure is the
    answer: the sender tries again.
    """
    try:
        yield
    except Denied:
        raise
    except Exception as error:
        if another_follows(error):
            raise  # the view runs again, and hears it then
        raw = read_leniently(request)
        if isinstance(raw, Mapping):
            release_connection()
            digest = request_digest({"body": raw})
            told = Refused(chart, assessment_id, raw, digest, readable_key())
            card = assessments_refused.ask(connection(), principal(), told, now())
            connection().commit()
            shown_card(card)
        raise
