"""How this installation is set: each setting with its value, its meaning and its variable."""

from pathlib import Path

import polars as pl
import streamlit as st
from pydantic import SecretStr

from app.components import tables
from core.settings import Settings


def show(settings: Settings) -> None:
    """Draw every setting; keys are only said to be set or not."""
    st.header("This installation", anchor=False)
    st.markdown("Read from the environment when the app starts.")
    rows = pl.DataFrame(
        [
            {
                "variable": f"PLUMBLINE_{name.upper()}",
                "value": _shown(getattr(settings, name)),
                "meaning": field.description or "",
            }
            for name, field in Settings.model_fields.items()
        ]
    )
    tables.show(
        rows,
        {
            "variable": st.column_config.TextColumn("Variable", pinned=True),
            "value": st.column_config.TextColumn("Value"),
            "meaning": st.column_config.TextColumn("Meaning", width="large"),
        },
        "Every setting of this installation with its value and meaning",
        key="installation_table",
    )


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "set" if value.get_secret_value() else "not set"
    if isinstance(value, Path):
        return value.name  # where it lies on the server is not for every visitor
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not set" if value in {None, ""} else str(value)
