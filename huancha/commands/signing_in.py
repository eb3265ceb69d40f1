"""Whether people can sign in to the dashboard before it is started."""

import ipaddress

from huancha.errors import NoSignIn
from huancha.people import read_people
from huancha.settings import Settings, SignIn


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
