"""Every refusal of a server gets a name of ours, and none lets the driver's text through."""

import pytest
from neo4j.exceptions import ConfigurationError, Neo4jError, ServiceUnavailable, SessionExpired

from graph.errors import (
    ServerAway,
    ServerBroken,
    ServerFull,
    ServerReadOnly,
    ServerRefused,
    ServerTimeout,
    WrongPassword,
)
from graph.store.neo4j_ import Connection, Server, _fault

SERVER = Server("bolt://graph.example:7687", "wang", "a secret")


def refusal(code, message="张三 110105"):
    return Neo4jError._hydrate_neo4j(code=code, message=message)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (refusal("Neo.ClientError.Security.Unauthorized"), WrongPassword),
        (refusal("Neo.ClientError.Security.AuthenticationRateLimit"), WrongPassword),
        (refusal("Neo.ClientError.Security.Forbidden"), ServerReadOnly),
        (refusal("Neo.ClientError.General.ForbiddenOnReadOnlyDatabase"), ServerReadOnly),
        (refusal("Neo.ClientError.General.WriteOnReadOnlyAccessDatabase"), ServerReadOnly),
        (refusal("Neo.ClientError.Cluster.NotALeader"), ServerReadOnly),
        (refusal("Neo.TransientError.General.MemoryPoolOutOfMemoryError"), ServerFull),
        (
            refusal("Neo.DatabaseError.Transaction.TransactionCommitFailed", "No space left on"),
            ServerFull,
        ),
        (refusal("Neo.DatabaseError.Transaction.TransactionLogError"), ServerFull),
        (
            refusal(
                "Neo.DatabaseError.Transaction.TransactionStartFailed", "needs to be restarted"
            ),
            ServerBroken,
        ),
        (refusal("Neo.ClientError.Transaction.TransactionTimedOut"), ServerTimeout),
        (refusal("Neo.TransientError.Transaction.LockAcquisitionTimeout"), ServerTimeout),
        (refusal("Neo.ClientError.Statement.SyntaxError"), ServerRefused),
        (ServiceUnavailable("gone"), ServerAway),
        (SessionExpired("gone"), ServerAway),
        (ConfigurationError("what address"), ServerAway),
    ],
)
def test_a_refusal_has_a_name_and_says_what_to_do(error, expected):
    fault = _fault(SERVER, error)
    assert type(fault) is expected
    assert fault.server == SERVER.address
    assert SERVER.address in str(fault)
    for secret in ("张三", "a secret"):
        assert secret not in str(fault) + repr(fault) + repr(SERVER)


@pytest.mark.parametrize("address", ["graph.example:7687", "http://graph.example"])
def test_what_is_no_address_is_refused_at_once(address):
    with pytest.raises(ServerAway, match="check its address"):
        Connection(Server(address))
