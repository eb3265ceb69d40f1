"""Who stands behind a blind id: Parquet encrypted whole, footer included, with a key per file.

The workspace's vault key never encrypts anything itself: each file has its own AES-256 key, derived
from the vault key, the table's name and the file's random salt (its name). A file moved to another
table does not open. See `docs/decisions/0002-vault.md`.
"""

import hmac
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

from loaders.errors import NoVaultTable, WrongKeys

KEYS = "keys.json"
_KEY_BYTES = 32


@dataclass(frozen=True, repr=False)
class Keys:
    """The workspace's secrets: `id` makes blind ids, `vault` opens the vault; 32 bytes each."""

    id: bytes
    vault: bytes


def fresh_keys() -> Keys:
    """New random keys."""
    return Keys(secrets.token_bytes(_KEY_BYTES), secrets.token_bytes(_KEY_BYTES))


def read_keys(workspace: Path) -> Keys | None:
    """The workspace's keys, None before its first load; raises `WrongKeys` when the file is broken."""
    file = workspace / KEYS
    try:
        facts = json.loads(file.read_text("ascii"))
        keys = Keys(bytes.fromhex(facts["id"]), bytes.fromhex(facts["vault"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as broken:
        raise WrongKeys(file, "it is no file of keys") from broken
    if len(keys.id) != _KEY_BYTES or len(keys.vault) != _KEY_BYTES:
        raise WrongKeys(file, f"a key is not {_KEY_BYTES} bytes long")
    return keys


def write_keys(workspace: Path, keys: Keys) -> None:
    """Keep the keys in the workspace, readable by its owner alone; whole or not at all."""
    draft = workspace / f"{KEYS}.new"
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump({"id": keys.id.hex(), "vault": keys.vault.hex()}, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(workspace / KEYS)


def _file_key(keys: Keys, table: str, salt: str) -> bytes:
    return hmac.digest(keys.vault, f"vault\x1f{table}\x1f{salt}".encode(), "sha256")


def write_sealed(folder: Path, table: str, rows: pa.Table, keys: Keys) -> Path:
    """Write `rows` as one encrypted Parquet file into `folder`; returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    salt = secrets.token_hex(16)
    file = folder / f"{salt}.parquet"
    sealed = pe.create_encryption_properties(
        _file_key(keys, table, salt), aad_prefix=table.encode(), store_aad_prefix=False
    )
    pq.write_table(rows, file, compression="zstd", encryption_properties=sealed)
    return file


def read_sealed(
    file: Path, table: str, keys: Keys, columns: Sequence[str] | None = None
) -> pa.Table:
    """Read a file `write_sealed` wrote; raises `WrongKeys` when the keys are not the writer's."""
    opened = pe.create_decryption_properties(
        _file_key(keys, table, file.stem), aad_prefix=table.encode()
    )
    names = None if columns is None else list(columns)
    try:
        with pq.ParquetFile(file, decryption_properties=opened) as parquet:
            return parquet.read(columns=names)
    except (pa.ArrowException, OSError) as wrong:
        raise WrongKeys(file, "the vault's file does not open with keys.json") from wrong


@dataclass(frozen=True)
class Vault:
    """The vault of one snapshot."""

    folder: Path
    snapshot: str
    keys: Keys

    def has(self, table: str) -> bool:
        """Whether this vault holds `table` (people, staff, registered, places, tokens, tips, agents)."""
        return (self.folder / table).is_dir()

    def table(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of `table` in clear, all columns or those named.

        Raises `NoVaultTable` if it is not there, `WrongKeys` if it does not open.
        """
        files = sorted((self.folder / table).glob("*.parquet"))
        if not files:
            raise NoVaultTable(self.snapshot, table)
        return pa.concat_tables([read_sealed(file, table, self.keys, columns) for file in files])


def open_vault(workspace: Path, snapshot: str) -> Vault:
    """The vault of `snapshot` in `workspace`; raises `WrongKeys` when there are no keys."""
    keys = read_keys(workspace)
    if keys is None:
        raise WrongKeys(workspace / KEYS, "it is not there")
    return Vault(workspace / "vault" / snapshot, snapshot, keys)
