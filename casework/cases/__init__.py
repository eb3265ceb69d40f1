"""Cases: what people opened, look into and decide on."""

from casework.cases.closing import decide_closure, feed_scan, propose_closure
from casework.cases.desk import (
    assign,
    case,
    link,
    linked,
    merge,
    move,
    open_case,
    queue,
    snooze,
)
from casework.cases.papers import (
    Attachment,
    Comment,
    Task,
    attach,
    attachments,
    comment,
    comments,
    content,
    end_task,
    give_task,
    open_tasks,
    tasks,
)
from casework.cases.rules import (
    Case,
    Origin,
    Outcome,
    Queue,
    Source,
)
from casework.steps import TRANSITIONS, Status

__all__ = [
    "TRANSITIONS", "Attachment", "Case", "Comment", "Origin", "Outcome", "Queue", "Source", "Status", "Task",
    "assign", "attach", "attachments", "case", "comment", "comments", "content", "decide_closure", "end_task",
    "feed_scan", "give_task", "link", "linked", "merge", "move", "open_case", "open_tasks", "propose_closure",
    "queue", "snooze", "tasks",
]  # fmt: skip
