"""Signing in by the office's own provider, in a real browser: who gets in, where to, as whom, and until when."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from itsdangerous import URLSafeTimedSerializer
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from graph.results import latest_scan
from tests.dashboards.worlds import scanned_world
from tests.journeys.desk import chromium, offline, serving, settled
from tests.journeys.oidc_provider import (
    CALLBACK,
    CLIENT,
    CLIENT_SECRET,
    PASSWORD,
    Forgery,
    Provider,
    provider,
)

pytestmark = pytest.mark.browser

KNOWN = {
    "wang": {"email": "wang@office.example", "email_verified": True},
    "li": {"email": "li@office.example", "groups": ["supervision"]},
    "chen": {"email": "chen@office.example", "email_verified": True},
    "zhao": {"email": "zhao@elsewhere.example", "email_verified": True},
}
"""Whom the provider knows."""
PEOPLE = """
[people."wang@office.example"]
roles = ["investigator"]
regions = ["120000"]

[people."chen@office.example"]
roles = ["approver"]

[groups.supervision]
roles = ["auditor"]
"""
"""Whom the office knows; zhao is not among them."""
PEOPLE_NAMES = ("wang@office.example", "chen@office.example", "supervision")
COOKIE = "_streamlit_user"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scanned_world(tmp_path_factory.mktemp("oidc"))


@pytest.fixture(scope="module")
def issuer() -> Iterator[Provider]:
    with provider(KNOWN) as made:
        yield made


@pytest.fixture(autouse=True)
def honest(issuer: Provider) -> Iterator[None]:
    yield
    issuer.forgery, issuer.aged = None, 0
    issuer.ended.clear()


@pytest.fixture(scope="module")
def address(
    office: Path, issuer: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """`huancha serve` under an account whose secrets name the provider."""
    home = tmp_path_factory.mktemp("home")
    secrets = home / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.touch(0o600)
    secrets.write_text(
        f'[auth]\nredirect_uri = "http://127.0.0.1:{{port}}{CALLBACK}"\n'
        f'cookie_secret = "0123456789abcdef0123456789abcdef"\nclient_id = "{CLIENT}"\n'
        f'client_secret = "{CLIENT_SECRET}"\n'
        f'server_metadata_url = "{issuer.url}/.well-known/openid-configuration"\n',
        "utf-8",
    )
    people = home / "people.toml"
    people.write_text(PEOPLE, "utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HOME", str(home))
        patched.setenv("HUANCHA_SIGN_IN", "oidc")
        patched.setenv("HUANCHA_PEOPLE", str(people))
        with serving(office, home / "serve.log") as found:
            yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def context(browser: Browser, address: str, issuer: Provider) -> Iterator[BrowserContext]:
    with visitor(browser, address, issuer) as made:
        yield made


@contextmanager
def visitor(browser: Browser, address: str, issuer: Provider) -> Iterator[BrowserContext]:
    """A browser of somebody's own, which reaches the dashboard and the provider alone."""
    made = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    with offline(made, address, issuer.url):
        yield made
    made.close()


@dataclass
class Heard:
    """A tab, and all that the server sent it."""

    page: Page
    parts: list[bytes]

    def holds(self, *words: str) -> list[str]:
        """The `words` that were sent."""
        sent = b"\n".join(self.parts)
        return [word for word in words if word.encode() in sent]


def tab(context: BrowserContext) -> Heard:
    """A new tab whose answers and messages are kept."""
    page = context.new_page()
    heard = Heard(page, [])

    def keep(payload: bytes | str) -> None:
        heard.parts.append(payload if isinstance(payload, bytes) else payload.encode())

    page.on("websocket", lambda line: line.on("framereceived", keep))
    page.on("requestfinished", lambda asked: heard.parts.append(_body(asked)))
    return heard


def _body(asked: Request) -> bytes:
    answer = asked.response()
    return answer.body() if answer and answer.status == 200 else b""


def sign_in(page: Page, person: str) -> Page:
    """From the sign-in page by way of the provider's."""
    page.get_by_test_id("stMain").get_by_role("button").click()
    expect(page.locator("h1")).to_have_text("Provider")
    page.get_by_label("Name").fill(person)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    return page


def came(page: Page, title: str) -> None:
    """The page with this title is there, and at rest."""
    expect(page.locator("[data-testid=stMain] h1")).to_have_text(title, timeout=30_000)
    settled(page)


def kept_words(office: Path) -> tuple[str, ...]:
    """What only those may read who are let in: the ids of rings, the scan's, the snapshot's."""
    scan = latest_scan(office)
    return (*(ring.ring for ring in scan.rings().items), scan.id, "t0001")


def test_an_unknown_visitor_is_sent_the_sign_in_page_and_nothing_else(
    context: BrowserContext, address: str, office: Path
) -> None:
    ring, *others = kept_words(office)
    heard = tab(context)
    for where, title in (("", "登录"), ("audit?lang=en", "Sign in"), (f"ring?ring={ring}", "登录")):
        heard.page.goto(f"{address}/{where}")
        came(heard.page, title)
        assert heard.page.get_by_test_id("stSidebarNav").count() == 0
        assert heard.holds(*others, *PEOPLE_NAMES) == []


def test_sign_in_leads_to_the_page_first_asked_for(
    context: BrowserContext, address: str, office: Path
) -> None:
    ring = latest_scan(office).rings().items[2].ring
    heard = tab(context)
    heard.page.goto(f"{address}/ring?ring={ring}&lang=en")
    came(heard.page, "Sign in")
    sign_in(heard.page, "chen")
    came(heard.page, f"Lead {ring[-6:]}")
    assert heard.holds(ring, "t0001") == [ring, "t0001"]
    heard.page.goto(f"{address}/cases")
    came(heard.page, "案件")


def test_roles_and_regions_are_those_of_the_list(
    browser: Browser, address: str, issuer: Provider
) -> None:
    with visitor(browser, address, issuer) as one, visitor(browser, address, issuer) as other:
        wang, li = one.new_page(), other.new_page()
        for page, name, title in ((wang, "wang", "疑点团伙"), (li, "li", "审计与用户")):
            page.goto(f"{address}/{'rings' if page is wang else 'audit'}?lang=zh")
            came(page, "登录")
            sign_in(page, name)
            came(page, title)
        side = wang.get_by_test_id("stSidebar")
        expect(side).to_contain_text("wang@office.example")
        expect(side).to_contain_text("调查员")
        expect(side).to_contain_text("天津")
        expect(wang.get_by_text("共 1 条（全部 1 条）")).to_be_visible()
        expect(li.get_by_test_id("stSidebar")).to_contain_text("li@office.example")
        expect(li.get_by_test_id("stSidebar")).to_contain_text("审计员")
        wang.get_by_role("link", name="总览").click()
        came(wang, "总览")
        expect(wang.get_by_role("link", name="审计与用户")).to_have_count(0)
        wang.goto(f"{address}/audit")
        came(wang, "审计与用户")
        expect(wang.get_by_text("您的角色不能打开本页")).to_be_visible()
        li.goto(f"{address}/rings")
        came(li, "疑点团伙")
        expect(li.get_by_text("您的角色不能打开本页")).to_be_visible()


def test_somebody_the_office_does_not_know_is_told_so(
    context: BrowserContext, address: str, office: Path
) -> None:
    heard = tab(context)
    heard.page.goto(f"{address}/rings")
    came(heard.page, "登录")
    sign_in(heard.page, "zhao")
    expect(heard.page.get_by_text("名册里没有“zhao@elsewhere.example”")).to_be_visible(
        timeout=30_000
    )
    assert heard.holds(*kept_words(office)) == []
    settled(heard.page).get_by_role("button", name="退出登录").click()
    expect(heard.page.get_by_role("button", name="登录", exact=True)).to_be_visible(timeout=30_000)


def test_signing_out_ends_it_everywhere(
    context: BrowserContext, address: str, issuer: Provider
) -> None:
    page = context.new_page()
    page.goto(f"{address}/rings")
    came(page, "登录")
    sign_in(page, "chen")
    came(page, "疑点团伙")
    signed = [cookie for cookie in context.cookies() if cookie["name"].startswith(COOKIE)]
    second = context.new_page()
    second.goto(f"{address}/rings")
    came(second, "疑点团伙")
    with page.expect_response(lambda answer: f"{issuer.url}/end_session" in answer.url):
        page.get_by_test_id("stSidebar").get_by_role("button", name="退出登录").click()
    assert issuer.ended == ["chen"]
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible(timeout=30_000)
    second.get_by_role("link", name="总览").click()
    came(second, "登录")
    context.add_cookies(signed)
    second.goto(f"{address}/rings")
    came(second, "登录")


def test_a_forged_or_expired_token_lets_nobody_in(
    context: BrowserContext, address: str, issuer: Provider, office: Path
) -> None:
    heard = tab(context)
    heard.page.goto(f"{address}/rings")
    came(heard.page, "登录")
    for forgery in Forgery:
        issuer.forgery = forgery
        sign_in(heard.page, "chen")
        came(heard.page, "登录")
        assert not [cookie for cookie in context.cookies() if cookie["name"] == COOKIE], forgery
    assert heard.holds(*kept_words(office)) == []


def test_a_cookie_made_up_or_from_another_day_lets_nobody_in(
    context: BrowserContext, address: str, issuer: Provider, office: Path
) -> None:
    claims = {"is_logged_in": True, "email": "chen@office.example", "iat": 2e9, "origin": address}
    made_up = URLSafeTimedSerializer("a guess at the secret", salt=COOKIE).dumps(json.dumps(claims))
    context.add_cookies([{"name": COOKIE, "value": str(made_up), "url": address}])
    heard = tab(context)
    heard.page.goto(f"{address}/rings")
    came(heard.page, "登录")
    expect(heard.page.get_by_text("请用单位的账号登录")).to_be_visible()
    issuer.aged = 13 * 3600
    sign_in(heard.page, "chen")
    came(heard.page, "登录")
    expect(heard.page.get_by_text("本次登录已结束")).to_be_visible()
    assert heard.holds(*kept_words(office)) == []
