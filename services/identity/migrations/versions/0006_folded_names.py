"""Names are folded further (apostrophes, hyphens, Latin look-alikes), and sorted alike in every database.

A replica of the version before goes on folding as it did: until it is gone, a name with a hyphen may not be found.
"""

import sqlalchemy as sa
from alembic import op

from services.identity.people.rules import search_name

revision = "0006"
down_revision = "0005"

#: People read at a time.
PART = 2000
PERSON = sa.table(
    "person",
    sa.column("school_id", sa.Uuid),
    sa.column("id", sa.Uuid),
    *(sa.column(name, sa.String) for name in ("family_name", "given_name", "patronymic", "search_name")),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":  # SQLite compares bytes anyway
        op.execute('ALTER TABLE person ALTER COLUMN search_name TYPE VARCHAR(620) COLLATE "C"')
    after = None
    while after := _fold_part(after):
        pass


def _fold_part(after: sa.Row | None) -> sa.Row | None:
    """Fold the next names; returns the last of them, or None where there are no more."""
    key = PERSON.c.school_id, PERSON.c.id
    chosen = sa.select(PERSON).order_by(*key).limit(PART)
    if after is not None:
        chosen = chosen.where(sa.tuple_(*key) > sa.tuple_(after.school_id, after.id))
    rows = op.get_bind().execute(chosen).all()
    for row in rows:
        folded = search_name(row.family_name, row.given_name, row.patronymic)
        if folded != row.search_name:
            this = PERSON.c.school_id == row.school_id, PERSON.c.id == row.id
            op.execute(PERSON.update().where(*this).values(search_name=folded))
    return rows[-1] if rows else None
