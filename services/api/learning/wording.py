"""What a card says, in a lead's words."""

from services.api.web.translations import format_number, format_percent
from services.api.web.translations import gettext as _
from shared.contracts.model_card import (
    LEARNING_PHASES,
    Caution,
    Estimate,
    LearningPhase,
    ModelCard,
    ResponseCount,
    Verdict,
)
from shared.models.learning import ModelState


def verdict_heading(card: ModelCard) -> str:
    """The finding, in one line."""
    words = {
        Verdict.TOO_FEW: _("Too few outcomes to learn from yet"),
        Verdict.NOT_JUDGED: _("Weights were fitted, but nothing came later to judge them on"),
        Verdict.NO_SIGNAL: _("No signal yet: the outcomes look like chance"),
        Verdict.HAND_SET_HOLDS: _("Your weights hold: others foretell outcomes no better"),
        Verdict.FITTED_IS_BETTER: _("Other weights would have foretold later outcomes better"),
    }
    return words[card.verdict]


def verdict_text(card: ModelCard) -> str:
    """What that means, and what to do."""
    words = {
        Verdict.TOO_FEW: _(
            "Of %(known)s pairs something is known; a fit needs %(needed)s, and not only good or only bad ends. The"
            " weights you set by hand stay."
        )
        % {"known": format_number(card.data.with_outcomes), "needed": format_number(card.needed)},
        Verdict.NOT_JUDGED: _("All pairs began at about the same time. Wait for a later group before adopting."),
        Verdict.NO_SIGNAL: _(
            "Neither your weights nor fitted ones foretell how later pairs fare better than the plain rates do. That"
            " may change with more pairs; until then there is no reason to change the weights."
        ),
        Verdict.HAND_SET_HOLDS: _(
            "Scores do foretell how later pairs fare. Fitted weights do so no better than yours beyond chance, so"
            " there is no reason to change them."
        ),
        Verdict.FITTED_IS_BETTER: _(
            "On pairs that began after all that was learned from, the fitted weights foretell outcomes better than"
            " yours, by more than chance explains. Read the cautions, then decide."
        ),
    }
    return words[card.verdict]


def caution_text(caution: Caution, card: ModelCard) -> str:
    words = {
        Caution.ONE_CYCLE: _(
            "Only one cycle has enough outcomes, so weights are judged on pairs of the same cycle that began later,"
            " not on a later cycle."
        ),
        Caution.LOW_RESPONSE: _("Fewer than half answered a survey; those who did not may feel otherwise."),
        Caution.BIASED_RESPONSE: _(
            "Those who answered the survey met more often, or stayed longer, than those who did not. Answers are"
            " weighted to make up for it, which works only as far as activity tells of contentment."
        ),
        Caution.RECONSTRUCTED: _(
            "Of %(count)s of %(all)s pairs it was not kept what spoke for them when they were made. It is worked out"
            " from today's records, not from those of their day."
        )
        % {"count": format_number(card.data.reconstructed), "all": format_number(card.data.pairs)},
        Caution.NOT_EXPLORED: _(
            "No run explored: only pairs that the weights liked, or people chose, were ever tried. What was never"
            " tried cannot be learned. Runs explore if you let them: see Exploration on the Learning page."
        ),
    }
    return words[caution]


def outcome_label(outcome: str) -> str:
    return {
        "met_30_days": _("Met within 30 days"),
        "active_60_days": _("Still active at day 60"),
        "mentee_content": _("Mentee content at week eight (4 or 5)"),
        "mentor_content": _("Mentor content at week eight (4 or 5)"),
    }[outcome]


def side_label(side: str) -> str:
    return _("Mentees") if side == "mentee" else _("Mentors")


def state_label(state: str) -> tuple[str, str]:
    """The word for a model's state and the tone of its tag."""
    return {
        ModelState.REQUESTED: (_("Learning"), "rope"),
        ModelState.READY: (_("To be decided"), "pine"),
        ModelState.FAILED: (_("Failed"), "error"),
        ModelState.ADOPTED: (_("Adopted"), "success"),
        ModelState.REFUSED: (_("Refused"), "plain"),
    }[ModelState(state)]


def phase_label(phase: str) -> str:
    labels = {
        LearningPhase.WAITING: _("Waiting for a free worker"),
        LearningPhase.READING: _("Reading what became of the pairs"),
        LearningPhase.FEATURES: _("Bringing what spoke for each pair"),
        LearningPhase.FITTING: _("Fitting weights"),
        LearningPhase.JUDGING: _("Judging them on later pairs"),
        LearningPhase.INTERVALS: _("Working out how sure that is"),
        LearningPhase.DONE: _("Done"),
        LearningPhase.FAILED: _("Failed"),
    }
    return labels[LearningPhase(phase)] if phase in set(LearningPhase) else labels[LearningPhase.WAITING]


def steps(phase: str) -> list[tuple[str, str]]:
    """The phases after the waiting room in words, each done, current or ahead."""
    here = LEARNING_PHASES.index(LearningPhase(phase)) if phase in LEARNING_PHASES else -1
    states = ["done" if n < here else "current" if n == here else "ahead" for n in range(len(LEARNING_PHASES))]
    return [(phase_label(one), state) for one, state in zip(LEARNING_PHASES, states, strict=True)]


def interval(estimate: Estimate, digits: int = 2) -> str:
    """The 95 % interval in words."""
    low, high = (format_number(value, digits) for value in (estimate.low, estimate.high))
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def gap_text(response: ResponseCount) -> str:
    """How much more active those were who answered."""
    if response.gap is None:
        return _("too few to compare")
    low, high = (round(100 * value) for value in (response.gap.low, response.gap.high))
    told = {"gap": f"{100 * response.gap.value:+.0f}", "low": f"{low:+d}", "high": f"{high:+d}"}
    return _("%(gap)s points (%(low)s to %(high)s)") % told


def gain_text(gain: Estimate) -> str:
    """A gain in log loss per pair, with its interval."""
    told = {name: f"{getattr(gain, name):+.3f}" for name in ("value", "low", "high")}
    return _("%(value)s (%(low)s to %(high)s)") % told


def share(value: float) -> str:
    return format_percent(value)
