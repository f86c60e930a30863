"""What the step templates need: the choices, and the answers so far in the shape of a form."""

from typing import Any

from services.api.accounts.time_zones import time_zone_name, time_zone_options
from services.api.enrollment import choices
from services.api.enrollment.checks import Situation
from services.api.enrollment.contact_details import told_of
from services.api.enrollment.enrolling import PRIVACY_VERSION
from services.api.enrollment.reading import Raw
from services.api.enrollment.schemas import MOST_SPECIALTIES, Answers, DimensionChoice, Step
from services.api.enrollment.steps import STEPS, StepSpec
from services.api.web.translations import gettext as _
from services.api.web.translations import ngettext
from shared.bandwidth import HOURS_PER_MENTORSHIP
from shared.vocabulary.mentoring import Role
from shared.vocabulary.stages import Stage


def form_of(step: Step | None) -> Raw:
    """A saved step as a form shows it."""
    return step.model_dump(mode="json", warnings=False) if step else {}  # a profile's step may hold plain strings


def title_of(spec: StepSpec, answers: Answers) -> str:
    """Mentors offer where mentees want, and work where mentees train."""
    if answers.roles == (Role.MENTOR,):
        return {"want": _("What you offer"), "place": _("Where you work")}.get(spec.key, _(spec.title))
    return _(spec.title)


def question_of(spec: StepSpec, answers: Answers) -> str:
    """The step's title as somebody would ask it."""
    questions = {
        "who": _("Nice to meet you. Who are you?"),
        "place": _("Where do you train or work?"),
        "want": _("What would help you?"),
        "matters": _("What matters to you?"),
        "meeting": _("When and how can you meet?"),
        "review": _("Does this look right?"),
    }
    if spec.key == "want" and answers.roles == (Role.MENTOR,):
        return _("What can you offer?")
    return questions[spec.key]


def titles(answers: Answers) -> list[str]:
    return [title_of(spec, answers) for spec in STEPS]


def step_context(spec: StepSpec, answers: Answers, situation: Situation, form: Raw, errors: Raw) -> dict[str, Any]:
    """Everything that `enrollment/steps/<key>.html` draws on."""
    return {
        "spec": spec,
        "answers": answers,
        "situation": situation,
        "form": form,
        "errors": errors,
        "told_of": told_of(form, errors, answers.own_name),
        "choices": choices,
        "is_mentee": Role.MENTEE in answers.roles,
        "is_mentor": Role.MENTOR in answers.roles,
        "time_zone": time_zone_of(answers, situation),
        "time_zones": time_zone_options,
        "stage": answers.who.stage if answers.who else None,
        "specialty_count": MOST_SPECIALTIES - 2,
        "hours_per_mentorship": HOURS_PER_MENTORSHIP,
        "said": {choice["code"]: choice for choice in form.get("dimensions", [])},
    }


def time_zone_of(answers: Answers, situation: Situation) -> str:
    """The zone in which somebody's weekly hours are read, as people write it."""
    if (place := answers.place) is None:
        return ""
    institution = situation.institutions.get(place.institution_id)
    return time_zone_name(place.time_zone or (institution.time_zone if institution else ""))


def review_context(answers: Answers, situation: Situation) -> dict[str, Any]:
    """The answers to read once more: for each step its title and (term, fact) pairs."""
    return {
        "sections": [
            (spec, title_of(spec, answers), _facts(spec, answers, situation)) for spec in STEPS[:-1]
        ],
        "privacy_version": PRIVACY_VERSION,
    }


Facts = list[tuple[str, str]]


def _facts(spec: StepSpec, answers: Answers, situation: Situation) -> Facts:
    write = {"who": who_facts, "place": place_facts, "want": want_facts, "matters": matters_facts}.get(
        spec.key, meeting_facts
    )
    return [(term, fact) for term, fact in write(answers, situation) if fact]


def who_facts(answers: Answers, _situation: Situation) -> Facts:
    if (who := answers.who) is None:
        return []
    return [
        (_("Name"), f"{who.name} ({who.pronouns})" if who.pronouns else who.name),
        (_("E-mail"), who.email),
        (_("Joining as"), choices.label_of(choices.roles(), who.role)),
        (_("Career stage"), _(Stage(who.stage).label)),
    ]


def place_facts(answers: Answers, situation: Situation) -> Facts:
    if (place := answers.place) is None:
        return []
    institution = situation.institutions[place.institution_id]
    return [
        (_("Institution"), f"{institution.name}, {institution.city}, {institution.state}"),
        (_("Time zone"), time_zone_of(answers, situation)),
    ]


def want_facts(answers: Answers, _situation: Situation) -> Facts:
    if (want := answers.want) is None:
        return []
    specialties = [pair for _group, pairs in choices.specialties() for pair in pairs]
    stage = answers.who.stage if answers.who else None
    return [
        (_("You would like"), want.wish),
        (_("Goals"), want.goals),
        (_("You offer"), want.offer),
        (_("Expertise"), want.expertise),
        (_("Interests"), want.interests),
        (_("Specialties"), ", ".join(choices.labels_of(specialties, want.specialties))),
        (_("Mentors wanted"), ", ".join(choices.labels_of(choices.kinds_wanted(), want.kinds_wanted))),
        (_("You mentor"), ", ".join(choices.labels_of(choices.kinds_offered(stage), want.kinds_offered))),
    ]


def matters_facts(answers: Answers, situation: Situation) -> Facts:
    if (matters := answers.matters) is None:
        return []
    facts = [
        (choices.dimension_name(dimension.name), _dimension_fact(choice))
        for choice in matters.dimensions
        if (dimension := situation.dimension(choice.code))
    ]
    nothing = [(_("Dimensions"), _("You told us nothing here, and that is fine."))]
    different = [(_("A different perspective"), _("is welcome"))] if matters.different_perspective else []
    return [*(facts or nothing), *different]


def _dimension_fact(choice: DimensionChoice) -> str:
    switches = ((_("match"), choice.match), (_("show"), choice.show), (_("report"), choice.report))
    use = ", ".join(word for word, is_on in switches if is_on) or _("kept to yourself")
    return f"{', '.join(map(choices.answer_label, choice.exact_answers))} · {use}"


def meeting_facts(answers: Answers, _situation: Situation) -> Facts:
    if (meeting := answers.meeting) is None:
        return []
    return [
        (_("Weekly hours"), _hours_a_week(len(meeting.hours))),
        (_("Meeting"), choices.label_of(choices.meeting_modes(), meeting.meeting_mode)),
        (_("Languages"), ", ".join(choices.labels_of(choices.languages(), meeting.languages))),
        (_("Working style"), choices.label_of(choices.working_styles(), meeting.working_style or "")),
        (_("Your match should be at"), choices.label_of(choices.site_preferences(), meeting.site_preference)),
        (_("Regions"), ", ".join(choices.labels_of(choices.states(), meeting.regions))),
        *_bandwidth_facts(meeting.hours_per_month, meeting.mentee_slots),
    ]


def _hours_a_week(count: int) -> str:
    return ngettext("%(count)s hour a week", "%(count)s hours a week", count) % {"count": count}


def _bandwidth_facts(hours: object, slots: object) -> Facts:
    if hours is None:
        return []
    sentence = _("%(hours)s hours a month, %(slots)s mentees at most")
    return [(_("Bandwidth"), sentence % {"hours": hours, "slots": slots})]
