"""One module per motif; `MOTIFS` is all of them, in the order they run."""

from graph.motifs import (
    after_death,
    costay,
    covisit,
    cross_region,
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
    scheduled.MOTIF,
    operator_bundle.MOTIF,
    relay.MOTIF,
    recruitment.MOTIF,
    shared_token.MOTIF,
    cross_region.MOTIF,
    receipts.MOTIF,
    costay.MOTIF,
    serial_stays.MOTIF,
    list_sharing.MOTIF,
    funnel.MOTIF,
    two_places.MOTIF,
    impossible_patient.MOTIF,
    trace_loop.MOTIF,
    after_death.MOTIF,
    staff_patient.MOTIF,
    substitution.MOTIF,
)
