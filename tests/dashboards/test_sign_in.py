"""Who is let in: a demo on loopback alone, whom the office's own sign-in names, whom a believed proxy names."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config
from streamlit.testing.v1 import AppTest

from casework.beijing import BEIJING
from casework.people import Role
from dashboards.access import signed_in
from dashboards.access.sign_in import ROLE, SECRET_HEADER, Claim, claimed
from huancha.errors import BadSetting
from huancha.settings import Settings, SignIn
from tests.dashboards.test_pages import HOME, said, tables
from tests.dashboards.worlds import scanned_world

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:streamlit.*", "ignore::ResourceWarning:streamlit.*"
)
SECRET = "a secret of the proxy"
OURS = {SECRET_HEADER: [SECRET], "X-Forwarded-User": ["wang"], "X-Forwarded-Groups": ["a, b,"]}
MADE = datetime(2026, 3, 5, 9, 0, tzinfo=BEIJING)
"""When the sign-ins of these tests were made."""
SETTINGS = Settings(sign_in=SignIn.PROXY, proxy_from="10.1.0.0/16, ::1", proxy_secret=SECRET)


def claim(
    headers: Mapping[str, Sequence[str]], peer: str = "10.1.2.3", settings: Settings = SETTINGS
) -> Claim | None:
    return claimed(lambda name: headers.get(name, []), peer, settings)


@pytest.mark.parametrize("peer", ["10.1.2.3", "::1", "::ffff:10.1.0.9"])
def test_a_proxy_with_its_address_and_secret_is_believed(peer: str) -> None:
    assert claim(OURS, peer) == Claim("wang", ("a", "b"))


@pytest.mark.parametrize(
    "peer", ["10.2.0.1", "127.0.0.1", "", "10.1.2.3, 8.8.8.8", "::ffff:8.8.8.8"]
)
def test_the_same_headers_from_elsewhere_are_not(peer: str) -> None:
    assert claim(OURS, peer) is None


@pytest.mark.parametrize(
    "spoofed",
    [
        {SECRET_HEADER: []},
        {SECRET_HEADER: [""]},
        {SECRET_HEADER: [SECRET[:-1]]},
        {SECRET_HEADER: ["秘"]},
        {SECRET_HEADER: [SECRET, SECRET]},
        {"X-Forwarded-User": []},
        {"X-Forwarded-User": [" "]},
        {"X-Forwarded-User": ["admin", "wang"]},
        {"X-Forwarded-Groups": ["a", "admins"]},
    ],
)
def test_headers_a_caller_may_have_added_are_not_believed(
    spoofed: Mapping[str, Sequence[str]],
) -> None:
    assert claim({**OURS, **spoofed}) is None


@pytest.mark.parametrize(
    "given", [{"proxy_from": ""}, {"proxy_from": "nowhere"}, {"proxy_secret": None}]
)
def test_a_proxy_that_nothing_proves_is_a_wrong_setting(given: dict[str, str | None]) -> None:
    settings = SETTINGS.model_copy(update=given)
    with pytest.raises(BadSetting):
        claim(OURS, settings=settings)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scanned_world(tmp_path_factory.mktemp("signing"))


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch, workspace: Path, tmp_path: Path) -> Path:
    """A list of people, and a workspace to look at."""
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(workspace))
    people = tmp_path / "people.toml"
    people.write_text(
        '[people."wang@x"]\nroles = ["viewer"]\n[groups.it]\nroles = ["admin"]\n', "utf-8"
    )
    monkeypatch.setenv("HUANCHA_PEOPLE", str(people))
    return people


def entered(user: dict[str, object] | None = None) -> AppTest:
    """A tab that claims to be an investigator wherever it can."""
    app = AppTest.from_file(str(HOME / "app.py"), default_timeout=60)
    app.session_state[ROLE] = Role.INVESTIGATOR
    app.query_params["role"] = "investigator"
    if user is not None:
        app.user = {"iat": MADE.timestamp()} | user
    return app.run()


def shut(app: AppTest, sentence: str) -> None:
    """Nobody is let in: a sentence, no data, no side."""
    assert not app.exception
    assert [title.value for title in app.title] == ["登录"]
    assert sentence in said(app)
    assert not tables(app)
    assert not app.metric
    assert "t0001" not in said(app)


@pytest.mark.parametrize(
    "address", [None, "0.0.0.0", "::", "10.0.0.5", "localhost", "unix:///tmp/x"]
)
def test_a_demo_is_refused_off_loopback(office: Path, address: str | None) -> None:
    config.set_option("server.address", address)
    shut(entered(), "只能在本机上使用")


def test_oidc_lets_in_whom_the_list_names(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUANCHA_SIGN_IN", "oidc")
    away = entered({"is_logged_in": False})
    shut(away, "请用单位的账号登录")
    assert away.button(key="sign_in")
    shut(entered({"email": "wang@x"}), "请用单位的账号登录")
    shut(entered({"is_logged_in": True, "email": "zhao@x", "groups": ["IT"]}), "zhao@x")
    wang = {"is_logged_in": True, "email": "wang@x"}
    shut(entered({**wang, "email_verified": False}), "wang@x")
    app = entered({**wang, "email_verified": True})
    assert app.title[0].value == "总览"
    assert "查看" in said(app)
    assert not [box for box in app.selectbox if box.label == "演示角色"]
    for groups in ("it", ["other", "it"]):
        app = entered({"is_logged_in": True, "email": "zhao@x", "groups": groups})
        assert app.title[0].value == "总览"
        assert "管理员" in said(app)


def test_a_sign_in_lasts_for_the_hours_that_are_set_and_ends_with_its_person(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUANCHA_SIGN_IN", "oidc")
    wang = {"is_logged_in": True, "email": "wang@x", "sub": "1", "nonce": "n"}
    now = MADE.replace(tzinfo=None)
    for hours, after, inside in ((12, 11.9, True), (12, 12, False), (1, 1, False), (1, 0.9, True)):
        monkeypatch.setenv("HUANCHA_SIGN_IN_HOURS", str(hours))
        monkeypatch.setattr(signed_in, "now", lambda after=after: now + timedelta(hours=after))
        app = entered(wang)
        if inside:
            assert app.title[0].value == "总览"
        else:
            shut(app, "本次登录已结束")
            assert app.button(key="sign_in")
    shut(entered({**wang, "iat": None}), "本次登录已结束")
    app.button(key="sign_out").click().run()
    shut(entered(wang), "本次登录已结束")
    assert entered({**wang, "nonce": "a later one"}).title[0].value == "总览"


def test_a_role_of_the_office_is_not_changed_from_the_tab(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUANCHA_SIGN_IN", "oidc")
    app = entered({"is_logged_in": True, "email": "wang@x"})
    app.switch_page(str(HOME / "views" / "scans.py")).run()
    assert not [button for button in app.button if button.label == "开始扫描"]
    office.write_text('[people."wang@x"]\nroles = ["investigator"]\n', "utf-8")
    assert [button for button in app.run().button if button.label == "开始扫描"]
    office.write_text("", "utf-8")
    shut(app.run(), "wang@x")


def test_settings_that_cannot_be_used_let_nobody_in(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUANCHA_SIGN_IN", "proxy")
    shut(entered(), "登录设置有误")
    monkeypatch.setenv("HUANCHA_PROXY_SECRET", SECRET)
    monkeypatch.setenv("HUANCHA_PROXY_FROM", "127.0.0.1")
    shut(entered(), "没有收到可信代理")
    monkeypatch.setenv("HUANCHA_SIGN_IN", "anyone")
    shut(entered(), "登录设置有误")
    monkeypatch.setenv("HUANCHA_SIGN_IN", "oidc")
    office.write_text("[people", "utf-8")
    shut(entered({"is_logged_in": True, "email": "wang@x"}), "登录设置有误")


@pytest.fixture(autouse=True)
def fresh_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was looked at or ended before, and it is the hour of the sign-ins."""
    st.cache_data.clear()
    st.cache_resource.clear()
    monkeypatch.setattr(signed_in, "now", lambda: MADE.replace(tzinfo=None))
