"""A query names each thing once: of two answers to one question, none is quietly taken."""

from flask import request

from care.refusals import Fault, Invalid


def refuse_repeated_names() -> None:
    """Invalid, naming each parameter that was sent more than once."""
    faults = [
        Fault(f"/{name}", "Given more than once.")
        for name, values in request.args.lists()
        if len(values) > 1
    ]
    if faults:
        raise Invalid(faults)
