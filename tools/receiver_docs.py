"""Write docs/receiver.openapi.json from the receiver itself: `python -m tools.receiver_docs` (`--check` only compares)."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from casework.beijing import beijing_now
from casework.orders.keys import Keyring
from casework.receiver.app import Settings, app
from casework.receiver.ledger import Ledger
from tools.pages import keep_page

PAGE = Path(__file__).parents[1] / "docs" / "receiver.openapi.json"


def page() -> str:
    """The whole document."""
    with TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "receiver.db")
        described = app(Settings(frozenset(), Keyring({}), beijing_now), ledger).openapi()
        ledger.close()
    return json.dumps(described, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    keep_page("receiver_docs", PAGE, page(), __doc__)
