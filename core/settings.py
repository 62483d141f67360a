"""What an installation may set: the environment, read when asked and never at import."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Limits and places of one installation.

    Each field is read from the environment as ``PLUMBLINE_`` and its name in capitals, for
    example ``PLUMBLINE_WORKSPACE=acme.duckdb``.
    """

    model_config = SettingsConfigDict(env_prefix="PLUMBLINE_", frozen=True)

    workspace: Path | None = Field(
        default=None,
        description="The workspace file pages and API share; without one each visitor gets a "
        "private workspace in memory that opens on demo data.",
    )
    memory_limit_mb: int = Field(default=512, ge=64, description="Memory DuckDB may use, in MB.")
    threads: int = Field(default=2, ge=1, description="Threads DuckDB may use.")
    max_upload_mb: int = Field(default=200, ge=1, description="Largest file read, in MB.")
    demo_seed: int = Field(default=7, description="Seed of the demo company.")
    demo_deals: int = Field(default=2_000, ge=1, description="Deals of the demo company.")

    @property
    def max_upload_bytes(self) -> int:
        """Largest file read, in bytes; a MB is 2**20 bytes, as in the drop zone."""
        return self.max_upload_mb * 2**20
