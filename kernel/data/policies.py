"""PostgreSQL's row-level security for tenants: the second wall beside `kernel.data.tenancy`."""

from __future__ import annotations

from kernel.data import tenancy


def allowed(column: str) -> str:
    """The condition of a policy. As subqueries, the settings are read once a statement instead of once a row."""
    setting = f"current_setting('{tenancy.SETTING}', true)"
    # casting the setting, not the column, keeps an index on the column usable; '' means no tenant
    own = f"{column} = (SELECT nullif(nullif({setting}, ''), '{tenancy.EVERYWHERE}')::uuid)"
    return f"(SELECT {setting} = '{tenancy.EVERYWHERE}') OR {own}"


def protecting(table: str, column: str) -> tuple[str, ...]:
    """The statements that isolate the rows of `table` by the tenant in `column`, also from the table's owner.

    A partition needs them too: what is asked of it by its own name passes by the policy of the whole.
    """
    condition = allowed(column)
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON {table} USING ({condition}) WITH CHECK ({condition})",
    )
