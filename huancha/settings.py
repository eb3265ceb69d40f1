"""Typed settings, read from the environment (`HUANCHA_…`) at the composition root."""

import os
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from huancha.errors import BadSetting

SHORTEST_SECRET = 16


class SignIn(StrEnum):
    """How people sign in to the dashboard."""

    DEMO = "demo"
    OIDC = "oidc"
    PROXY = "proxy"


class Settings(BaseSettings):
    """What an installation may set; an empty variable counts as unset.

    `workspace` (HUANCHA_WORKSPACE) is the folder that holds the office's tables, scans and decisions;
    `debug` (HUANCHA_DEBUG=1) shows the traceback of an unexpected error. `graph` (HUANCHA_GRAPH) is the
    address of a Neo4j server that holds the graph (`neo4j://host:7687`); unset, the workspace itself does.
    `graph_user`, `graph_database` say as whom and where; the password comes from HUANCHA_GRAPH_PASSWORD or
    from the file HUANCHA_GRAPH_PASSWORD_FILE names, never from an argument. `graph_patience` is for how
    many seconds a server that went away is asked again.
    `load_roots` (HUANCHA_LOAD_ROOTS) are the folders, apart by `:`, whose exports may be loaded from the screen.
    `casework` (HUANCHA_CASEWORK) is a PostgreSQL that holds the office's decisions
    (`postgresql://user@host/database`, its password as libpq takes it); unset, a file of the workspace does.
    `sign_in` (HUANCHA_SIGN_IN) says how people sign in: `demo` (a role picker, on loopback only), `oidc`
    (Streamlit's own, set up in its secrets.toml) or `proxy` (headers of a proxy that signs people in).
    `people` (HUANCHA_PEOPLE) is the TOML file of who has which roles and regions, see docs/operations.md;
    `name_claim`, `groups_claim` are the OIDC claims that name a person and their groups, and
    `sign_in_hours` is for how long such a sign-in lasts. A proxy is believed
    from `proxy_from` (addresses or networks, apart by `,`) with HUANCHA_PROXY_SECRET, or what the file
    HUANCHA_PROXY_SECRET_FILE holds, in `X-Huancha-Secret`; `proxy_user`, `proxy_groups` are its headers.
    `unmask_seconds` is how long an unmasked value stays on screen, `unmask_daily` how many a person may see a day.
    `receiver_places` (HUANCHA_RECEIVER_PLACES) are the codes of the places, apart by `,`, that `huancha receiver`
    takes orders for; `receiver_keys` is its file of keys (see docs/receiver.md; unset, `receiver-keys.toml` of the
    workspace), `receiver_certificate` the PEM file of its certificate and private key, `receiver_window` how many
    seconds a request's timestamp may be off.
    """

    model_config = SettingsConfigDict(env_prefix="HUANCHA_", env_ignore_empty=True, extra="ignore")

    workspace: Path = Path("workspace")
    debug: bool = False
    graph: str | None = None
    graph_user: str = "neo4j"
    graph_password: SecretStr | None = None
    graph_password_file: Path | None = None
    graph_database: str | None = None
    graph_patience: float = Field(default=30.0, ge=0)
    load_roots: str = ""
    casework: str | None = None
    sign_in: SignIn = SignIn.DEMO
    people: Path | None = None
    name_claim: str = "email"
    groups_claim: str = "groups"
    sign_in_hours: int = Field(default=12, ge=1, le=720)
    proxy_from: str = ""
    proxy_secret: SecretStr | None = None
    proxy_secret_file: Path | None = None
    proxy_user: str = "X-Forwarded-User"
    proxy_groups: str = "X-Forwarded-Groups"
    unmask_seconds: int = Field(default=60, ge=5, le=600)
    unmask_daily: int = Field(default=50, ge=0)
    receiver_places: str = ""
    receiver_keys: Path | None = None
    receiver_certificate: Path | None = None
    receiver_window: int = Field(default=300, ge=1, le=3_600)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment alone: each screen asks several times, and looking elsewhere takes as long again."""
        return init_settings, env_settings

    def roots(self) -> tuple[Path, ...]:
        """The folders that screens may load from; none unless set."""
        return tuple(Path(part) for part in self.load_roots.split(os.pathsep) if part.strip())

    def places(self) -> frozenset[str]:
        """The places the receiver takes orders for; raises `BadSetting` when none is set."""
        codes = frozenset(code.strip() for code in self.receiver_places.split(",") if code.strip())
        if not codes:
            raise BadSetting("HUANCHA_RECEIVER_PLACES", "it names no place")
        return codes

    def password(self) -> str:
        """The graph server's password, without the line end of its file; raises `BadSetting`."""
        return _secret("HUANCHA_GRAPH_PASSWORD", self.graph_password, self.graph_password_file)

    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Where a proxy is believed; raises `BadSetting` when nowhere."""
        name = "HUANCHA_PROXY_FROM"
        parts = [part.strip() for part in self.proxy_from.split(",") if part.strip()]
        if not parts:
            raise BadSetting(name, "it is not set")
        try:
            return tuple(ip_network(part) for part in parts)
        except ValueError:
            raise BadSetting(name, "it holds something that is no address") from None

    def shared_secret(self) -> str:
        """What the proxy proves itself with, without the line end of its file; raises `BadSetting`."""
        name = "HUANCHA_PROXY_SECRET"
        found = _secret(name, self.proxy_secret, self.proxy_secret_file)
        if len(found) < SHORTEST_SECRET:
            raise BadSetting(name, f"it has fewer than {SHORTEST_SECRET} characters")
        return found


def _secret(name: str, given: SecretStr | None, file: Path | None) -> str:
    if given is not None:
        return given.get_secret_value()
    if file is None:
        raise BadSetting(name, f"it is not set, nor is {name}_FILE")
    try:
        return file.read_text("utf-8").rstrip("\r\n")
    except (OSError, ValueError) as unread:
        why = str(unread.strerror) if isinstance(unread, OSError) else "it is no text"
        raise BadSetting(f"{name}_FILE", why) from None


def read_settings() -> Settings:
    """The settings as the environment gives them; raises `BadSetting`."""
    try:
        return Settings()
    except ValidationError as wrong:
        first = wrong.errors()[0]
        name = "HUANCHA_" + str(first["loc"][0]).upper()
        raise BadSetting(name, first["msg"]) from wrong
