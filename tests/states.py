"""What a workspace holds, in a form that two states can be compared by."""

from core import schema


def state_of(workspace):
    """Return every canonical row, every import and every settled fact."""
    tables = (*schema.IMPORTED, *schema.RECORDS)
    rows = {name: workspace.query(f"SELECT * FROM {name} ORDER BY ALL").rows() for name in tables}
    facts = {key: workspace.meta(key) for key in ("kind", "currency", "as_of")}
    return {**rows, "facts": facts, "fingerprint": workspace.fingerprint()}


def derived_of(workspace):
    """Return the tables computed from the canonical ones."""
    names = ("deal_keys", "deal_touches", "deal_amounts")
    return {name: workspace.query(f"SELECT * FROM {name} ORDER BY ALL").rows() for name in names}
