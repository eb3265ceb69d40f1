"""Every page of the dashboard, in the order of the menu: a file in `views/` and a word `nav.<name>` each."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class PageEntry:
    """A page: its file's name, the menu's group it stands in (`nav.<group>`), its icon."""

    name: str
    group: str
    icon: str


PAGES: Final = (
    PageEntry("overview", "work", "monitoring"),
    PageEntry("rings", "work", "format_list_numbered"),
    PageEntry("ring", "work", "hub"),
    PageEntry("workbench", "work", "share"),
    PageEntry("profile", "work", "badge"),
    PageEntry("space_time", "work", "calendar_month"),
    PageEntry("joint", "work", "handshake"),
    PageEntry("referral", "work", "outgoing_mail"),
    PageEntry("scans", "ground", "radar"),
    PageEntry("intake", "ground", "database"),
    PageEntry("methods", "ground", "menu_book"),
)
HOME: Final = PAGES[0].name
