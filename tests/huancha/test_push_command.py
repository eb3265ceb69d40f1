"""`huancha push` over real connections, on a machine that is set to another time zone than its places."""

import getpass
import time

import pytest

from casework.beijing import beijing_now
from casework.orders.ledger import State, orders_of
from casework.store import open_store
from tests.factory import small_world
from tests.places import places
from tests.pushing import suspended

CODES = ("FA_A", "FA_B")


@pytest.fixture
def far_away(monkeypatch):
    """A machine on the other side of the earth."""
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_orders_reach_their_places_whatever_zone_the_machine_is_set_to(
    call, far_away, tmp_path, monkeypatch
):
    workspace = small_world(tmp_path)
    monkeypatch.setattr(getpass, "getuser", lambda: "li")
    with open_store(workspace) as store:
        no = suspended(store, CODES, now=beijing_now())
    with places(CODES, tmp_path / "places", beijing_now) as world:
        keys = workspace / "channel_keys.toml"
        channels = ['keys = "channel_keys.toml"']
        secrets = []
        for code in CODES:
            key = world[code].key
            secrets.append(
                f'[keys.{key.id}]\nalgorithm = "{key.algorithm}"\nsecret = "{key.secret.decode()}"'
            )
            channels.append(
                f'[[channels]]\nplace = "{code}"\nkey = "{key.id}"\nurl = "{world.endpoint(code).url}"'
            )
        keys.write_text("\n".join(secrets), "utf-8")
        keys.chmod(0o600)
        (workspace / "channels.toml").write_text("\n".join(channels), "utf-8")
        assert "acknowledged 2" in call("push", "--once", "--workspace", workspace).err
        assert all(len(world[code].applied) == 1 for code in CODES)
    with open_store(workspace) as store, store.read() as tx:
        assert {one.state for one in orders_of(tx, no)} == {State.ACKNOWLEDGED}
