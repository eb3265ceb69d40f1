"""An OpenID provider on loopback: discovery, keys, a login page, codes with PKCE, id tokens signed RS256.

As OpenID Connect Core 1.0 (authorization code flow), RFC 7636 and RP-Initiated Logout 1.0 ask; it can be told to forge.
"""

import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from html import escape
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.security import HTTPBasic
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.places import served

CLIENT, CLIENT_SECRET, PASSWORD = "huancha", "known to the office alone", "open sesame"
LIFE = 300
"""Seconds an id token may be used."""
CALLBACK = "/oauth2callback"


class Forgery(StrEnum):
    """What is wrong with the id tokens the provider hands out."""

    KEY = "signed with a key that is not the provider's"
    EXPIRED = "used long after its end"
    NONCE = "made for another sign-in"
    AUDIENCE = "made for another client"
    ISSUER = "made by another provider"


@dataclass
class Grant:
    """What a code stands for until it is used, once."""

    person: str
    redirect_uri: str
    nonce: str
    challenge: str


class Provider:
    """The people it knows by their claims, and what it was asked; `forgery` spoils the tokens it makes."""

    def __init__(self, people: Mapping[str, Mapping[str, Any]]) -> None:
        self.people = people
        self.forgery: Forgery | None = None
        self.aged = 0
        """Seconds ago that the tokens it makes are dated."""
        self.ended: list[str] = []
        self.url = ""
        self.key, self._other = (RSAKey.generate_key(2048, {"kid": "1"}) for _ in range(2))
        self._grants: dict[str, Grant] = {}

    def code(self, grant: Grant) -> str:
        code = secrets.token_urlsafe(16)
        self._grants[code] = grant
        return code

    def redeemed(self, code: str, redirect_uri: str, verifier: str) -> Grant | None:
        """What `code` stood for; None for one used before, elsewhere, or by somebody who did not ask for it."""
        grant = self._grants.pop(code, None)
        digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        right = grant and (grant.redirect_uri, grant.challenge) == (redirect_uri, digest)
        return grant if right else None

    def id_token(self, grant: Grant) -> str:
        now = int(time.time()) - self.aged
        wrong = self.forgery
        if wrong is Forgery.EXPIRED:
            now -= 10 * LIFE
        claims = {
            "iss": "https://elsewhere.example" if wrong is Forgery.ISSUER else self.url,
            "aud": "another client" if wrong is Forgery.AUDIENCE else CLIENT,
            "nonce": "another nonce" if wrong is Forgery.NONCE else grant.nonce,
            "sub": grant.person,
            "iat": now,
            "exp": now + LIFE + self.aged,
            **self.people[grant.person],
        }
        key = self._other if wrong is Forgery.KEY else self.key
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, key)


def _application(provider: Provider) -> FastAPI:
    app = FastAPI(openapi_url=None)

    @app.get("/.well-known/openid-configuration")
    def discovery() -> dict[str, Any]:
        paths = {"authorization": "authorize", "token": "token", "end_session": "end_session"}
        return {
            "issuer": provider.url,
            "jwks_uri": f"{provider.url}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "scopes_supported": ["openid", "email", "profile"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            **{f"{name}_endpoint": f"{provider.url}/{path}" for name, path in paths.items()},
        }

    @app.get("/jwks")
    def jwks() -> dict[str, Any]:
        return dict(KeySet([provider.key]).as_dict(private=False))

    @app.get("/authorize")
    def login(asked: Request) -> Response:
        return _login_page() if _right(asked) else Response("wrong request", 400)

    @app.post("/authorize")
    def logged_in(
        asked: Request, person: Annotated[str, Form()], password: Annotated[str, Form()]
    ) -> Response:
        given = asked.query_params
        if not _right(asked):
            return Response("wrong request", 400)
        if person not in provider.people or password != PASSWORD:
            return _login_page("Wrong name or password.")
        grant = Grant(person, given["redirect_uri"], given["nonce"], given["code_challenge"])
        back = urlencode({"code": provider.code(grant), "state": given["state"]})
        return RedirectResponse(f"{grant.redirect_uri}?{back}", 303)

    @app.post("/token")
    async def token(asked: Request) -> Response:
        form = {name: str(value) for name, value in (await asked.form()).items()}
        client = await HTTPBasic(auto_error=False)(asked)
        if client is None or (client.username, client.password) != (CLIENT, CLIENT_SECRET):
            return JSONResponse({"error": "invalid_client"}, 401)
        grant = provider.redeemed(
            form.get("code", ""), form.get("redirect_uri", ""), form.get("code_verifier", "")
        )
        if form.get("grant_type") != "authorization_code" or grant is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        answer = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer"}
        return JSONResponse(
            {**answer, "expires_in": LIFE, "id_token": provider.id_token(grant)},
            headers={"Cache-Control": "no-store"},
        )

    @app.get("/end_session")
    def end_session(id_token_hint: str, client_id: str, post_logout_redirect_uri: str) -> Response:
        whose = jwt.decode(id_token_hint, provider.key).claims
        if client_id != CLIENT or not _ours(post_logout_redirect_uri):
            return Response("wrong request", 400)
        provider.ended.append(whose["sub"])
        return RedirectResponse(post_logout_redirect_uri, 303)

    return app


def _right(asked: Request) -> bool:
    given = asked.query_params
    named = ("state", "nonce", "code_challenge")
    return (
        given.get("client_id") == CLIENT
        and given.get("response_type") == "code"
        and given.get("code_challenge_method") == "S256"
        and "openid" in given.get("scope", "").split()
        and _ours(given.get("redirect_uri", ""))
        and all(given.get(name) for name in named)
    )


def _ours(address: str) -> bool:
    parts = urlsplit(address)
    return parts.hostname == "127.0.0.1" and parts.path == CALLBACK


def _login_page(said: str = "") -> HTMLResponse:
    return HTMLResponse(
        f"<title>Provider</title><h1>Provider</h1><p>{escape(said)}</p><form method='post'>"
        "<label>Name <input name='person'></label><label>Password <input name='password' type='password'>"
        "</label><button>Continue</button></form>"
    )


@contextmanager
def provider(people: Mapping[str, Mapping[str, Any]]) -> Iterator[Provider]:
    """A provider that knows `people`, reached under `url` for as long as the block runs."""
    made = Provider(people)
    with served(_application(made)) as made.url:
        yield made
