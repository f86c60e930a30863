"""Organizations, institutions, the program with its dimensions, policy and cycles, and who runs it."""

from dataclasses import dataclass
from uuid import UUID

from infra.demo.institutions import institutions
from infra.demo.nation import STAFF, Nation
from infra.demo.organizations import ORGANIZATIONS, PROGRAM, DemoCycle
from infra.demo.records.tables import Row, Tables, at_noon, id_of
from shared.models.accounts import Account, StaffRole
from shared.models.base import Json
from shared.models.programs import (
    Cycle,
    Dimension,
    Institution,
    InstitutionGroup,
    Organization,
    Policy,
    Program,
    ProgramOrganization,
)
from shared.security.identity import seal_cycle_key
from shared.security.keyring import Keyring
from shared.vocabulary.dimensions import DEFAULT_DIMENSIONS

PROGRAM_ID = id_of("program", PROGRAM.slug)
PROGRAM_AGE_DAYS = 420

# The hand-set policy of the demo: shared experience counts here, and other institutions are welcome.
POLICY: Json = {
    "version": 1,
    "name": "Shared Rope, hand-set",
    "features": {
        "interest": {"weight": 4, "lexical": 0.2},
        "specialty": {"weight": 2, "by_kind": {"specialty": 4}},
        "stage": {"weight": 1},
        "shared_experience": {"weight": 2},
        "different_perspective": {"weight": 1},
        "time": {"weight": 1, "enough_hours": 6},
        "place": {"weight": 0.5, "prefer": "other"},
        "style": {"weight": 0.5},
    },
    "rules": {"common_language": True, "minimum_common_hours": 1},
    "assignment": {"coverage": "first", "floor": "max", "load_weight": 0.05, "score_decimals": 6},
}


@dataclass(frozen=True)
class Secrets:
    """What seals identity: the keyring of the deployment, and the open cycle's own token key."""

    keyring: Keyring
    cycle_key: bytes


def cycle_id(cycle: DemoCycle) -> UUID:
    return id_of("cycle", cycle.name)


def policy_id() -> UUID:
    return id_of("policy", "1")


def add_program(tables: Tables, nation: Nation, secrets: Secrets) -> None:
    groups = sorted({place.group for place in institutions() if place.group})
    tables.add(Organization, (_organization(one.name, one.short_name) for one in ORGANIZATIONS))
    tables.add(InstitutionGroup, ({"id": id_of("group", name), "name": name} for name in groups))
    tables.add(Institution, _institutions())
    tables.add(Program, [_program(nation)])
    tables.add(ProgramOrganization, (
        {"program_id": PROGRAM_ID, "organization_id": id_of("organization", one.name)} for one in ORGANIZATIONS))
    tables.add(Dimension, _dimensions())
    tables.add(Account, _staff_accounts(nation))
    tables.add(StaffRole, _staff_roles(nation))
    tables.add(Policy, [_policy(nation)])
    tables.add(Cycle, (_cycle(cycle, secrets) for cycle in (nation.pilot_cycle, nation.cycle)))


def _organization(name: str, short_name: str) -> Row:
    return {"id": id_of("organization", name), "name": name, "short_name": short_name, "synthetic": True}


def _institutions() -> list[Row]:
    columns = ("name", "short_name", "city", "state", "latitude", "longitude", "time_zone")
    return [
        {column: getattr(place, column) for column in columns}
        | {"id": id_of("institution", place.code), "group_id": id_of("group", place.group) if place.group else None}
        for place in institutions()
    ]


def _program(nation: Nation) -> Row:
    created_at = at_noon(nation.now.date(), PROGRAM_AGE_DAYS)
    return {"id": PROGRAM_ID, "slug": PROGRAM.slug, "name": PROGRAM.name, "summary": PROGRAM.summary,
            "synthetic": True, "created_at": created_at}


def _dimensions() -> list[Row]:
    return [
        {"id": id_of("dimension", one.code), "program_id": PROGRAM_ID, "code": one.code, "name": one.name,
         "answers": list(one.answers), "position": position}
        for position, one in enumerate(DEFAULT_DIMENSIONS)
    ]


def _staff_accounts(nation: Nation) -> list[Row]:
    return [
        {"id": id_of("account", one.key), "email": one.email, "name": one.name, "pronouns": "",
         "time_zone": "America/Chicago", "language": "en", "created_at": at_noon(nation.now.date(), PROGRAM_AGE_DAYS)}
        for one in STAFF
    ]


def _staff_roles(nation: Nation) -> list[Row]:
    return [
        {"id": id_of("staff_role", one.key), "account_id": id_of("account", one.key), "role": one.role,
         "program_id": None if one.role == "operator" else PROGRAM_ID,
         "institution_id": id_of("institution", one.site) if one.site else None,
         "created_at": at_noon(nation.now.date(), PROGRAM_AGE_DAYS)}
        for one in STAFF
    ]


def _policy(nation: Nation) -> Row:
    lead = next(one for one in STAFF if one.role == "lead")
    return {"id": policy_id(), "program_id": PROGRAM_ID, "version": 1, "document": POLICY,
            "note": "Agreed for the first national match", "created_by": id_of("account", lead.key),
            "created_at": at_noon(nation.cycle.opens_on)}


def _cycle(cycle: DemoCycle, secrets: Secrets) -> Row:
    key = cycle_id(cycle)
    return {"id": key, "program_id": PROGRAM_ID, "name": cycle.name, "opens_on": cycle.opens_on,
            "starts_on": cycle.starts_on, "ends_on": cycle.ends_on, "state": cycle.state,
            "sealed_token_key": seal_cycle_key(secrets.keyring, key, secrets.cycle_key),
            "created_at": at_noon(cycle.opens_on, 7)}
