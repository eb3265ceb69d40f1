"""Who acts from the command line: the login name, with the roles the office's file of people gives it."""

import getpass

from casework.errors import UnknownActor
from casework.people import Actor
from huancha.people import read_people
from huancha.settings import read_settings


def acting() -> Actor:
    """Whoever runs the command; raises `UnknownActor` for somebody without a role, `BadSetting`."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = ""
    found = read_people(read_settings().people).actor(name, ())
    if found is None:
        raise UnknownActor(name)
    return found
