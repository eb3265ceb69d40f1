"""The store of decisions: one database per workspace, SQLite or PostgreSQL, the same code on both."""

from casework.store.database import FILE, Store, open_store
from casework.store.transaction import Tx

__all__ = ["FILE", "Store", "Tx", "open_store"]
