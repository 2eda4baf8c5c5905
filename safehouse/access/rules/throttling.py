"""How long someone waits after wrong passwords or codes, so that guessing is hopeless and helping is not.

Browsers in which a person has signed in before are counted apart from everyone else: a stranger can exhaust only the
strangers' counter (security design, throttling).
"""

import datetime as dt

from safehouse.access.models import Factor, Throttle

DAY = dt.timedelta(days=1)
SOURCE_WINDOW = dt.timedelta(minutes=15)
FREE_STRANGER, FREE_KNOWN = 5, 10
STRANGER_A_DAY, STRANGER_IN_A_ROW, SOURCE_LIMIT = 50, 100, 30
CLOSED = dt.timedelta(days=365 * 100)


def wait_after(failures: int, *, known: bool) -> dt.timedelta:
    """The pause after this many failures in a row."""
    if known:
        steps = failures - FREE_KNOWN + 1
        return dt.timedelta(seconds=min(30 * steps, 300)) if steps > 0 else dt.timedelta()
    steps = failures - FREE_STRANGER
    return dt.timedelta(seconds=min(30 * 2 ** min(steps, 5), 900)) if steps >= 0 else dt.timedelta()


def waiting(row: Throttle | None, now: dt.datetime) -> dt.timedelta:
    """How long this counter still says no; zero when it lets through."""
    if row is None or row.until is None or row.until <= now:
        return dt.timedelta()
    return row.until - now


def count_failure(row: Throttle, now: dt.datetime) -> None:
    """Charge one attempt to this counter. Success takes the charge back by clearing the row."""
    window = SOURCE_WINDOW if row.factor is Factor.SOURCE else DAY
    if now - row.window_started_at >= window:
        row.window_started_at, row.window_failures = now, 0
    row.failures += 1
    row.window_failures += 1
    if row.factor is Factor.SOURCE:
        row.until = row.window_started_at + SOURCE_WINDOW if row.window_failures >= SOURCE_LIMIT else None
        return
    if not row.known and row.failures >= STRANGER_IN_A_ROW:
        row.until = now + CLOSED
    elif not row.known and row.window_failures >= STRANGER_A_DAY:
        row.until = row.window_started_at + DAY
    else:
        pause = wait_after(row.failures, known=row.known)
        row.until = now + pause if pause else None
