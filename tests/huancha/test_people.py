"""The office's file of people, and what must be right before the dashboard is started."""

from collections.abc import Callable
from pathlib import Path

import pytest

from casework.people import Role
from huancha.commands.signing_in import check_sign_in
from huancha.errors import BadSetting, HuanchaError, NoSignIn
from huancha.people import read_people
from huancha.settings import Settings, SignIn

OFFICE = """
[people."wang@office.example"]
roles = ["investigator", "liaison"]
regions = ["110000"]

[people."li@office.example"]
roles = ["viewer"]

[groups.tianjin]
roles = ["approver"]
regions = ["12", "130200"]

[groups.supervision]
roles = ["auditor"]
"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        file = tmp_path / "people.toml"
        file.write_text(text, "utf-8")
        return file

    return write


@pytest.mark.parametrize(
    ("name", "groups", "roles", "regions"),
    [
        ("wang@office.example", (), {"investigator", "liaison"}, {"110000"}),
        (
            "wang@office.example",
            ("supervision",),
            {"investigator", "liaison", "auditor"},
            {"110000"},
        ),
        ("li@office.example", ("tianjin",), {"viewer", "approver"}, set()),
        ("zhao", ("tianjin", "nobody"), {"approver"}, {"12", "130200"}),
        ("zhao", ("tianjin", "supervision"), {"approver", "auditor"}, set()),
    ],
)
def test_a_person_holds_what_they_and_their_groups_were_granted(
    written: Callable[[str], Path],
    name: str,
    groups: tuple[str, ...],
    roles: set[str],
    regions: set[str],
) -> None:
    found = read_people(written(OFFICE)).actor(name, groups)
    assert found is not None
    assert (found.name, found.roles, found.regions) == (name, roles, regions)


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("zhao", ()),
        ("zhao", ("Tianjin",)),
        ("WANG@office.example", ()),
        ("", ("tianjin",)),
        (" ", ()),
    ],
)
def test_somebody_unknown_is_nobody(
    written: Callable[[str], Path], name: str, groups: tuple[str, ...]
) -> None:
    assert read_people(written(OFFICE)).actor(name, groups) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[people", "no TOML"),
        ("people = 3", "no table"),
        ("[persons.wang]\nroles = ['viewer']", "[persons]"),
        ("[people.wang]\nroles = []", "not empty"),
        ("[people.wang]\nregions = ['11']", "needs roles"),
        ("[people.wang]\nroles = ['boss']", "boss"),
        ("[people.wang]\nroles = ['viewer']\nregions = []", "not empty"),
        ("[people.wang]\nroles = ['viewer']\nregions = ['北京']", "no code"),
        ("[people.wang]\nroles = ['viewer']\nrole = 'admin'", "something other"),
    ],
)
def test_a_file_that_is_not_right_lets_nobody_in(
    written: Callable[[str], Path], text: str, why: str
) -> None:
    with pytest.raises(BadSetting) as refused:
        read_people(written(text))
    assert refused.value.name == "HUANCHA_PEOPLE"
    assert why in str(refused.value)


def test_a_dashboard_that_would_let_nobody_or_everybody_in_is_not_started(
    written: Callable[[str], Path],
) -> None:
    people, secret = written(OFFICE), "0123456789abcdef"
    check_sign_in(Settings(), "127.0.0.1")
    check_sign_in(Settings(), "::1")
    proxy = {"sign_in": SignIn.PROXY, "people": people, "proxy_secret": secret}
    check_sign_in(Settings(**proxy, proxy_from="10.0.0.0/8, ::1"), "0.0.0.0")
    wrong: list[tuple[Settings, type[HuanchaError]]] = [
        (Settings(), NoSignIn),
        (Settings(sign_in=SignIn.OIDC), BadSetting),
        (Settings(**proxy), BadSetting),
        (Settings(**proxy, proxy_from="here"), BadSetting),
        (Settings(**proxy | {"proxy_secret": "short"}, proxy_from="::1"), BadSetting),
        (Settings(**proxy | {"people": None}, proxy_from="::1"), BadSetting),
    ]
    for settings, error in wrong:
        with pytest.raises(error):
            check_sign_in(settings, "0.0.0.0")


AUTH = {
    "redirect_uri": "https://desk.example/oauth2callback", "cookie_secret": "0123456789abcdef",
    "client_id": "huancha", "client_secret": "s", "server_metadata_url": "https://sso.example/x",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "mode", "why"),
    [
        ({}, 0o600, ""),
        ({}, 0o640, ""),
        ({}, 0o644, "open to everybody"),
        ({"cookie_secret": "short"}, 0o600, "fewer than 16"),
        ({"client_id": ""}, 0o600, "no client_id"),
        ({"redirect_uri": "https://desk.example/"}, 0o600, "/oauth2callback"),
        (None, 0o600, "no redirect_uri"),
    ],
)
def test_a_provider_that_is_not_laid_down_right_is_told_before_the_start(
    written: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    change: dict[str, str] | None,
    mode: int,
    why: str,
) -> None:
    settings = Settings(sign_in=SignIn.OIDC, people=written(OFFICE))
    monkeypatch.setenv("HOME", str(tmp_path))
    secrets = tmp_path / ".streamlit" / "secrets.toml"
    with pytest.raises(NoSignIn, match=r"secrets\.toml cannot be read"):
        check_sign_in(settings, "127.0.0.1")
    secrets.parent.mkdir()
    lines = (
        [] if change is None else [f'{name} = "{said}"' for name, said in (AUTH | change).items()]
    )
    secrets.write_text("\n".join(["[auth]", *lines]), "utf-8")
    secrets.chmod(mode)
    if not why:
        check_sign_in(settings, "127.0.0.1")
        return
    with pytest.raises(NoSignIn, match=why):
        check_sign_in(settings, "127.0.0.1")


def test_roles_have_one_list() -> None:
    assert {role.value for role in Role} == {
        "viewer", "investigator", "approver", "liaison", "auditor", "admin",
    }  # fmt: skip
