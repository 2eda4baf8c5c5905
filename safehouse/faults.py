"""What the log may say of a fault: its kind and its place, never its sentence.

A sentence quotes what it stumbled over: PostgreSQL tells the whole row that broke a rule, Python the word it could not
read. Only "the database does not answer" is told, which quotes nothing.
"""

import traceback

from sqlalchemy.exc import OperationalError


def without_values(error: BaseException) -> str:
    """The error and what led to it, the first cause last, each with the lines of code it passed."""
    told: list[str] = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        kind = f"{type(one).__module__}.{type(one).__qualname__}"
        told.append(f"{kind}: {one.orig}" if isinstance(one, OperationalError) else kind)
        told += [line.rstrip() for line in traceback.format_tb(one.__traceback__)]
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\n".join(told)
