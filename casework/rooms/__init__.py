"""The review room of a joint review (联审互查): opinions, sign-off by every side, tasks, disputes, meetings."""

from casework.rooms.acts import (
    end_room_task,
    enter_room,
    enter_ruling,
    escalate,
    give_opinion,
    give_room_task,
    hold_meeting,
    leave_room,
    own_tasks,
    room_of,
    sign_off,
    superior,
)
from casework.rooms.entries import Entry, Kind, Seat, entries, hear, spoken
from casework.rooms.room import Dispute, Finding, RingRoom, Room, Task, room

__all__ = [
    "Dispute", "Entry", "Finding", "Kind", "RingRoom", "Room", "Seat", "Task", "end_room_task", "enter_room",
    "enter_ruling", "entries", "escalate", "give_opinion", "give_room_task", "hear", "hold_meeting", "leave_room", "own_tasks",
    "room", "room_of", "sign_off", "spoken", "superior",
]  # fmt: skip
