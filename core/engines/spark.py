"""``spark:``, ``spark://host:7077`` and ``sc://host:15002``: a Spark session of one's own or given.

Without a place Spark runs in this process's machine, and the workspace's tables are handed over as
Parquet files in a temporary folder. A cluster cannot see that folder: its URL names a folder of
files that `python -m app export` wrote (``?tables=``), or a schema of its catalogue that holds
them (``?schema=``).
"""

import socket
from typing import Any, Final

import narwhals as nw
import polars as pl
from pyspark.errors import AnalysisException, PySparkException
from pyspark.sql import SparkSession

from core.engine import Frame, collect
from core.engines.address import Address
from core.engines.call import Call
from core.engines.handover import MARK, Handover, require_same_data
from core.errors import EngineUnavailableError
from core.workspace import Workspace

_SETTINGS: Final = {"spark.sql.session.timeZone": "UTC"}

_OF_OUR_DRIVER: Final = {
    "spark.app.name": "Plumbline",
    "spark.log.level": "ERROR",
    "spark.ui.showConsoleProgress": "false",
}

_ON_THIS_MACHINE: Final = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "8",
    "spark.ui.enabled": "false",
}
"""Nothing of a Spark of one's own listens beyond this machine."""

_PORTS: Final = {"spark": 7077, "sc": 15002}

_SECONDS_TO_ANSWER: Final = 10.0
"""Spark itself would try for minutes to reach a cluster that is not there."""


class SparkEngine(Call):
    """Frames of one Spark session, which all calls of the process share.

    Parameters
    ----------
    workspace
        Whose data.
    session
        Where reductions run.
    address
        Where the tables are.
    """

    def __init__(self, workspace: Workspace, session: SparkSession, address: Address) -> None:
        super().__init__(workspace, "spark")
        self._session = session
        self._address = address
        self._folder = address.options.get("tables", "").rstrip("/")
        self._schema = address.options.get("schema", "")
        if self._folder or self._schema:
            found = collect(nw.from_native(self._read(MARK)))["fingerprint"].item()
            require_same_data(workspace, found, address)

    def lend(self, rows: pl.DataFrame, name: str) -> Frame:  # noqa: ARG002
        """Send rows to the session."""
        frame: Frame = nw.from_native(self._session.createDataFrame(rows.to_arrow()))
        return frame

    def _read(self, name: str) -> Any:  # noqa: ANN401
        try:
            if self._schema:
                return self._session.table(f"{self._schema}.{name}")
            if self._folder:
                return self._session.read.parquet(f"{self._folder}/{name}.parquet")
        except AnalysisException as error:
            raise EngineUnavailableError(
                f"Spark does not find the table {name} in {self._schema or self._folder}.",
                "Write it with 'python -m app export', and check the name of the place.",
            ) from error
        file = Handover.of(self._workspace).file(self._workspace.cursor(), name)
        return self._session.read.parquet(str(file))


def opened(workspace: Workspace, address: Address, keeps: int) -> SparkEngine:  # noqa: ARG001
    """Return the engine for one call; rows stay where they are.

    Raises
    ------
    EngineUnavailableError
        If Spark is not installed, does not start, or no place is named where a cluster finds the
        tables.
    """
    address.require(("tables", "schema"))
    if len(address.options) > 1:
        raise EngineUnavailableError("The tables are in one place.", "Give tables= or schema=.")
    if address.scheme == "sc" and not address.host:
        raise EngineUnavailableError("sc: needs a host.", "Write it as sc://host:15002?tables=….")
    if address.host and not address.options:
        raise EngineUnavailableError(
            f"The cluster at {address} cannot see the files of this machine.",
            "Write the tables with 'python -m app export' where it can, and name the folder: "
            f"{address}?tables=s3a://bucket/folder; or ?schema=catalog.schema that holds them.",
        )
    return SparkEngine(workspace, _session(address), address)


def _session(address: Address) -> SparkSession:
    """Return the session of an address, or the one this process has with it already."""
    settings = dict(_SETTINGS)
    if address.scheme == "spark":
        settings |= _OF_OUR_DRIVER if address.host else _OF_OUR_DRIVER | _ON_THIS_MACHINE
    builder = SparkSession.builder
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        if address.host:
            _require_answer(address)
        if address.scheme == "sc":
            return builder.remote(f"sc:{address.place}").getOrCreate()
        place = f"spark:{address.place}" if address.host else "local[*]"
        return builder.master(place).getOrCreate()
    except (PySparkException, ImportError, OSError) as error:
        raise EngineUnavailableError(
            f"Spark cannot be started at {address}: {_first_line(error)}",
            "It needs Java 17 or newer, and a cluster has to be reachable; sc: also needs what "
            "pip install 'pyspark[connect]' brings.",
        ) from error


def _require_answer(address: Address) -> None:
    """Knock at the cluster; raises OSError when nobody answers."""
    host, _, port = address.host.partition(":")
    where = (host, int(port) if port.isdecimal() else _PORTS[address.scheme])
    socket.create_connection(where, timeout=_SECONDS_TO_ANSWER).close()


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
