"""What a transaction in the store is."""

from casework.sql import Connection

Tx = Connection
"""A transaction in the store, as `Store.read` and `Store.write` give it."""
