"""The form of a what-if."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from services.api.web.translations import gettext as _
from shared.contracts.what_if import MOST_MENTORS, MOST_PLACES, WhatIfQuestion


class WhatIfForm(BaseModel):
    """What a lead types. `floor` chooses a rule; `floor_at` is the number where it is "fixed"."""

    mentors: Annotated[int, Field(ge=0, le=MOST_MENTORS)] = 0
    specialty: str = ""
    state: str = ""
    places: Annotated[int, Field(ge=1, le=MOST_PLACES)] = 1
    more_places: Annotated[int, Field(ge=0, le=MOST_PLACES)] = 0
    load_weight: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)] | None = None
    floor: Literal["", "max", "none", "fixed"] = ""
    floor_at: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def floor_has_its_number(self) -> "WhatIfForm":
        if self.floor == "fixed" and self.floor_at is None:
            raise ValueError(_("Say what the weakest match must score at least, from 0 to 1."))
        return self

    @property
    def question(self) -> WhatIfQuestion:
        floor = self.floor_at if self.floor == "fixed" else self.floor or None
        return WhatIfQuestion.model_validate({**self.model_dump(exclude={"floor", "floor_at"}), "floor": floor})
