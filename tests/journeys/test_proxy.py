"""The dashboard behind a proxy: whose headers are believed, over real connections."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from dashboards.access.sign_in import SECRET_HEADER
from tests.dashboards.worlds import scanned_world
from tests.journeys.desk import serving

SECRET = "what only the proxy knows"
USER = {SECRET_HEADER: SECRET, "X-Forwarded-User": "wang"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("proxy")
    (folder / "people.toml").write_text('[people.wang]\nroles = ["viewer"]\n', "utf-8")
    return folder


@pytest.fixture(scope="module")
def address(office: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HUANCHA_SIGN_IN", "proxy")
        patched.setenv("HUANCHA_PEOPLE", str(office / "people.toml"))
        patched.setenv("HUANCHA_PROXY_SECRET", SECRET)
        patched.setenv("HUANCHA_PROXY_FROM", "127.0.0.1")
        with serving(scanned_world(office), office / "serve.log") as found:
            yield found


def told(address: str, headers: Mapping[str, str]) -> str:
    """Everything the server says to somebody who opens the first page with these headers."""
    asking = BackMsg()
    asking.rerun_script.query_string = ""
    said = []
    stream = address.replace("http", "ws") + "/_stcore/stream"
    with connect(
        stream, additional_headers=headers, subprotocols=["streamlit"], max_size=None
    ) as line:  # type: ignore[list-item]
        line.send(asking.SerializeToString())
        while True:
            message = ForwardMsg.FromString(bytes(line.recv(timeout=60)))  # type: ignore[arg-type]
            said.append(str(message))
            if message.WhichOneof("type") == "script_finished":
                return "\n".join(said).encode("latin-1", "replace").decode("unicode_escape")


def test_only_the_proxy_is_believed(address: str) -> None:
    assert "t0001" in told(address, USER)
    for spoofed in (
        {},
        {"X-Forwarded-User": "wang"},
        {**USER, SECRET_HEADER: "a guess"},
        {**USER, "X-Forwarded-User": "zhao"},
    ):
        assert "t0001" not in told(address, spoofed)
    assert "t0001" in told(address, {**USER, "X-Forwarded-For": "8.8.8.8"})
