"""A query names each thing once: of two answers to one question, none is quietly taken."""

from flask import g, request

from care.refusals import Fault, Invalid


def refuse_repeated_names() -> None:
    """Invalid, naming each parameter that was sent more than once."""
    faults = [
        Fault(f"/{name}", "Given more than once.")
        for name, values in request.args.lists()
        if len(values) > 1
    ]
    if faults:
        g.refused_query = True  # no handler is reached: api/safety_net.py hears the body
        raise Invalid(faults)
