"""What the product may be called on screen."""

# A name in a browser's tab is read by whoever looks over a shoulder or through the history.
TELLING = (
    "rumah aman",
    "rumahaman",
    "safe house",
    "safehouse",
    "shelter",
    "korban",
    "victim",
    "kekerasan",
    "violence",
    "uptd",
    "ppa",
    "p2tp2a",
    "perlindungan",
)
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


def tells_too_much(title: str) -> bool:
    """Whether this name would say what kind of place this is."""
    plain = title.casefold()
    return any(word in plain for word in TELLING)
