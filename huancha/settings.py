"""Typed settings, read from the environment (`HUANCHA_…`) at the composition root."""

from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from huancha.errors import BadSetting


class Settings(BaseSettings):
    """What an installation may set; an empty variable counts as unset.

    `workspace` (HUANCHA_WORKSPACE) is the folder that holds the office's tables, scans and decisions;
    `debug` (HUANCHA_DEBUG=1) shows the traceback of an unexpected error.
    """

    model_config = SettingsConfigDict(env_prefix="HUANCHA_", env_ignore_empty=True, extra="ignore")

    workspace: Path = Path("workspace")
    debug: bool = False


def read_settings() -> Settings:
    """The settings as the environment gives them; raises `BadSetting`."""
    try:
        return Settings()
    except ValidationError as wrong:
        first = wrong.errors()[0]
        name = "HUANCHA_" + str(first["loc"][0]).upper()
        raise BadSetting(name, first["msg"]) from wrong
