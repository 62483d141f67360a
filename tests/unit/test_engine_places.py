"""Where engines are: what is missing is named, and what is secret is not."""

import builtins
import sys

import pytest

from core.engine import open_engine
from core.engines.address import Address
from core.engines.handover import Handover
from core.errors import EngineUnavailableError
from core.workspace import Workspace
from tests.builders import Company


@pytest.fixture
def without(monkeypatch):
    """Make packages look as if they were not installed."""

    def hide(*packages):
        for name in list(sys.modules):
            if name.split(".")[0] in packages or name.startswith("core.engines."):
                monkeypatch.delitem(sys.modules, name)
        found = builtins.__import__

        def importing(name, *arguments, **options):
            if name.split(".")[0] in packages:
                raise ModuleNotFoundError(f"No module named '{name}'", name=name)
            return found(name, *arguments, **options)

        monkeypatch.setattr(builtins, "__import__", importing)

    return hide


@pytest.mark.parametrize(
    ("url", "package", "install"),
    [
        ("spark:", "pyspark", "pip install 'pyspark[connect]'; it needs Java 17 or newer"),
        ("sc://host", "pyspark", "pip install 'pyspark[connect]'"),
        ("sqlframe:", "sqlframe", "pip install sqlframe"),
        ("postgres://ann:s3cret@host/db", "psycopg2", "pip install sqlframe psycopg2-binary"),
    ],
)
def test_a_package_that_is_not_installed_is_named_with_how_to_get_it(
    without, url, package, install
):
    without(package)
    with Workspace.in_memory() as workspace, pytest.raises(EngineUnavailableError) as caught:
        open_engine(workspace, url)
    assert f"needs the package {package}" in str(caught.value)
    assert install in caught.value.hint
    assert "s3cret" not in str(caught.value)


def test_an_address_is_shown_without_user_password_and_options():
    address = Address.of("postgresql://ann:p@ss/w0rd@host:5432/db?password=geheim&schema=crm")
    assert str(address) == "postgresql://host:5432/db"
    assert address.options == {"password": "geheim", "schema": "crm"}
    assert "ss/w0rd" not in repr(address)
    assert "geheim" not in repr(address)
    assert str(Address.of("sc://host:443/;token=geheim;x=1")) == "sc://host:443/"


def test_files_handed_over_are_shared_by_calls_and_gone_with_the_workspace():
    with Company().deal("D1").workspace() as workspace:
        one, other = Handover.of(workspace), Handover.of(workspace)
        file = one.file(workspace.cursor(), "deals")
        assert other is one
        assert file.exists()
    folder = one.folder
    del workspace, one, other
    assert not folder.exists()
