"""A program with an open cycle, some institutions and dimensions: the stage on which people register."""

import os
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from shared.db.actor import SYSTEM
from shared.db.engine import Database
from shared.models.programs import Cycle, Dimension, Institution, Organization, Program, ProgramOrganization
from shared.security.identity import seal_cycle_key
from shared.security.keyring import KEY_BYTES, Keyring
from shared.vocabulary.dimensions import DEFAULT_DIMENSIONS

SLUG = "rope-team"
OPENS, STARTS, ENDS = date(2026, 1, 1), date(2026, 9, 1), date(2099, 6, 30)


@dataclass(frozen=True)
class Scene:
    program_id: UUID
    cycle_id: UUID
    cycle_key: bytes
    rochester: UUID
    honolulu: UUID
    dimensions: dict[str, UUID]


def set_scene(database: Database, keyring: Keyring, slug: str = SLUG, state: str = "open") -> Scene:
    """Made by the platform itself; returns the ids."""
    scene = Scene(
        uuid4(), uuid4(), os.urandom(KEY_BYTES), uuid4(), uuid4(), {one.code: uuid4() for one in DEFAULT_DIMENSIONS}
    )
    organization = Organization(id=uuid4(), name=f"Climbers of {slug}", short_name="CLIMB", synthetic=True)
    with database.writing(SYSTEM) as session:
        session.add_all([organization, *_institutions(scene, slug)])
        session.add(Program(id=scene.program_id, slug=slug, name="Rope Team", summary="For climbers.", synthetic=True))
        session.flush()
        session.add(ProgramOrganization(program_id=scene.program_id, organization_id=organization.id))
        session.add(_cycle(scene, keyring, state))
        session.add_all(_dimensions(scene))
    return scene


def _cycle(scene: Scene, keyring: Keyring, state: str) -> Cycle:
    return Cycle(
        id=scene.cycle_id,
        program_id=scene.program_id,
        name="2026",
        opens_on=OPENS,
        starts_on=STARTS,
        ends_on=ENDS,
        state=state,
        sealed_token_key=seal_cycle_key(keyring, scene.cycle_id, scene.cycle_key),
    )


def _institutions(scene: Scene, slug: str) -> list[Institution]:
    return [
        Institution(
            id=scene.rochester, name=f"Northern Clinic of {slug}", short_name="Northern", city="Rochester", state="MN",
            latitude=44.02, longitude=-92.47, time_zone="America/Chicago",
        ),
        Institution(
            id=scene.honolulu, name=f"Island Hospital of {slug}", short_name="Island", city="Honolulu", state="HI",
            latitude=21.3, longitude=-157.86, time_zone="Pacific/Honolulu",
        ),
    ]  # fmt: skip


def _dimensions(scene: Scene) -> list[Dimension]:
    return [
        Dimension(
            id=scene.dimensions[default.code], program_id=scene.program_id, code=default.code, name=default.name,
            answers=list(default.answers), position=position,
        )
        for position, default in enumerate(DEFAULT_DIMENSIONS)
    ]  # fmt: skip
