"""Jobs in words: titles, states, what they are at, why they failed."""

from dashboards import state
from dashboards.formats import about, minute
from dashboards.table import Tag
from dashboards.texts import TEXTS, motif_title, t, term
from huancha.jobs.forecast import Forecast
from huancha.jobs.job import Fault, Job, Kind, State

TONES = {
    State.DONE: "green",
    State.FAILED: "red",
    State.CANCELLED: "",
    State.RUNNING: "blue",
    State.CANCELLING: "orange",
    State.QUEUED: "",
}


def job_title(job: Job) -> str:
    """`扫描 12 号`."""
    return t("jobs.title", kind=term("job_kind", job.kind), no=job.no)


def asked_by(job: Job) -> str:
    """Who asked, or that it was a user of this machine."""
    return job.asked_by or t("jobs.by.nobody")


def state_tag(what: State) -> Tag:
    """A job's state as a tag."""
    return Tag(term("job_state", what), TONES[what])


def stage_name(kind: Kind, name: str) -> str:
    """A stage's word; a motif is a stage of its own."""
    if kind is Kind.LOAD:
        return term("load_stage", name)
    word = term("stage", name)
    return motif_title(name) if word == name else word


def fault_sentence(fault: Fault) -> str:
    """Why a job failed and what to do, in the language of this tab."""
    key = f"fault.{fault.code}"
    facts = {"code": fault.code} | dict(fault.facts)
    try:
        return t(key if key in TEXTS else "fault.other", **facts)
    except KeyError:
        return t("fault.other", code=fault.code)


def progress_line(job: Job, found: Forecast, passed: float) -> str:
    """What a running job is at, how long it has taken, how long it may still take."""
    language = state.language()
    stages = t("separator").join(stage_name(job.kind, name) for name in job.now_at)
    waiting = t("jobs.publishing" if job.steps else "jobs.starting")
    parts = [t("jobs.now_at", stages=stages) if stages else waiting]
    if job.kind is Kind.SCAN and job.total:
        parts.append(t("jobs.stages", done=job.done, total=job.total))
    parts.append(t("jobs.took", took=about(passed, language)))
    known = found.left is not None
    left = about(found.left or 0.0, language)
    parts.append(t("jobs.left", left=left) if known else t("jobs.left.unknown"))
    return " · ".join(parts)


def asked_line(job: Job) -> str:
    """Who asked and when; which job it repeats."""
    line = t("jobs.by", who=asked_by(job), asked=minute(job.asked))
    return line if job.again is None else f"{line} · {t('jobs.repeats', no=job.again)}"
