"""The labels of nodes on a Neo4j server; needs no driver."""

from graph.model import NodeKind, Properties

LABELS = {kind: kind.name.title() for kind in NodeKind}
PROFESSIONS = {
    "doctor": "Doctor",
    "nurse": "Nurse",
    "pharmacist": "Pharmacist",
    "technician": "Technician",
}


def labels_of(kind: NodeKind, properties: Properties) -> str:
    """The labels of a node as Cypher writes them."""
    known = PROFESSIONS.get(str(properties.get("profession")))
    more = f":{known}" if kind is NodeKind.PRACTITIONER and known else ""
    return f"Entity:{LABELS[kind]}{more}"
