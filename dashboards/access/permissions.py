"""Which role may do what: one table for every write action; the pages' stands in `dashboards.pages`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from casework.people import Actor, Role


class Action(StrEnum):
    """What changes something, takes something along, or shows what is masked."""

    SCAN = "scan"
    LOAD = "load"
    NOTE = "note"
    SAVE_VIEW = "save_view"
    EXPORT = "export"
    UNMASK = "unmask"
    EXPORT_AUDIT = "export_audit"
    CASE = "case"
    CASE_STEP = "case_step"
    TIP = "tip"
    TIP_CHECK = "tip_check"
    TIP_READ = "tip_read"
    TIP_REPORTER = "tip_reporter"
    DRAW = "draw"
    RECUSE = "recuse"
    SANCTION = "sanction"
    DECIDE = "decide"
    ORDER = "order"
    JOINT = "joint"
    RELEASE = "release"
    REFER = "refer"


ACTIONS: Final[Mapping[Action, frozenset[Role]]] = {
    Action.SCAN: frozenset({Role.INVESTIGATOR, Role.ADMIN}),
    Action.LOAD: frozenset({Role.INVESTIGATOR, Role.ADMIN}),
    Action.NOTE: frozenset({Role.INVESTIGATOR, Role.APPROVER, Role.LIAISON}),
    Action.SAVE_VIEW: frozenset({Role.INVESTIGATOR, Role.APPROVER, Role.LIAISON}),
    Action.EXPORT: frozenset({Role.INVESTIGATOR, Role.APPROVER, Role.LIAISON}),
    Action.UNMASK: frozenset({Role.INVESTIGATOR, Role.APPROVER}),
    Action.EXPORT_AUDIT: frozenset({Role.AUDITOR, Role.ADMIN}),
    Action.CASE: frozenset({Role.INVESTIGATOR}),
    Action.CASE_STEP: frozenset({Role.INVESTIGATOR, Role.APPROVER}),
    Action.SANCTION: frozenset({Role.INVESTIGATOR}),
    Action.DECIDE: frozenset({Role.APPROVER}),
    Action.TIP: frozenset({Role.LIAISON}),
    Action.TIP_CHECK: frozenset({Role.INVESTIGATOR}),
    Action.TIP_READ: frozenset({Role.LIAISON, Role.INVESTIGATOR}),
    Action.TIP_REPORTER: frozenset({Role.LIAISON}),
    Action.DRAW: frozenset({Role.INVESTIGATOR}),
    Action.RECUSE: frozenset({Role.APPROVER}),
    Action.ORDER: frozenset({Role.LIAISON}),
    Action.JOINT: frozenset({Role.INVESTIGATOR, Role.APPROVER, Role.LIAISON}),
    Action.RELEASE: frozenset({Role.INVESTIGATOR, Role.APPROVER, Role.LIAISON}),
    Action.REFER: frozenset({Role.INVESTIGATOR, Role.APPROVER}),
}


def may(actor: Actor, action: Action) -> bool:
    """Whether one of the person's roles allows `action`."""
    return bool(actor.roles & ACTIONS[action])
