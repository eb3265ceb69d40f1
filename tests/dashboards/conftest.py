"""What every test of the dashboard runs on: a server that listens on loopback, as `huancha serve` starts it."""

from collections.abc import Iterator
from functools import cache

import pytest
from streamlit import config
from streamlit.components.v2 import manifest_scanner


@pytest.fixture(autouse=True)
def loopback() -> Iterator[None]:
    before = config.get_option("server.address")
    config.set_option("server.address", "127.0.0.1")
    yield
    config.set_option("server.address", before)


@pytest.fixture(scope="session", autouse=True)
def components_are_listed_once() -> Iterator[None]:
    """Each `AppTest` reads what every installed package says of itself, as a server does when it starts."""
    with pytest.MonkeyPatch.context() as patch:
        found = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", found)
        yield
