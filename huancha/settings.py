"""Typed settings, read once from the environment (`HUANCHA_…`) at the composition root."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an installation may set.

    `workspace` is the folder that holds the office's tables, scans and decisions.
    """

    model_config = SettingsConfigDict(env_prefix="HUANCHA_", extra="ignore")

    workspace: Path = Path("workspace")
    seed: int = 1
