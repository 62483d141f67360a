"""What an installation may set: the environment, read when asked and never at import."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Limits and places of one installation.

    Each field is read from the environment as ``PLUMBLINE_`` and its name in capitals, for
    example ``PLUMBLINE_WORKSPACE=acme.duckdb``. A variable that is set but empty counts as not set.
    """

    model_config = SettingsConfigDict(env_prefix="PLUMBLINE_", env_ignore_empty=True, frozen=True)

    workspace: Path | None = Field(
        default=None,
        description="The workspace file pages and API share; without one each visitor gets a "
        "private workspace in memory that opens on demo data.",
    )
    memory_limit_mb: int = Field(default=512, ge=64, description="Memory DuckDB may use, in MB.")
    threads: int = Field(default=2, ge=1, description="Threads DuckDB may use.")
    second_process: bool = Field(
        default=True,
        description="Whether pages may fit series in a process beside the server, which "
        "takes 170 MB for the minute it lives; without it the server keeps 100 MB.",
    )
    max_upload_mb: int = Field(default=200, ge=1, description="Largest file read, in MB.")
    demo_seed: int = Field(default=7, description="Seed of the demo company.")
    demo_deals: int = Field(default=2_000, ge=1, description="Deals of the demo company.")
    own_installation: bool = Field(
        default=False,
        description="Whether everybody who reaches the pages may change what this installation "
        "calls, such as the address of the model server; `python -m app serve` on this machine "
        "says yes.",
    )
    writer: str = Field(
        default="rules", description="Who writes the analyst's text: rules, ollama or openai."
    )
    writer_timeout_seconds: float = Field(
        default=60, gt=0, le=600, description="Time a model may take for one text, in seconds."
    )
    writer_max_tokens: int = Field(
        default=600, ge=50, le=4000, description="Length of a model's answer at most, in tokens."
    )
    writer_sends_values: bool | None = Field(
        default=None,
        description="Whether figures go to the model along with what they mean; by default only "
        "to a model on this machine.",
    )
    ollama_url: str = Field(
        default="http://127.0.0.1:11434", description="Address of the Ollama server."
    )
    ollama_model: str = Field(default="mistral", description="Model that Ollama runs.")
    openai_url: str = Field(
        default="", description="Address of a server with the chat protocol of OpenAI, without /v1."
    )
    openai_model: str = Field(default="", description="Model of that server.")
    openai_key: SecretStr = Field(
        default=SecretStr(""), description="Key for that server; never shown."
    )

    @property
    def max_upload_bytes(self) -> int:
        """Largest file read, in bytes; a MB is 2**20 bytes, as in the drop zone."""
        return self.max_upload_mb * 2**20
