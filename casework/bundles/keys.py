"""An installation's own key pairs: Ed25519, with which it signs, and X25519, with which it receives.

They lie in `seal.key` of the workspace, readable by its owner alone. Others are handed the card: both public keys,
signed, so that the one fingerprint read out over the telephone vouches for both. A fingerprint is the SHA-256 of
the signing key's SubjectPublicKeyInfo (DER), as `openssl pkey -pubin -outform DER | sha256sum` tells it.
"""

import hashlib
import hmac
import json
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from casework.bundles.errors import BadCard, BadSealKey

FILE = "seal.key"
KEY_BYTES = 32
_VOUCHED = b"huancha card 1\n"


@dataclass(frozen=True)
class Card:
    """What an installation hands to others: raw public keys of 32 bytes, `signature` of both by the first."""

    signing: bytes
    receiving: bytes
    signature: bytes

    @property
    def fingerprint(self) -> str:
        """64 hex digits."""
        return fingerprint(self.signing_key)

    @property
    def signing_key(self) -> Ed25519PublicKey:
        """What the installation's signatures are verified with."""
        return Ed25519PublicKey.from_public_bytes(self.signing)

    @property
    def receiving_key(self) -> X25519PublicKey:
        """What a secret for the installation is wrapped for."""
        return X25519PublicKey.from_public_bytes(self.receiving)

    def text(self) -> str:
        """The card as JSON, on one line."""
        return json.dumps({name: key.hex() for name, key in vars(self).items()})


@dataclass(frozen=True, repr=False)
class SealKeys:
    """The private keys of an installation."""

    signing: Ed25519PrivateKey
    receiving: X25519PrivateKey

    def card(self) -> Card:
        """What others may have of them."""
        signing = self.signing.public_key().public_bytes_raw()
        receiving = self.receiving.public_key().public_bytes_raw()
        return Card(signing, receiving, self.signing.sign(_VOUCHED + signing + receiving))

    def secret(self, purpose: str) -> bytes:
        """32 bytes that are the same for a purpose, and that nobody can tell from its name."""
        return hmac.digest(self.signing.private_bytes_raw(), purpose.encode(), "sha256")


def seal_keys(workspace: Path) -> SealKeys:
    """The keys of `workspace`, made when they are first asked for; raises `BadSealKey`."""
    file = workspace / FILE
    if not file.exists():
        _make(file)
    try:
        with file.open("rb") as opened:
            if stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & 0o077:
                raise BadSealKey(file, f"others may read it, run: chmod 600 {file}")
            held = json.load(opened)
        raw = [bytes.fromhex(held[name]) for name in ("signing", "receiving")]
        return SealKeys(
            Ed25519PrivateKey.from_private_bytes(raw[0]),
            X25519PrivateKey.from_private_bytes(raw[1]),
        )
    except OSError as unread:
        raise BadSealKey(file, str(unread.strerror)) from None
    except (ValueError, KeyError, TypeError):
        raise BadSealKey(file, "it is no file of keys") from None


def read_card(text: str) -> Card:
    """The card that `text` is; raises `BadCard`, also where its keys do not belong together."""
    try:
        held = json.loads(text)
        card = Card(*(bytes.fromhex(held[name]) for name in ("signing", "receiving", "signature")))
        card.signing_key.verify(card.signature, _VOUCHED + card.signing + card.receiving)
        X25519PublicKey.from_public_bytes(card.receiving)
    except (ValueError, KeyError, TypeError):
        raise BadCard("it is not of that form") from None
    except InvalidSignature:
        raise BadCard("its signature is wrong") from None
    return card


def fingerprint(key: Ed25519PublicKey) -> str:
    """What people compare: 64 hex digits."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def is_fingerprint(said: str, of: str) -> bool:
    """Whether somebody wrote the fingerprint `of`, grouped by spaces, colons or dashes or not."""
    return said.translate({ord(mark): None for mark in " :-"}).lower() == of


def _make(file: Path) -> None:
    """Keep new keys as `file`, whole, unless somebody else was first."""
    keys = {name: secrets.token_bytes(KEY_BYTES).hex() for name in ("signing", "receiving")}
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{FILE}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as opened:
            json.dump(keys, opened)
            opened.flush()
            os.fsync(opened.fileno())
        os.link(draft, file)
    except FileExistsError:
        pass
    except OSError as unwritten:
        raise BadSealKey(file, str(unwritten.strerror)) from None
    finally:
        draft.unlink(missing_ok=True)
