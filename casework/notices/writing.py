"""Writing a notice: the office's template, filled, with its hash in the audit."""

import hashlib
from datetime import datetime
from pathlib import Path

from casework import audit
from casework.notices.fields import Heading, fields
from casework.notices.served import About, Kind
from casework.notices.templates import template
from casework.people import Actor, Role, require
from casework.store import Tx
from casework.word import filled


def write(
    tx: Tx, actor: Actor, kind: Kind, about: About, heading: Heading, workspace: Path, now: datetime
) -> bytes:
    """A notice as a Word file, not yet served; the same facts give the same bytes.

    Raises `BadTemplate`, `NotAllowed` and what `fields` raises.
    """
    found = about.read(tx)
    require(actor, Role.INVESTIGATOR, found.area)
    said = fields(tx, kind, about, heading, now.date())
    content = filled(f"{kind}.docx", template(kind, workspace), said)
    facts = {"kind": kind, **vars(about), "sha256": hashlib.sha256(content).hexdigest()}
    audit.append(
        tx, actor, "notice.write", about.subject(tx), heading.number, now, found.law, facts
    )
    return content
