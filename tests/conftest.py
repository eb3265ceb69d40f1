"""Fixtures for all tests."""

from tests.neo4j_server import neo4j_jars, neo4j_server, pytest_collection_modifyitems

__all__ = ["neo4j_jars", "neo4j_server", "pytest_collection_modifyitems"]
