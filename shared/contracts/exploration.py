"""How far runs explore, as a lead may set it in the browser: narrower than what the matcher would do by a file."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

# Every draw solves the whole match: larger runs do not explore.
MOST_EXPLORED_PAIRS = 8_000_000
MOST_EPSILON = 0.05
USUAL_DRAWS = 20


class ExplorationSetting(BaseModel):
    """`epsilon`: how much of a score of 1 a pair may give up on average; `draws` tell how likely each pair was."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_extra={"examples": [{"epsilon": 0.01, "draws": 20}]}
    )

    epsilon: Annotated[float, Field(ge=0, le=MOST_EPSILON, allow_inf_nan=False)]
    draws: Annotated[int, Field(ge=5, le=50)] = USUAL_DRAWS
