"""Placeholder."""

from app import state
from app.components import header

header.show("Import", state.view())
