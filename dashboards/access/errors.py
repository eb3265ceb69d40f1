"""What the dashboard refuses a person; facts as attributes, the sentence says what to do."""

from dashboards.access.permissions import Action


class AccessError(Exception):
    """Root of everything `dashboards.access` raises on purpose."""


class NotAllowed(AccessError):
    """None of the person's roles allows the action."""

    def __init__(self, name: str, action: Action) -> None:
        super().__init__(f"{name} may not {action}: ask an administrator for the role it needs")
        self.name, self.action = name, action


class OutsideRegions(AccessError):
    """It belongs to regions the person does not work for."""

    def __init__(self, name: str, entity: str) -> None:
        super().__init__(f"{entity} is outside the regions of {name}: ask a colleague there")
        self.name, self.entity = name, entity


class NoUnmaskReason(AccessError):
    """Nobody sees a value without saying why."""

    def __init__(self, least: int) -> None:
        super().__init__(f"say why in at least {least} characters: it is kept in the audit")
        self.least = least


class TooManyUnmasked(AccessError):
    """A person saw as many values today as one may see alone."""

    def __init__(self, name: str, most: int) -> None:
        super().__init__(f"{name} saw {most} values today: have a second person with the role look")
        self.name, self.most = name, most
