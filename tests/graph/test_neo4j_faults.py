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
from tests.graph.conftest import emptied

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


OF_ITS_OWN = "Neo.DatabaseError.Statement.ExecutionFailed"


@pytest.mark.parametrize(
    ("code", "message", "words"),
    [
        (
            OF_ITS_OWN,
            "Could not compile query, as it seems",
            "Could not compile query, as it seems",
        ),
        (OF_ITS_OWN, "No index was found for (:Patient {label: 'Wang'})", "No index was found for"),
        (OF_ITS_OWN, "Node 17 was wanted", "Node"),
        (OF_ITS_OWN, "张三", ""),
        (OF_ITS_OWN, "word " * 100, "word " * 19 + "word"),
        ("Neo.ClientError.Schema.ConstraintValidationFailed", "Wang is there", ""),
    ],
)
def test_of_what_a_server_says_of_itself_the_plain_words_are_shown(code, message, words):
    fault = _fault(SERVER, refusal(code, message))
    assert (fault.code, fault.words) == (code, words)
    assert (f"({code}: {words})" if words else f"({code})") in str(fault)


@pytest.mark.parametrize("times", [0, 1, 2])
def test_work_that_failed_by_the_servers_own_fault_is_done_once_more(neo4j_server, times):
    connection = Connection(emptied(neo4j_server))
    seen = []

    def work(tx):
        seen.append(tx.one("MATCH (n) RETURN count(n)"))
        tx.rows("CREATE (:Patient {id: 'p1'})")
        if len(seen) <= times:
            raise refusal(OF_ITS_OWN, "Could not compile query")

    if times > 1:
        with pytest.raises(ServerRefused, match="Could not compile query"):
            connection.write(work)
    else:
        connection.write(work)
    assert seen == [0] * min(times + 1, 2)
    left = connection.read(lambda tx: tx.one("MATCH (n) RETURN count(n)"))
    assert left == (0 if times > 1 else 1)
    connection.close()


def test_other_faults_are_told_at_once(neo4j_server):
    connection = Connection(emptied(neo4j_server))
    seen = []

    def work(tx):
        seen.append(tx.one("RETURN 1"))
        raise refusal("Neo.DatabaseError.Transaction.TransactionCommitFailed")

    with pytest.raises(ServerRefused):
        connection.read(work)
    assert seen == [1]
    connection.close()
