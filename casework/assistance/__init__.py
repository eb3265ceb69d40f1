"""Assistance between bureaux (协查): requests with their clocks, monthly batches of bills, the directory of bodies."""

from casework.assistance.batches import (
    Entry,
    answer_bill,
    bill,
    bills,
    confirm,
    next_batch,
    read_bill,
    take_batch,
)
from casework.assistance.bodies import Body, Directory, Officer, lay_out, read_directory
from casework.assistance.exchange import letters, receive
from casework.assistance.ledger import (
    answer,
    create,
    read_request,
    reply_by,
    request,
    requests,
    send,
    take,
    withdraw,
)
from casework.assistance.rules import OPEN, Bill, Direction, Request, Result, State, Wanted

__all__ = [
    "OPEN", "Bill", "Body", "Direction", "Directory", "Entry", "Officer", "Request", "Result", "State", "Wanted",
    "answer", "answer_bill", "bill", "bills", "confirm", "create", "lay_out", "letters", "next_batch",
    "read_bill", "read_directory", "read_request", "receive", "reply_by", "request", "requests", "send",
    "take", "take_batch", "withdraw",
]  # fmt: skip
