"""`huancha push` and the thread of `huancha work` over real connections."""

import getpass
import signal
import time

import pytest

from casework.beijing import beijing_now
from casework.orders.ledger import State, orders_of
from casework.store import open_store
from huancha.commands.push import keep_pushing
from tests.factory import small_world
from tests.huancha.conftest import PATIENCE
from tests.places import Fault, places
from tests.pushing import suspended

CODES = ("FA_A", "FA_B")


@pytest.fixture
def office(tmp_path):
    """A workspace with an approved order to each place; its path, and the number of the sanction."""
    workspace = small_world(tmp_path)
    with open_store(workspace) as store:
        no = suspended(store, CODES, now=beijing_now())
    return workspace, no


@pytest.fixture
def town(office, tmp_path):
    """The places, and a channel of the workspace to each of them."""
    workspace, _ = office
    with places(CODES, tmp_path / "places", beijing_now) as world:
        channels, secrets = ['keys = "channel_keys.toml"'], []
        for code in CODES:
            key = world[code].key
            secrets.append(
                f'[keys.{key.id}]\nalgorithm = "{key.algorithm}"\nsecret = "{key.secret.decode()}"'
            )
            channels.append(
                f'[[channels]]\nplace = "{code}"\nkey = "{key.id}"\nurl = "{world.endpoint(code).url}"'
            )
        keys = workspace / "channel_keys.toml"
        keys.write_text("\n".join(secrets), "utf-8")
        keys.chmod(0o600)
        (workspace / "channels.toml").write_text("\n".join(channels), "utf-8")
        yield world


@pytest.fixture
def far_away(monkeypatch):
    """A machine on the other side of the earth."""
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def states(workspace, no):
    """How far the order to each place is."""
    with open_store(workspace) as store, store.read() as tx:
        return {one.order.place_code: one.state for one in orders_of(tx, no)}


def test_orders_reach_their_places_whatever_zone_the_machine_is_set_to(
    call, far_away, office, town, monkeypatch
):
    workspace, no = office
    monkeypatch.setattr(getpass, "getuser", lambda: "li")
    assert "acknowledged 2" in call("push", "--once", "--workspace", workspace).err
    assert all(len(place.applied) == 1 for place in town)
    assert set(states(workspace, no).values()) == {State.ACKNOWLEDGED}


def test_a_worker_takes_orders_to_their_places_and_ends_when_asked(start, office, town):
    workspace, no = office
    town["FA_B"].misbehave(Fault.DOWN)
    process = start("work", "--workspace", workspace)
    ends = time.monotonic() + PATIENCE
    while set(states(workspace, no).values()) != {State.ACKNOWLEDGED}:
        assert process.poll() is None
        assert time.monotonic() < ends
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=PATIENCE)
    assert (process.returncode, "worker stopped" in said, "Traceback" in said) == (0, True, False)
    assert [(place.requests, len(place.applied)) for place in town] == [(1, 1), (2, 1)]


def test_channels_that_cannot_be_used_are_told_beside_the_workers_jobs(office, capfd):
    workspace, no = office
    (workspace / "channels.toml").write_text("keys = [", "utf-8")
    keep_pushing(workspace)
    assert "channels.toml cannot be used (it is no TOML)" in capfd.readouterr().err
    assert set(states(workspace, no).values()) == {State.PENDING}
