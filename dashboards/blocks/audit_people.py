"""People as the installation knows them, what each role may do, and the limits in force."""

from collections.abc import Iterable, Mapping

import streamlit as st

from casework.people import Role
from dashboards.access.permissions import ACTIONS
from dashboards.formats import DASH, plain
from dashboards.frame import card
from dashboards.pages import PAGES
from dashboards.table import Cell, Column, Row, Table, show_table
from dashboards.texts import region, t
from huancha.errors import BadSetting
from huancha.people import Grant, read_people
from huancha.settings import Settings, SignIn

LIMITS = ("unmask_seconds", "unmask_daily")


def people() -> None:
    """Persons and groups with their roles and regions, as the file of people names them."""
    settings = Settings()
    with card("people", t("audit.people")):
        if settings.sign_in is SignIn.DEMO:
            st.text(t("audit.people.demo"))
            return
        try:
            found = read_people(settings.people)
        except BadSetting as wrong:
            st.error(plain(t("audit.people.broken", why=wrong)))
            return
        rows = [*_rows("person", found.people), *_rows("group", found.groups)]
        columns = [
            Column(t(f"audit.people.{name}")) for name in ("name", "kind", "roles", "regions")
        ]
        show_table(Table(t("audit.people"), columns, rows, link=-1), "audit_people")


def _rows(kind: str, grants: Mapping[str, Grant]) -> list[Row]:
    return [
        Row(
            [
                name,
                t(f"audit.people.{kind}"),
                _roles(grant.roles),
                t("separator").join(region(code) for code in sorted(grant.regions))
                or t("access.anywhere"),
            ]
        )
        for name, grant in sorted(grants.items())
    ]


def _roles(roles: Iterable[Role]) -> str:
    held = set(roles)
    return t("separator").join(t(f"role_of.{role}") for role in Role if role in held)


def rights() -> None:
    """Which role opens which page and may do what."""
    rules = {t("audit.rights.page", page=t(f"nav.{page.name}")): page.roles for page in PAGES}
    rules |= {t(f"access.action.{action}"): roles for action, roles in ACTIONS.items()}
    columns = [Column(t("audit.rights.what"), kind="name")]
    columns += [Column(t(f"role_of.{role}"), "center") for role in Role]
    rows = [
        Row([what, *(Cell(t("yes") if role in roles else DASH) for role in Role)])
        for what, roles in rules.items()
    ]
    with card("rights", t("audit.rights")):
        show_table(Table(t("audit.rights"), columns, rows, link=-1), "audit_rights")


def limits() -> None:
    """How people sign in, how long a value stays in clear, how many a person may see."""
    settings = Settings()
    rows = [Row([t("audit.limit.sign_in"), t(f"sign_in.{settings.sign_in}")])]
    names = (*LIMITS, "sign_in_hours") if settings.sign_in is SignIn.OIDC else LIMITS
    rows += [Row([t(f"audit.limit.{name}"), str(getattr(settings, name))]) for name in names]
    columns = [Column(t("audit.limit")), Column(t("audit.limit.value"), "right")]
    with card("limits"):
        show_table(Table(t("audit.tab.limits"), columns, rows, link=-1), "audit_limits")
