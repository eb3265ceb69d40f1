"""Typed settings, read from the environment (`HUANCHA_…`) at the composition root."""

import os
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from huancha.errors import BadSetting


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

    def roots(self) -> tuple[Path, ...]:
        """The folders that screens may load from; none unless set."""
        return tuple(Path(part) for part in self.load_roots.split(os.pathsep) if part.strip())

    def password(self) -> str:
        """The graph server's password, without the line end of its file; raises `BadSetting`."""
        if self.graph_password is not None:
            return self.graph_password.get_secret_value()
        if self.graph_password_file is None:
            why = "it is not set, nor is HUANCHA_GRAPH_PASSWORD_FILE"
            raise BadSetting("HUANCHA_GRAPH_PASSWORD", why)
        try:
            return self.graph_password_file.read_text("utf-8").rstrip("\r\n")
        except (OSError, ValueError) as unread:
            why = str(unread.strerror) if isinstance(unread, OSError) else "it is no text"
            raise BadSetting("HUANCHA_GRAPH_PASSWORD_FILE", why) from None


def read_settings() -> Settings:
    """The settings as the environment gives them; raises `BadSetting`."""
    try:
        return Settings()
    except ValidationError as wrong:
        first = wrong.errors()[0]
        name = "HUANCHA_" + str(first["loc"][0]).upper()
        raise BadSetting(name, first["msg"]) from wrong
