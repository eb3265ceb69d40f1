"""Who stands behind an id: each value of the vault masked, shown alone, for a reason, for a short time."""

from functools import partial

import streamlit as st

from dashboards.access.permissions import Action
from dashboards.access.unmasked import unmask
from dashboards.blocks.unmasking import Masked, masked_values
from dashboards.clock import now
from dashboards.frame import card
from dashboards.opened import Key, open_settings
from dashboards.person import actor
from dashboards.texts import t
from graph.model import Node
from huancha.identities import vault_fields
from huancha.settings import Settings


def identity(key: Key, node: Node) -> None:
    """The fields of the vault about `node`, with a button each for those who may see them."""
    fields = vault_fields(node.id)
    if not fields:
        return
    with card("identity", t("identity")):
        st.caption(t("identity.lead", seconds=Settings().unmask_seconds))
        masked_values(
            node.id,
            {
                field: Masked(
                    t(f"identity.{field}"), Action.UNMASK, partial(_look, key, node.id, field)
                )
                for field in fields
            },
        )


def _look(key: Key, entity: str, field: str, why: str) -> str | None:
    most = Settings().unmask_daily
    return unmask(open_settings(), key, actor(), entity, field, why, now(), most)
