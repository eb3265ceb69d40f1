"""Every page of the dashboard, in the order of the menu, and the roles that may open it.

A page is a file in `views/` and a word `nav.<name>`.
"""

from dataclasses import dataclass
from typing import Final

from casework.people import Actor, Role

ALL: Final = frozenset(Role)
LEADS: Final = frozenset({Role.VIEWER, Role.INVESTIGATOR, Role.APPROVER, Role.LIAISON})
"""Who works with leads and persons; those who look after the system and those who audit it do not."""
TAKERS: Final = LEADS - {Role.VIEWER}
"""Those of them who may take papers along."""
CONTROL: Final = frozenset({Role.AUDITOR, Role.ADMIN})


@dataclass(frozen=True)
class PageEntry:
    """A page: its file's name, the menu's group it stands in (`nav.<group>`), its icon, who may open it."""

    name: str
    group: str
    icon: str
    roles: frozenset[Role]

    def open_to(self, actor: Actor) -> bool:
        """Whether one of the person's roles opens the page."""
        return bool(self.roles & actor.roles)


PAGES: Final = (
    PageEntry("overview", "work", "monitoring", ALL),
    PageEntry("rings", "work", "format_list_numbered", LEADS),
    PageEntry("ring", "work", "hub", LEADS),
    PageEntry("workbench", "work", "share", LEADS),
    PageEntry("profile", "work", "badge", LEADS),
    PageEntry("space_time", "work", "calendar_month", LEADS),
    PageEntry("cases", "work", "folder_open", LEADS),
    PageEntry("sanctions", "work", "pause_circle", LEADS),
    PageEntry("joint", "work", "handshake", LEADS),
    PageEntry("referral", "work", "outgoing_mail", TAKERS),
    PageEntry("scans", "ground", "radar", ALL),
    PageEntry("intake", "ground", "database", ALL),
    PageEntry("audit", "ground", "policy", CONTROL),
    PageEntry("methods", "ground", "menu_book", ALL),
)
HOME: Final = PAGES[0].name
