"""The settings: read once from the environment, frozen, each documented in docs/settings.md.

Ours begin with ``QA_``; an unknown ``QA_`` name is an error. Slack's secrets keep the names that Slack gives
them; PORT and WEB_CONCURRENCY those of platforms, and they are read by gunicorn.
"""

import os
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

import click
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from qa_service.domain.address import FORM, Address, is_cluster
from qa_service.domain.errors import SettingsError

PREFIX = "QA_"
SLACK = {
    f"slack_{name}" for name in ("signing_secret", "bot_token", "client_id", "client_secret", "app_token")
}
PACKAGE = Path(__file__).resolve().parent
SHIPPED = PACKAGE / "_shipped"  # inside an installed wheel
CHECKOUT = PACKAGE.parent
HOME = SHIPPED if SHIPPED.is_dir() else CHECKOUT
SQLITE = "sqlite:///"


def _default_store() -> str:
    folder = CHECKOUT / "index" if HOME is CHECKOUT else Path(click.get_app_dir("qa-service"))
    return f"{SQLITE}{folder / 'store.db'}"


class Settings(BaseModel):
    """What whoever runs the service can choose."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    store: str = Field(
        default_factory=_default_store,
        description="Where everything is kept: sqlite:////absolute/path.db, or "
        "opensearch://[user:password@]host:port[,host:port]/prefix for a cluster that several machines share "
        "(opensearch+https:// over TLS; the prefix begins the names of its indices). Unset: the bundled "
        "corpus, built on first use.",
    )
    store_ca: Path | None = Field(
        default=None,
        description="Certificates, in PEM, of who vouches for the nodes of opensearch+https://. Unset: those "
        "that the system trusts.",
    )
    candidates: Literal["auto", "memory", "tantivy", "opensearch"] = Field(
        default="auto",
        description="Where the passages come from that are ranked: `memory` holds them all, `tantivy` is an "
        "index beside the store's file, `opensearch` the cluster of the store; `auto` takes `memory` up to "
        "3,000 passages.",
    )
    prompts: Path = Field(
        default=HOME / "prompts", description="Folder of the answer templates (see prompts/README.md)."
    )
    sources: Path = Field(
        default=HOME / "index" / "sources.toml",
        description="List of documents that the default store holds (see index/README.md).",
    )
    aliases: Path = Field(
        default=HOME / "index" / "aliases.toml", description="Names, demonyms and metonyms of actors."
    )
    synonyms: Path = Field(
        default=HOME / "index" / "synonyms.toml", description="Words that mean the same to a reader."
    )
    question_characters: int = Field(
        default=2000, ge=1, le=20_000, description="Longest question that is accepted, in characters."
    )
    history_questions: int = Field(
        default=20, ge=0, le=200, description="Most earlier questions that a request may carry."
    )
    body_bytes: int = Field(
        default=65_536, ge=1024, description="Largest request body that is read, in bytes."
    )
    chat_body_bytes: int = Field(
        default=2**20,
        ge=1024,
        description="Largest body that is read under /v1, where a whole conversation is sent, in bytes.",
    )
    stream_pause_ms: int = Field(
        default=10,
        ge=0,
        le=1000,
        description="Pause between two pieces of an answer streamed under /v1, in milliseconds: some browser "
        "clients lose an answer that arrives all at once.",
    )
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s()<>]+$",
        description="Address of this service as readers reach it, for links to its documents. Unset: the "
        "address that a request names.",
    )
    mcp_hosts: str = Field(
        default="",
        pattern=r"^(\*|[\w.:\[\]-]+( [\w.:\[\]-]+)*)?$",
        description="Host names under which `/mcp` may be called, separated by spaces; `*` is any. localhost "
        "and that of `QA_PUBLIC_URL` always may.",
    )
    remembered_answers: int = Field(
        default=1000,
        ge=0,
        description="Answers that a worker keeps, so that a repeated question costs nothing.",
    )
    record_answers: bool = Field(
        default=True,
        description="Whether the store keeps what was asked and answered (the latest 20,000 answers, "
        "256 MiB), to be found by id, and how much was asked in each hour.",
    )
    answer_days: int = Field(
        default=30, ge=1, le=3650, description="Days that a recorded answer and what was said of it are kept."
    )
    conversation_days: int = Field(
        default=30, ge=1, le=3650, description="Days that a conversation is kept after its last question."
    )
    embed_origins: str = Field(
        default="",
        pattern=r"^(\*|https?://[\w.*:\[\]-]+( https?://[\w.*:\[\]-]+)*)?$",
        description="Sites that may show /embed in a frame, separated by spaces: https://example.org; "
        "`*` is any, nothing is none.",
    )
    anonymous: bool = Field(
        default=True,
        description="Whether questions are answered without an API key (see docs/channels/api.md).",
    )
    anonymous_per_minute: int = Field(
        default=60,
        ge=0,
        le=100_000,
        description="Questions a minute from one address without a key, five minutes' worth at once; 0: any "
        "number.",
    )
    limit_loopback: bool = Field(
        default=False, description="Whether callers on this machine are counted too."
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=10,
        description="Proxies in front that add to X-Forwarded-For; 0: that header is not believed.",
    )
    proxy_addresses: str = Field(
        default="127.0.0.0/8 ::1 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7",
        description="Addresses or networks where those proxies stand, separated by spaces; `*` is any. From "
        "elsewhere that header is not believed.",
    )
    request_seconds: int = Field(
        default=30,
        ge=1,
        le=3600,
        description="Longest time that a request may take before it is cut, in seconds.",
    )
    cors_origins: str = Field(
        default="",
        pattern=r"^(\*|https?://[\w.:\[\]-]+( https?://[\w.:\[\]-]+)*)?$",
        description="Origins whose pages may call the API from a browser, separated by spaces: "
        "https://example.org; `*` is any, nothing is none.",
    )
    secret_file: Path | None = Field(
        default=None,
        description="File of the secret under which API keys are hashed, made with the first key. Unset: "
        "beside the store.",
    )
    any_sqlite: bool = Field(
        default=False,
        description="Whether to serve from a SQLite that may, rarely, destroy a store (3.7.0 to 3.51.2, but "
        "for 3.44.6 and 3.50.7; see docs/operations.md); otherwise such an engine is refused.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What is logged: from `info` on, a line for each request and each answer."
    )
    log_questions: bool = Field(
        default=False, description="Whether the log repeats what was asked (see docs/operations.md)."
    )
    opentelemetry: bool = Field(
        default=False,
        description="Whether each request is sent as a span over OTLP (extra `otel`). Where to, and all "
        "else, is said by OpenTelemetry's own variables, such as `OTEL_EXPORTER_OTLP_ENDPOINT`.",
    )
    ingest_file_bytes: int = Field(
        default=25 * 2**20, ge=1024, description="Largest file that is ingested, in bytes."
    )
    ingest_seconds: int = Field(
        default=60, ge=1, description="Longest time that reading one file may take, in seconds."
    )
    upload_seconds: int = Field(
        default=120,
        ge=1,
        le=3600,
        description="Longest time that the files of one upload may take, in seconds.",
    )
    ingest_memory_bytes: int = Field(
        default=2**30, ge=128 * 2**20, description="Most memory that reading one file may take, in bytes."
    )

    hook_tokens: SecretStr | None = Field(
        default=None,
        description="Tokens of chats that send outgoing webhooks, with commas between; see "
        "docs/channels/webhook.md.",
    )
    slack_api: str = Field(
        default="https://slack.com/api/",
        pattern=r"^https?://[^\s?#]+/$",
        description="Slack's Web API; GovSlack has another.",
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, description="Proves that a request comes from Slack; switches `/slack/…` on."
    )
    slack_bot_token: SecretStr | None = Field(
        default=None, description="The bot's token in the one workspace where the app is installed."
    )
    slack_client_id: str | None = Field(
        default=None,
        description="The app's id, for installation in several workspaces at `/slack/install`; the bot token "
        "is not used then.",
    )
    slack_client_secret: SecretStr | None = Field(
        default=None, description="The app's secret, for installation in several workspaces."
    )
    slack_app_token: SecretStr | None = Field(
        default=None, description="Opens the connection of `qa-service slack socket`."
    )

    @property
    def address(self) -> Address | None:
        """The cluster that ``store`` names; None when it names a file."""
        return Address.of(self.store, self.store_ca) if is_cluster(self.store) else None

    @property
    def store_path(self) -> Path:
        """The SQLite file that ``store`` names; of a cluster, the place of files that are this machine's."""
        if is_cluster(self.store):
            return Path(click.get_app_dir("qa-service")) / Address.of(self.store).prefix
        return Path(self.store.removeprefix(SQLITE))

    @property
    def slack_path(self) -> Path:
        """The SQLite file, beside the store, that keeps the tokens of several workspaces."""
        return self.store_path.with_name(f"{self.store_path.stem}.slack.db")

    @property
    def origins(self) -> frozenset[str]:
        """The origins that ``cors_origins`` lists."""
        return frozenset(self.cors_origins.split())

    @property
    def secret_path(self) -> Path:
        """The file of the secret under which API keys are hashed."""
        return self.secret_file or self.store_path.with_name(f"{self.store_path.name}.secret")

    @property
    def bundled(self) -> bool:
        """Whether the store is the default one, which follows ``sources``."""
        return self.store == _default_store()


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises SettingsError naming each setting that is wrong."""
    names = os.environ if environment is None else environment
    known = {environment_name(field) for field in Settings.model_fields}
    unknown = sorted(name for name in names if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingsError(f"Unknown setting {', '.join(unknown)}. Known: {', '.join(sorted(known))}.")
    values = {name: names[name] for name in sorted(known) if name in names}
    empty = sorted(name for name, value in values.items() if not value.strip())
    if empty:
        raise SettingsError(f"{', '.join(empty)}: the value is empty; leave the setting out for its default.")
    try:
        settings = Settings.model_validate(
            {name.removeprefix(PREFIX).lower(): value for name, value in values.items()}
        )
    except ValidationError as error:
        raise SettingsError("; ".join(_problem(one) for one in error.errors())) from error
    return _checked(settings)


def environment_name(field: str) -> str:
    """The environment's name of a field: ``store`` is QA_STORE, ``slack_bot_token`` is SLACK_BOT_TOKEN."""
    return field.upper() if field in SLACK else PREFIX + field.upper()


def _problem(error: Mapping[str, object]) -> str:
    place = error["loc"]
    name = place[0] if isinstance(place, tuple) and place else ""
    return f"{environment_name(str(name))}: {error['msg']}"


def _checked(settings: Settings) -> Settings:
    _check_store(settings)
    if (settings.slack_client_id is None) != (settings.slack_client_secret is None):
        raise SettingsError("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together: set both or neither.")
    if not all(network == "*" or _is_network(network) for network in settings.proxy_addresses.split()):
        raise SettingsError("QA_PROXY_ADDRESSES: give addresses or networks such as 10.0.0.0/8, or *.")
    if not settings.prompts.is_dir():
        raise SettingsError(f"QA_PROMPTS: there is no folder {settings.prompts}.")
    return settings


def _check_store(settings: Settings) -> None:
    """Raises SettingsError. A store that names OpenSearch may hold a password: it is not repeated."""
    if is_cluster(settings.store):
        address = Address.of(settings.store)
        if settings.store_ca is not None and not (address.secure and settings.store_ca.is_file()):
            raise SettingsError("QA_STORE_CA: it goes with opensearch+https:// and has to be there.")
    elif not settings.store.startswith(SQLITE) or not settings.store_path.is_absolute():
        raise SettingsError(
            f"QA_STORE: {settings.store!r} is not of the form sqlite:////absolute/path.db or {FORM}."
        )
    if settings.candidates == ("tantivy" if is_cluster(settings.store) else "opensearch"):
        raise SettingsError(f"QA_CANDIDATES: {settings.candidates} does not go with this QA_STORE.")


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
