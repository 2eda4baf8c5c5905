"""An office's old register, read once."""

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from safehouse.access.models import Account
from safehouse.database import Base, HasRef
from safehouse.shelter.models.stays import Placement


class ImportedRow(Base):
    """A row of an office's register that was read before: importing it again adds nothing.

    The fingerprint is a keyed digest. Without a placement the row was left out on purpose.
    """

    __tablename__ = "imported_row"
    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    placement_id: Mapped[int | None] = mapped_column(ForeignKey(Placement.id))
    at: Mapped[dt.datetime]


class ImportRun(HasRef, Base):
    """Workbooks somebody wants to bring in: their lines and her answers, sealed with her own key until she is done.

    Afterwards only the figures stay, for a day. No file name is kept: offices put people's names into them.
    """

    __tablename__ = "import_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), index=True)
    made_at: Mapped[dt.datetime]
    inventory: Mapped[bytes | None]
    register: Mapped[bytes | None]
    answers: Mapped[bytes | None]
    done_at: Mapped[dt.datetime | None]
    figures: Mapped[str | None] = mapped_column(String(400))
