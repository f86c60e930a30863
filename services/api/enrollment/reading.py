"""What a submitted form says about a step, in the shape of the step's model."""

from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData

from services.api.enrollment.checks import Situation
from services.api.enrollment.schemas import MOST_SPECIALTIES, Matters, Step, Typed, Want
from services.api.enrollment.steps import StepSpec
from services.api.forms import FormErrors, explain, parse_form
from services.api.middleware.csrf import FORM_FIELD
from services.api.web.translations import gettext as _

Raw = dict[str, Any]
MOST_KEPT = 100_000  # letters of a refused step: many times what fits, and no room for floods
LISTS = frozenset({"kinds_wanted", "kinds_offered", "hours", "languages", "regions"})


def read_step(spec: StepSpec, form: FormData, situation: Situation) -> tuple[Step | None, FormErrors]:
    """The step, or None and a sentence for each form field that is wrong."""
    if spec.schema not in (Want, Matters):
        step, errors = parse_form(spec.schema, form)
        return step, errors | _missing(errors, form)
    raw = _raw_want(form) if spec.schema is Want else _raw_matters(form, situation)
    try:
        return spec.schema.model_validate(raw), {}
    except ValidationError as error:
        return None, _at_form_fields(error, raw)


def _missing(errors: FormErrors, form: FormData) -> FormErrors:
    """What to fill in, said so that the list at the top of the page makes sense by itself."""
    sentences = {
        "role": _("Choose how you would like to join."),
        "name": _("Tell us your name."),
        "email": _("Tell us your e-mail address."),
        "stage": _("Choose your career stage."),
        "institution_id": _("Choose your institution."),
    }
    return {name: sentences[name] for name in errors if name in sentences and not form.get(name)}


def typed(form: FormData, situation: Situation) -> Raw:
    """Everything as it was typed, for showing the form again: nothing is lost by a wrong answer."""
    kept: Raw = {name: value for name, value in form.items() if isinstance(value, str)}
    kept |= {name: [str(value) for value in form.getlist(name)] for name in LISTS}
    kept["specialties"] = _raw_want(form)["specialties"]
    return kept | _raw_matters(form, situation)


def to_keep(form: FormData) -> Typed:
    """The fields as a draft keeps them when they are refused; nothing of what nobody has typed by hand."""
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str) and name != FORM_FIELD]
    return fields if sum(len(name) + len(value) for name, value in fields) <= MOST_KEPT else []


def _raw_want(form: FormData) -> Raw:
    raw: Raw = {name: form.get(name, "") for name in ("wish", "goals", "offer", "expertise", "interests")}
    ranked = [str(form.get(f"specialty_{rank}", "")) for rank in range(1, MOST_SPECIALTIES + 1)]
    raw["specialties"] = [code for code in dict.fromkeys(ranked) if code]
    for name in ("kinds_wanted", "kinds_offered"):
        raw[name] = [value for value in form.getlist(name) if value]
    return raw


def _raw_matters(form: FormData, situation: Situation) -> Raw:
    choices = [_raw_choice(form, dimension.code) for dimension in situation.dimensions]
    said = [choice for choice in choices if _is_said(choice)]
    return {"dimensions": said, "different_perspective": "different_perspective" in form}


def _raw_choice(form: FormData, code: str) -> Raw:
    return {
        "code": code,
        "answers": [answer for answer in form.getlist(f"answers_{code}") if answer],
        "own_words": form.get(f"own_{code}", ""),
        "match": f"match_{code}" in form,
        "show": f"show_{code}" in form,
        "report": f"report_{code}" in form,
        "importance": form.get(f"importance_{code}", "0"),
    }


def _is_said(choice: Raw) -> bool:
    return any(choice[name] for name in ("answers", "own_words", "match", "show", "report"))


def _at_form_fields(error: ValidationError, raw: Raw) -> FormErrors:
    """Errors inside a list belong to the form fields that it was made of."""
    found = explain(error)
    found.pop("dimensions", None)
    if "specialties" in found:
        found["specialty_1"] = found.pop("specialties")
    for detail in error.errors(include_url=False):
        if detail["loc"][:1] == ("dimensions",) and len(detail["loc"]) > 2:
            code = raw["dimensions"][int(detail["loc"][1])]["code"]
            context = detail.get("ctx", {})
            sentence = str(context["error"]) if "error" in context else detail["msg"]
            found.setdefault(_field(str(detail["loc"][2]), code), sentence)
    return found


def _field(name: str, code: str) -> str:
    return f"own_{code}" if name == "own_words" else f"{name}_{code}"
