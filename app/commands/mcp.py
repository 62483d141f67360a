"""``python -m app mcp``: the same answers for agents."""

import importlib.util

from app.commands.arguments import WorkspaceOption, workspace_file
from core.errors import ExtraMissingError, WorkspaceMissingError

HOW_TO_INSTALL = 'Install it in the folder of the product with: pip install ".[mcp]"'


def mcp(workspace: WorkspaceOption) -> None:
    """Answer an agent over standard input and output (Model Context Protocol); it only reads."""
    if importlib.util.find_spec("mcp") is None:
        raise ExtraMissingError("The package mcp is not installed.", HOW_TO_INSTALL)
    file = workspace_file(workspace)
    if not file.exists():
        raise WorkspaceMissingError(
            f"There is no workspace at {file}.", "Import files first, or check the path."
        )
    from app.mcp_server import run

    run(file)
