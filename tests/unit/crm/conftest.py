import pytest

from core.workspace import Workspace


@pytest.fixture
def workspace():
    with Workspace.in_memory() as made:
        yield made
