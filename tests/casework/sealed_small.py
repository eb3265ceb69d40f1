"""A small bundle and what it is made of."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casework.bundles import Facts, seal

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
FACTS = Facts(
    "ring rg_1", "一个团伙", "北京市公安局", "王警官", "police", "移送", "医保发〔2021〕49号",
    "陈晨", "李立", datetime(2026, 3, 2, 9, 30, 1, 250), "来源.csv",
    {"snapshot": "t0001", "scan": "s0001", "seed": "1", "parameters": "{}", "version": "0.1.0"},
)  # fmt: skip
FILES = {"来源.csv": b"row\n1\n", "图/network.graphml": "<g>团伙</g>".encode(), "empty": b""}


def small(folder, files=FILES, facts=FACTS, key=KEY):
    """The small bundle, in a file."""
    out = folder / "small.zip"
    seal(files, facts, key, out)
    return out
