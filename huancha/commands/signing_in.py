"""Whether people can sign in to the dashboard before it is started."""

import ipaddress
import stat
import tomllib
from pathlib import Path

from huancha.errors import NoSignIn
from huancha.people import read_people
from huancha.settings import SHORTEST_SECRET, Settings, SignIn

NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
CALLBACK = "/oauth2callback"


def check_sign_in(settings: Settings, address: str) -> None:
    """Raise `NoSignIn` or `BadSetting` where the dashboard on `address` would let nobody in.

    A demo's role picker would let everybody in who reaches it, so it is for loopback only.
    """
    if settings.sign_in is SignIn.DEMO:
        if not ipaddress.ip_address(address).is_loopback:
            why = f"its role picker is for 127.0.0.1, not for {address}; name another --sign-in"
            raise NoSignIn(settings.sign_in, why)
        return
    read_people(settings.people)
    if settings.sign_in is SignIn.PROXY:
        settings.shared_secret()
        settings.proxies()
    else:
        _check_provider(Path.home() / ".streamlit" / "secrets.toml")


def _check_provider(file: Path) -> None:
    """Who reads the cookie's secret can be anybody, so the file is for its owner, or a group, alone."""

    def refuse(why: str) -> NoSignIn:
        return NoSignIn(SignIn.OIDC, f"{file} {why}; see docs/operations.md")

    try:
        auth = tomllib.loads(file.read_text("utf-8")).get("auth")
        mode = file.stat().st_mode
    except OSError as unread:
        raise refuse(f"cannot be read ({unread.strerror})") from None
    except ValueError:
        raise refuse("is no TOML") from None
    given = auth if isinstance(auth, dict) else {}
    for name in NEEDED:
        if not isinstance(given.get(name), str) or not given[name]:
            raise refuse(f"has no {name} in [auth]")
    if len(given["cookie_secret"]) < SHORTEST_SECRET:
        raise refuse(f"has a cookie_secret of fewer than {SHORTEST_SECRET} characters")
    if not given["redirect_uri"].endswith(CALLBACK):
        raise refuse(f"has a redirect_uri that does not end with {CALLBACK}")
    if mode & (stat.S_IROTH | stat.S_IWOTH):
        raise refuse("is open to everybody on this machine (chmod 600)")
