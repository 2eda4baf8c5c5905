"""Everyone who works in the invented office."""

import datetime as dt
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from safehouse.access.hashing import Hasher
from safehouse.access.models import Account, AccountState, Discipline
from safehouse.access.operations.accounts import make_account
from safehouse.access.operations.enrolling import keep_password, new_factor
from safehouse.access.permissions import Role
from safehouse.access.rules.passwords import why_not_password
from safehouse.trail.acts import Act
from safehouse.trail.models import SYSTEM, Actor, ActorKind
from safehouse.trail.opening import Sealed, open_values
from safehouse.trail.operations import record

ACCOUNTS_FILE = "demo-accounts.json"
ONE, TWO = 0, 1  # the two houses


@dataclass(frozen=True, slots=True)
class Part:
    """One person of the cast; `houses` are positions in the list of houses."""

    username: str
    shown_name: str
    role: Role
    houses: tuple[int, ...] = (ONE, TWO)
    disciplines: tuple[Discipline, ...] = ()
    is_head: bool = False


# The first of each role is the one the command line prints.
CAST = (
    Part("wulan", "Bu Wulan", Role.STAFF),
    Part("ratih", "Bu Ratih", Role.CASEWORKER, disciplines=(Discipline.SOCIAL_WORK,)),
    Part("hartati", "Bu Hartati", Role.MANAGER, is_head=True),
    Part("bayu", "Pak Bayu", Role.SECURITY_OFFICER, houses=()),
    Part("tari", "Mbak Tari", Role.STAFF, houses=(ONE,)),
    Part("yuni", "Mbak Yuni", Role.STAFF, houses=(TWO,)),
    Part("galuh", "Bu Galuh", Role.CASEWORKER, disciplines=(Discipline.PSYCHOLOGY,)),
    Part("asri", "Bu Asri", Role.CASEWORKER, disciplines=(Discipline.HEALTH,)),
    Part("laras", "Bu Laras", Role.CASEWORKER, disciplines=(Discipline.LEGAL, Discipline.EDUCATION)),
    Part("mirna", "Bu Mirna", Role.MANAGER),
)

PASSWORD_WORDS = (
    "awan",
    "bambu",
    "batu",
    "benang",
    "buku",
    "cangkir",
    "danau",
    "ember",
    "fajar",
    "garam",
    "gelas",
    "gitar",
    "gula",
    "gunung",
    "hujan",
    "jendela",
    "jembatan",
    "kabut",
    "kacang",
    "kapal",
    "kapas",
    "kebun",
    "kertas",
    "kipas",
    "kolam",
    "kopi",
    "kuali",
    "kursi",
    "ladang",
    "lampu",
    "layar",
    "lemari",
    "lilin",
    "madu",
    "mangkuk",
    "meja",
    "obor",
    "ombak",
    "padi",
    "pagar",
    "pantai",
    "payung",
    "pensil",
    "perahu",
    "pintu",
    "piring",
    "rakit",
    "roda",
    "rumput",
    "sabun",
    "sagu",
    "sapu",
    "sawah",
    "sendok",
    "sepeda",
    "sungai",
    "sumur",
    "tangga",
    "teko",
    "tikar",
    "topi",
    "ubin",
    "wajan",
    "wortel",
)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """What a person needs to sign in to the demo, as `demo-accounts.json` holds it."""

    username: str
    role: str
    password: str
    totp_secret: str


def new_password() -> str:
    """Four plain words: easy to type from the screen, and as good as the rules for people's own passwords."""
    while why_not_password(password := "-".join(secrets.choice(PASSWORD_WORDS) for _ in range(4))):
        continue
    return password


def hashed_passwords(hasher: Hasher) -> dict[str, tuple[str, str]]:
    """user name -> (password, its hash). Before the transaction: Argon2 never runs inside one."""
    passwords = {part.username: new_password() for part in CAST}
    return {username: (password, hasher.hash(password)) for username, password in passwords.items()}


def sign_up(
    session: Session, part: Part, *, house_ids: Sequence[int], password: tuple[str, str], now: dt.datetime
) -> tuple[Account, DemoAccount]:
    """An account with both factors set up, as if its person had done it."""
    account = make_account(
        session,
        username=part.username,
        shown_name=part.shown_name,
        role=part.role,
        house_ids=house_ids,
        disciplines=part.disciplines,
        is_head=part.is_head,
        valid_until=None,
        now=now,
        by=SYSTEM,
    )
    plain, password_hash = password
    by = actor(account)
    keep_password(session, account=account, password_hash=password_hash, now=now, by=by)
    totp = new_factor(session, account=account)
    (secret,) = open_values(session, now=now, by=by, purpose="enrolment", wanted=[Sealed(totp, "secret", account.ref)])
    totp.confirmed_at, account.state = now, AccountState.ACTIVE
    record(session, now=now, by=by, act=Act.FACTOR_BOUND, subject=account.ref)
    session.flush()
    return account, DemoAccount(part.username, part.role.value, plain, secret)


def actor(account: Account) -> Actor:
    return Actor(ActorKind.ACCOUNT, account.id, account.ref)


def write_accounts(folder: Path, accounts: list[DemoAccount]) -> None:
    """Wholly or not at all, and readable by its owner alone."""
    path = folder / ACCOUNTS_FILE
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump([asdict(account) for account in accounts], file, indent=2)
    unfinished.replace(path)


def read_accounts(folder: Path) -> list[DemoAccount]:
    """Empty when somebody has taken the file away."""
    try:
        text = (folder / ACCOUNTS_FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    return [DemoAccount(**kept) for kept in json.loads(text)]
