"""Loading the nation, once, and asking for its match: the same rows and messages that the api would write."""

import os
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from infra.demo import queries
from infra.demo.nation import STAFF, Nation, build_nation
from infra.demo.organizations import PROGRAM
from infra.demo.records.past import add_past
from infra.demo.records.people import add_people
from infra.demo.records.program import PROGRAM_ID, Secrets, add_program, cycle_id, policy_id
from infra.demo.records.tables import Tables, id_of
from shared.contracts.messages import CycleFilled, MatchRunRequested, ParticipantChanged
from shared.db.engine import WriteSession
from shared.models.matching import MatchRun
from shared.models.oversight import AuditEvent
from shared.outbox.writing import send
from shared.security.keyring import KEY_BYTES, Keyring


@dataclass(frozen=True)
class Loaded:
    """What a load wrote; nothing (`rows` 0) if the nation was there already."""

    cycle_id: UUID
    rows: int


def nation_rows(nation: Nation, secrets: Secrets) -> Tables:
    """The nation as rows, tables in the order of insertion."""
    tables = Tables()
    add_program(tables, nation, secrets)
    add_people(tables, nation, secrets)
    add_past(tables, nation)
    return tables


def load(session: WriteSession, keyring: Keyring, now: datetime) -> Loaded:
    """Write the nation, unless it is there. Flushed, not committed."""
    if present := queries.find_program(session, PROGRAM.slug):
        return Loaded(_cycle_of(session, present), 0)
    nation = build_nation(now)
    rows = queries.insert_tables(session, nation_rows(nation, Secrets(keyring, os.urandom(KEY_BYTES))))
    cycle = cycle_id(nation.cycle)
    queries.add_audit_line(session, _audit("demo.loaded", "cycle", cycle, rows=rows))
    return Loaded(cycle, rows)


def request_match(session: WriteSession, cycle: UUID) -> UUID:
    """The run of the cycle: the one there is, or a new one asked for by the lead. Flushed, not committed."""
    if present := queries.latest_run(session, cycle):
        return present
    asked = MatchRun(program_id=PROGRAM_ID, cycle_id=cycle, policy_id=policy_id(), requested_by=_lead())
    run = queries.add_run(session, asked)
    send(session, MatchRunRequested(run_id=run.id))
    queries.add_audit_line(session, _audit("match_run.requested", "match_run", run.id, policy_id=str(policy_id())))
    return run.id


def ask_for_embedding(session: WriteSession, cycle: UUID) -> None:
    """As after an import: the matcher embeds everybody and works out suggestions for all. A match embeds them too."""
    send(session, CycleFilled(cycle_id=cycle))


def ask_for_suggestions(session: WriteSession, mentee_id: UUID) -> None:
    """As after a registration: the matcher works out whom to suggest to this mentee."""
    send(session, ParticipantChanged(participant_id=mentee_id))


def _cycle_of(session: WriteSession, program_id: UUID) -> UUID:
    cycle = queries.open_cycle(session, program_id)
    if cycle is None:
        raise LookupError("The demo is loaded, but its cycle is closed. `make demo-clean` and `make demo` start anew.")
    return cycle


def _lead() -> UUID:
    return next(id_of("account", one.key) for one in STAFF if one.role == "lead")


def _audit(action: str, object_type: str, object_id: UUID, **detail: object) -> AuditEvent:
    return AuditEvent(actor_id=_lead(), actor_role="lead", program_id=PROGRAM_ID, action=action,
                      object_type=object_type, object_id=object_id, detail=detail)
