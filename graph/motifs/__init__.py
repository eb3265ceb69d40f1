"""One module per motif; `MOTIFS` is all of them, in the order they run."""

from graph.motifs import (
    after_death,
    costay,
    covisit,
    cross_region,
    dense_block,
    drug_rounds,
    funnel,
    impossible_patient,
    list_sharing,
    operator_bundle,
    receipts,
    recruitment,
    relay,
    scheduled,
    serial_stays,
    shared_token,
    staff_patient,
    substitution,
    trace_loop,
    two_places,
)
from graph.motifs.base import Motif

MOTIFS: tuple[Motif, ...] = (
    covisit.MOTIF,
    operator_bundle.MOTIF,
    relay.MOTIF,
    recruitment.MOTIF,
    costay.MOTIF,
    serial_stays.MOTIF,
    receipts.MOTIF,
    trace_loop.MOTIF,
    after_death.MOTIF,
    two_places.MOTIF,
    scheduled.MOTIF,
    impossible_patient.MOTIF,
    shared_token.MOTIF,
    cross_region.MOTIF,
    list_sharing.MOTIF,
    drug_rounds.MOTIF,
    funnel.MOTIF,
    staff_patient.MOTIF,
    substitution.MOTIF,
    dense_block.MOTIF,
)
"""Those that read no attendance come first of the second lane, which need not wait for it then; the shorter ones come last, for
whichever lane is free."""
