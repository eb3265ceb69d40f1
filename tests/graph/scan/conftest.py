"""A synthetic world with many rings, loaded by the real loader and scanned, once per run."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from loaders.load import load_folder
from loaders.synthetic import WorldSettings, write_world
from tests.graph.found import Scanned, scan_of

LOADED = datetime(2026, 1, 1)


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of CSV files that an office sends: 20,000 visits, about twelve rings, dirt."""
    folder = tmp_path_factory.mktemp("synthetic") / "exports"
    write_world(folder, visits=20_000, seed=5, settings=replace(WorldSettings(), rings=6.0))
    return folder


@pytest.fixture(scope="session")
def loaded(exports: Path, tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    workspace = tmp_path_factory.mktemp("loaded") / "workspace"
    load_folder(exports, workspace, now=LOADED)
    return scan_of(workspace)
