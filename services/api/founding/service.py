"""Founding a program, and bringing it up to date with its file: what is missing is added, what differs is changed.

Nothing that people have done is touched: a policy that exists stays (leads change it in the browser), names of accounts
stay, nothing is deleted. Only the list of leads and coordinators is the file's: whoever is no longer on it loses the
role.
"""

import os
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID, uuid4

from services.api.founding import queries
from services.api.founding.schemas import DimensionPart, PersonPart, Plan, Site
from services.api.oversight import audit
from services.api.visitor import StaffGrant, Visitor
from shared.db.engine import WriteSession
from shared.models.accounts import Account, StaffRole
from shared.models.base import Base, Json
from shared.models.programs import Cycle, Dimension, Institution, InstitutionGroup, Organization, Policy, Program
from shared.security.identity import seal_cycle_key
from shared.security.keyring import KEY_BYTES, Keyring
from shared.vocabulary.dimensions import DEFAULT_DIMENSIONS

OPERATOR = Visitor(roles=frozenset({StaffGrant("operator")}))
Row = TypeVar("Row", bound=Base)


@dataclass
class Founding:
    """One run over a plan, and what it did by table. All of it is one transaction of the caller's."""

    session: WriteSession
    keyring: Keyring
    plan: Plan
    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)

    def run(self) -> Program:
        """Raises nothing of its own: a plan has been checked when it was read."""
        program = self._program()
        sites = {site.name: self._site(site).id for site in self.plan.institutions}
        self._dimensions(program.id)
        self._policy(program.id)
        self._cycle(program.id)
        self._staff(program.id, sites)
        if told := {word: dict(counts) for word, counts in self.counts.items() if counts}:
            audit.record(self.session, OPERATOR, "program.set_up", "program", program.id, None, **told)
        return program

    @property
    def counts(self) -> dict[str, Counter[str]]:
        """Rows by table, for each thing that was done."""
        return {"added": self.added, "changed": self.changed, "removed": self.removed}

    def _program(self) -> Program:
        part = self.plan.program
        program = self._put(Program, {"slug": part.slug}, {"name": part.name, "summary": part.summary})
        for name in part.organizations:
            owner = self._put(Organization, {"name": name}, {}, {"short_name": name})
            queries.own(self.session, program.id, owner.id)
        return program

    def _site(self, site: Site) -> Institution:
        group = self._put(InstitutionGroup, {"name": site.group}, {}).id if site.group else None
        values = site.model_dump(exclude={"name", "city", "group"}) | {"group_id": group}
        return self._put(Institution, {"name": site.name, "city": site.city}, values)

    def _dimensions(self, program_id: UUID) -> None:
        standard = (DimensionPart(code=one.code, name=one.name, answers=one.answers) for one in DEFAULT_DIMENSIONS)
        for position, one in enumerate(self.plan.dimensions if self.plan.dimensions is not None else standard):
            values = {"name": one.name, "answers": list(one.answers), "position": position}
            self._put(Dimension, {"program_id": program_id, "code": one.code}, values)

    def _policy(self, program_id: UUID) -> None:
        if not queries.has_policy(self.session, program_id):
            weights = {feature.value: {"weight": weight} for feature, weight in self.plan.weights.items()}
            document: Json = {"version": 1, "name": self.plan.program.name, "features": weights}
            queries.add(self.session, Policy, program_id=program_id, version=1, document=document, note="As set up")
            self.added["policy"] += 1

    def _cycle(self, program_id: UUID) -> None:
        """Its key is made once: match tokens of people who have registered hang on it."""
        values, new = self.plan.cycle.model_dump(exclude={"name"}), uuid4()
        sealed = {"id": new, "sealed_token_key": seal_cycle_key(self.keyring, new, os.urandom(KEY_BYTES))}
        self._put(Cycle, {"program_id": program_id, "name": self.plan.cycle.name}, values, sealed)

    def _staff(self, program_id: UUID, sites: dict[str, UUID]) -> None:
        held = [self._role(person, program_id, sites).id for person in self.plan.people]
        for role in queries.staff(self.session, program_id):
            if role.id not in held:
                queries.remove(self.session, role)
                self.removed["staff_role"] += 1

    def _role(self, person: PersonPart, program_id: UUID, sites: dict[str, UUID]) -> StaffRole:
        account = self._put(Account, {"email": person.email}, {}, {"name": person.name})
        of = None if person.role == "operator" else program_id
        site = sites[person.institution] if person.institution else None
        key = {"account_id": account.id, "role": person.role, "program_id": of, "institution_id": site}
        return self._put(StaffRole, key, {})

    def _put(
        self, table: type[Row], key: dict[str, Any], values: dict[str, Any], at_first: dict[str, Any] | None = None
    ) -> Row:
        """The row with this key, with these values by now; `at_first` is for a new row only."""
        row = queries.find(self.session, table, **key)
        if row is None:
            self.added[table.__tablename__] += 1
            return queries.add(self.session, table, **key, **values, **(at_first or {}))
        if differing := {name: value for name, value in values.items() if getattr(row, name) != value}:
            self.changed[table.__tablename__] += 1
            for name, value in differing.items():
                setattr(row, name, value)
        return row
