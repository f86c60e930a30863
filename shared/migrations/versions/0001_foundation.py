"""The foundation: every table, view, role grant and policy of the first release."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations.sql import run_sql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "embedding",
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("content_hash", "model", name=op.f("pk_embedding")),
        schema="matching",
    )
    op.create_table(
        "inbox",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("consumer", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "consumer", name=op.f("pk_inbox")),
        schema="messaging",
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state in ('pending', 'published', 'received', 'withdrawn', 'dead')", name=op.f("ck_outbox_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        schema="messaging",
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["available_at"],
        unique=False,
        schema="messaging",
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_outbox_published",
        "outbox",
        ["published_at"],
        unique=False,
        schema="messaging",
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("subject_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('queued', 'inflight', 'sent', 'bounced', 'dead', 'unwanted')",
            name=op.f("ck_mail_state_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint(
            "event_id", "template", "recipient_id", name=op.f("uq_mail_event_id_template_recipient_id")
        ),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_message_id")),
        schema="notification",
    )
    op.create_index(op.f("ix_mail_state_due_at"), "mail", ["state", "due_at"], unique=False, schema="notification")
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("pronouns", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        schema="program",
    )
    op.create_index(op.f("ix_account_name"), "account", ["name"], unique=False, schema="program")
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_role", sa.String(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("object_type", sa.String(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        schema="program",
    )
    op.create_index(
        op.f("ix_audit_event_object_type_object_id"),
        "audit_event",
        ["object_type", "object_id"],
        unique=False,
        schema="program",
    )
    op.create_index(
        op.f("ix_audit_event_program_id_at"),
        "audit_event",
        ["program_id", "at"],
        unique=False,
        schema="program",
    )
    op.create_table(
        "institution_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution_group")),
        sa.UniqueConstraint("name", name=op.f("uq_institution_group_name")),
        schema="program",
    )
    op.create_table(
        "organization",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
        sa.UniqueConstraint("name", name=op.f("uq_organization_name")),
        schema="program",
    )
    op.create_table(
        "program",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
        sa.UniqueConstraint("slug", name=op.f("uq_program_slug")),
        schema="program",
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["program.account.id"], name=op.f("fk_consent_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.program.id"], name=op.f("fk_consent_program_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        schema="program",
    )
    op.create_table(
        "cycle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sealed_token_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state in ('planned', 'open', 'running', 'closed')", name=op.f("ck_cycle_state_known")),
        sa.CheckConstraint("opens_on <= starts_on and starts_on < ends_on", name=op.f("ck_cycle_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.program.id"], name=op.f("fk_cycle_program_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle")),
        sa.UniqueConstraint("program_id", "name", name=op.f("uq_cycle_program_id_name")),
        schema="program",
    )
    op.create_table(
        "dimension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("answers", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.program.id"], name=op.f("fk_dimension_program_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dimension")),
        sa.UniqueConstraint("program_id", "code", name=op.f("uq_dimension_program_id_code")),
        schema="program",
    )
    op.create_table(
        "institution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["program.institution_group.id"],
            name=op.f("fk_institution_group_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution")),
        sa.UniqueConstraint("name", "city", name=op.f("uq_institution_name_city")),
        schema="program",
    )
    op.create_table(
        "login_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["program.account.id"],
            name=op.f("fk_login_session_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_session_token_hash")),
        schema="program",
    )
    op.create_index(
        op.f("ix_login_session_account_id"), "login_session", ["account_id"], unique=False, schema="program"
    )
    op.create_table(
        "policy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["program.account.id"], name=op.f("fk_policy_created_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.program.id"], name=op.f("fk_policy_program_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
        sa.UniqueConstraint("program_id", "version", name=op.f("uq_policy_program_id_version")),
        schema="program",
    )
    op.create_table(
        "program_organization",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["program.organization.id"],
            name=op.f("fk_program_organization_organization_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["program.program.id"],
            name=op.f("fk_program_organization_program_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("program_id", "organization_id", name=op.f("pk_program_organization")),
        schema="program",
    )
    op.create_table(
        "unsubscription",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["program.account.id"],
            name=op.f("fk_unsubscription_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "template", name=op.f("pk_unsubscription")),
        schema="program",
    )
    op.create_table(
        "cycle_progress",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("embedded", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["program.cycle.id"], name=op.f("fk_cycle_progress_cycle_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cycle_id", name=op.f("pk_cycle_progress")),
        schema="matching",
    )
    op.create_table(
        "mentor_price",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("price", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["program.cycle.id"], name=op.f("fk_mentor_price_cycle_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cycle_id", "mentor_id", name=op.f("pk_mentor_price")),
        schema="matching",
    )
    op.create_table(
        "match_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), server_default="match", nullable=False),
        sa.Column("base_run_id", sa.Uuid(), nullable=True),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notices_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('requested', 'draft', 'answered', 'published', 'discarded', 'failed')",
            name=op.f("ck_match_run_state_known"),
        ),
        sa.CheckConstraint("purpose in ('match', 'additions', 'what_if')", name=op.f("ck_match_run_purpose_known")),
        sa.ForeignKeyConstraint(
            ["base_run_id"], ["program.match_run.id"], name=op.f("fk_match_run_base_run_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["program.cycle.id"], name=op.f("fk_match_run_cycle_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["program.policy.id"], name=op.f("fk_match_run_policy_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.program.id"], name=op.f("fk_match_run_program_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["program.account.id"],
            name=op.f("fk_match_run_published_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"],
            ["program.account.id"],
            name=op.f("fk_match_run_requested_by"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_run")),
        schema="program",
    )
    op.create_index(
        op.f("ix_match_run_program_id_cycle_id"),
        "match_run",
        ["program_id", "cycle_id"],
        unique=False,
        schema="program",
    )
    op.create_table(
        "participant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("role in ('mentee', 'mentor')", name=op.f("ck_participant_role_known")),
        sa.CheckConstraint("state in ('active', 'paused', 'withdrawn')", name=op.f("ck_participant_state_known")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["program.account.id"], name=op.f("fk_participant_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["program.cycle.id"], name=op.f("fk_participant_cycle_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["program.institution.id"],
            name=op.f("fk_participant_institution_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["program.program.id"],
            name=op.f("fk_participant_program_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("cycle_id", "account_id", "role", name=op.f("uq_participant_cycle_id_account_id_role")),
        schema="program",
    )
    op.create_index(op.f("ix_participant_account_id"), "participant", ["account_id"], unique=False, schema="program")
    op.create_index(
        op.f("ix_participant_institution_id"),
        "participant",
        ["institution_id"],
        unique=False,
        schema="program",
    )
    op.create_index(
        op.f("ix_participant_program_id_cycle_id_role"),
        "participant",
        ["program_id", "cycle_id", "role"],
        unique=False,
        schema="program",
    )
    op.create_table(
        "registration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sealed_answers", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('draft', 'submitted', 'confirmed')", name=op.f("ck_registration_state_known")),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["program.cycle.id"], name=op.f("fk_registration_cycle_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_registration_token_hash")),
        schema="program",
    )
    op.create_index(op.f("ix_registration_email"), "registration", ["email"], unique=False, schema="program")
    op.create_table(
        "staff_role",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(role = 'coordinator') = (institution_id is not null)", name=op.f("ck_staff_role_site_of_role")
        ),
        sa.CheckConstraint("(role = 'operator') = (program_id is null)", name=op.f("ck_staff_role_program_of_role")),
        sa.CheckConstraint("role in ('lead', 'coordinator', 'operator')", name=op.f("ck_staff_role_role_known")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["program.account.id"], name=op.f("fk_staff_role_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["program.institution.id"],
            name=op.f("fk_staff_role_institution_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.program.id"], name=op.f("fk_staff_role_program_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_role")),
        schema="program",
    )
    op.create_index(
        "uq_staff_role",
        "staff_role",
        ["account_id", "role", "program_id", "institution_id"],
        unique=True,
        schema="program",
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "run_rule",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.CheckConstraint("rule in ('pin', 'forbid')", name=op.f("ck_run_rule_rule_known")),
        sa.ForeignKeyConstraint(
            ["mentee_id"], ["program.participant.id"], name=op.f("fk_run_rule_mentee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["program.participant.id"], name=op.f("fk_run_rule_mentor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.program.id"], name=op.f("fk_run_rule_program_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["program.match_run.id"], name=op.f("fk_run_rule_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "mentee_id", "mentor_id", name=op.f("pk_run_rule")),
        schema="program",
    )
    op.create_table(
        "draft_pair",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("explanation", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "alternatives", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["program.match_run.id"], name=op.f("fk_draft_pair_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "mentee_id", "mentor_id", name=op.f("pk_draft_pair")),
        schema="matching",
    )
    op.create_index(
        op.f("ix_draft_pair_run_id_score"), "draft_pair", ["run_id", "score"], unique=False, schema="matching"
    )
    op.create_index(
        op.f("ix_draft_pair_run_id_mentor_id"), "draft_pair", ["run_id", "mentor_id"], unique=False, schema="matching"
    )
    op.create_table(
        "draft_unmatched",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "alternatives", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["program.match_run.id"], name=op.f("fk_draft_unmatched_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "mentee_id", "slot", name=op.f("pk_draft_unmatched")),
        schema="matching",
    )
    op.create_table(
        "mentee_standing",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("mean_score", sa.Double(), nullable=True),
        sa.Column("lowest_score", sa.Double(), nullable=True),
        sa.Column("first_choice", sa.Boolean(), nullable=False),
        sa.Column("envies", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["program.match_run.id"], name=op.f("fk_mentee_standing_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "mentee_id", name=op.f("pk_mentee_standing")),
        schema="matching",
    )
    op.create_table(
        "equity_report",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.program.id"], name=op.f("fk_equity_report_program_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["program.match_run.id"], name=op.f("fk_equity_report_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_equity_report")),
        schema="program",
    )
    op.create_table(
        "run_result",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="1", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("certificate", sa.LargeBinary(), nullable=True),
        sa.Column("interest_scale", sa.LargeBinary(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["program.match_run.id"], name=op.f("fk_run_result_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run_result")),
        schema="matching",
    )
    op.create_table(
        "suggestion",
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("explanation", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["mentee_id"],
            ["program.participant.id"],
            name=op.f("fk_suggestion_mentee_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mentee_id", "rank", name=op.f("pk_suggestion")),
        schema="matching",
    )
    op.create_table(
        "suggestion_list",
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mentee_id"],
            ["program.participant.id"],
            name=op.f("fk_suggestion_list_mentee_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mentee_id", name=op.f("pk_suggestion_list")),
        schema="matching",
    )
    op.create_table(
        "availability_hour",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("hour between 0 and 23", name=op.f("ck_availability_hour_hour_range")),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_availability_hour_weekday_range")),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["program.participant.id"],
            name=op.f("fk_availability_hour_participant_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["program.program.id"],
            name=op.f("fk_availability_hour_program_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("participant_id", "weekday", "hour", name=op.f("pk_availability_hour")),
        schema="program",
    )
    op.create_table(
        "bandwidth_period",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("hours_per_month", sa.Numeric(precision=4, scale=1), nullable=False),
        sa.Column("mentee_slots", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "occasion in ('regular', 'rotation', 'nights', 'leave')",
            name=op.f("ck_bandwidth_period_occasion_known"),
        ),
        sa.CheckConstraint(
            "hours_per_month >= 0 and hours_per_month <= 80", name=op.f("ck_bandwidth_period_hours_range")
        ),
        sa.CheckConstraint("mentee_slots >= 0 and mentee_slots <= 50", name=op.f("ck_bandwidth_period_slots_range")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_bandwidth_period_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["program.participant.id"],
            name=op.f("fk_bandwidth_period_participant_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["program.program.id"],
            name=op.f("fk_bandwidth_period_program_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bandwidth_period")),
        schema="program",
    )
    op.create_index(
        op.f("ix_bandwidth_period_participant_id"),
        "bandwidth_period",
        ["participant_id"],
        unique=False,
        schema="program",
    )
    op.create_table(
        "dimension_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("dimension_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("may_match", sa.Boolean(), nullable=False),
        sa.Column("may_show", sa.Boolean(), nullable=False),
        sa.Column("may_report", sa.Boolean(), nullable=False),
        sa.Column("importance", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("importance between 0 and 3", name=op.f("ck_dimension_answer_importance_range")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["program.account.id"],
            name=op.f("fk_dimension_answer_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dimension_id"],
            ["program.dimension.id"],
            name=op.f("fk_dimension_answer_dimension_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["program.participant.id"],
            name=op.f("fk_dimension_answer_participant_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["program.program.id"],
            name=op.f("fk_dimension_answer_program_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dimension_answer")),
        schema="program",
    )
    op.create_index(
        op.f("ix_dimension_answer_account_id"),
        "dimension_answer",
        ["account_id"],
        unique=False,
        schema="program",
    )
    op.create_index(
        op.f("ix_dimension_answer_participant_id"),
        "dimension_answer",
        ["participant_id"],
        unique=False,
        schema="program",
    )
    op.create_table(
        "exclusion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "reason in ('evaluator', 'block', 'earlier_pair', 'lead')", name=op.f("ck_exclusion_reason_known")
        ),
        sa.ForeignKeyConstraint(
            ["mentee_id"], ["program.participant.id"], name=op.f("fk_exclusion_mentee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["program.participant.id"], name=op.f("fk_exclusion_mentor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.program.id"], name=op.f("fk_exclusion_program_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusion")),
        sa.UniqueConstraint("mentee_id", "mentor_id", name=op.f("uq_exclusion_mentee_id_mentor_id")),
        schema="program",
    )
    op.create_table(
        "login_challenge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["program.registration.id"],
            name=op.f("fk_login_challenge_registration_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_challenge")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_challenge_token_hash")),
        schema="program",
    )
    op.create_index(
        op.f("ix_login_challenge_browser_hash_created_at"),
        "login_challenge",
        ["browser_hash", "created_at"],
        unique=False,
        schema="program",
    )
    op.create_index(
        op.f("ix_login_challenge_email_created_at"),
        "login_challenge",
        ["email", "created_at"],
        unique=False,
        schema="program",
    )
    op.create_table(
        "match_token",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("dimension_id", sa.Uuid(), nullable=False),
        sa.Column("importance", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dimension_id"],
            ["program.dimension.id"],
            name=op.f("fk_match_token_dimension_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["program.participant.id"],
            name=op.f("fk_match_token_participant_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["program.program.id"],
            name=op.f("fk_match_token_program_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("participant_id", "token", name=op.f("pk_match_token")),
        schema="program",
    )
    op.create_table(
        "mentorship",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closure_reason", sa.String(), nullable=True),
        sa.CheckConstraint("state in ('active', 'completed', 'closed')", name=op.f("ck_mentorship_state_known")),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["program.cycle.id"], name=op.f("fk_mentorship_cycle_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["mentee_id"],
            ["program.participant.id"],
            name=op.f("fk_mentorship_mentee_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"],
            ["program.participant.id"],
            name=op.f("fk_mentorship_mentor_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.program.id"], name=op.f("fk_mentorship_program_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship")),
        sa.UniqueConstraint(
            "cycle_id", "mentee_id", "mentor_id", name=op.f("uq_mentorship_cycle_id_mentee_id_mentor_id")
        ),
        schema="program",
    )
    op.create_index(op.f("ix_mentorship_mentee_id"), "mentorship", ["mentee_id"], unique=False, schema="program")
    op.create_index(op.f("ix_mentorship_mentor_id"), "mentorship", ["mentor_id"], unique=False, schema="program")
    op.create_index(
        op.f("ix_mentorship_program_id_cycle_id"),
        "mentorship",
        ["program_id", "cycle_id"],
        unique=False,
        schema="program",
    )
    op.create_table(
        "profile",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("statements", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("specialties", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("meeting_mode", sa.String(), nullable=False),
        sa.Column("working_style", sa.String(), nullable=False),
        sa.Column("site_preference", sa.String(), nullable=False),
        sa.Column("regions", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("different_perspective", sa.Boolean(), nullable=False),
        sa.Column("min_mentees", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["program.participant.id"],
            name=op.f("fk_profile_participant_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.program.id"], name=op.f("fk_profile_program_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_profile")),
        schema="program",
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("explanation", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("respond_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "state in ('open', 'accepted', 'declined', 'expired', 'withdrawn')",
            name=op.f("ck_proposal_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["program.cycle.id"], name=op.f("fk_proposal_cycle_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["mentee_id"], ["program.participant.id"], name=op.f("fk_proposal_mentee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["program.participant.id"], name=op.f("fk_proposal_mentor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.program.id"], name=op.f("fk_proposal_program_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["program.match_run.id"], name=op.f("fk_proposal_run_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("run_id", "mentee_id", "mentor_id", name=op.f("uq_proposal_run_id_mentee_id_mentor_id")),
        schema="program",
    )
    op.create_index(op.f("ix_proposal_mentee_id"), "proposal", ["mentee_id"], unique=False, schema="program")
    op.create_index(op.f("ix_proposal_mentor_id"), "proposal", ["mentor_id"], unique=False, schema="program")
    op.create_index(
        op.f("ix_proposal_program_id_cycle_id"),
        "proposal",
        ["program_id", "cycle_id"],
        unique=False,
        schema="program",
    )
    op.create_table(
        "request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("explanation", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("respond_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "state in ('open', 'accepted', 'declined', 'expired', 'withdrawn')",
            name=op.f("ck_request_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["program.cycle.id"], name=op.f("fk_request_cycle_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["mentee_id"], ["program.participant.id"], name=op.f("fk_request_mentee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["program.participant.id"], name=op.f("fk_request_mentor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.program.id"], name=op.f("fk_request_program_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        schema="program",
    )
    op.create_index(op.f("ix_request_mentee_id"), "request", ["mentee_id"], unique=False, schema="program")
    op.create_index(op.f("ix_request_mentor_id"), "request", ["mentor_id"], unique=False, schema="program")
    op.create_index(
        op.f("ix_request_program_id_cycle_id"),
        "request",
        ["program_id", "cycle_id"],
        unique=False,
        schema="program",
    )
    op.create_index(
        "uq_request_open",
        "request",
        ["mentee_id", "mentor_id"],
        unique=True,
        schema="program",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("mentorship_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("arranged_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state in ('scheduled', 'held', 'canceled')", name=op.f("ck_meeting_state_known")),
        sa.CheckConstraint("minutes between 10 and 240", name=op.f("ck_meeting_minutes_range")),
        sa.ForeignKeyConstraint(
            ["arranged_by"], ["program.account.id"], name=op.f("fk_meeting_arranged_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["mentorship_id"],
            ["program.mentorship.id"],
            name=op.f("fk_meeting_mentorship_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.program.id"], name=op.f("fk_meeting_program_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        schema="program",
    )
    op.create_index(
        op.f("ix_meeting_mentorship_id_starts_at"),
        "meeting",
        ["mentorship_id", "starts_at"],
        unique=False,
        schema="program",
    )
    op.create_table(
        "survey_response",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("mentorship_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("side in ('mentee', 'mentor')", name=op.f("ck_survey_response_side_known")),
        sa.CheckConstraint("satisfaction between 1 and 5", name=op.f("ck_survey_response_satisfaction_range")),
        sa.ForeignKeyConstraint(
            ["mentorship_id"],
            ["program.mentorship.id"],
            name=op.f("fk_survey_response_mentorship_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["program.program.id"],
            name=op.f("fk_survey_response_program_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_response")),
        sa.UniqueConstraint("mentorship_id", "side", name=op.f("uq_survey_response_mentorship_id_side")),
        schema="program",
    )
    op.create_table(
        "outcome_model",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("adopted_policy_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state in ('requested', 'ready', 'failed', 'adopted', 'refused')", name=op.f("ck_outcome_model_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["adopted_policy_id"],
            ["program.policy.id"],
            name=op.f("fk_outcome_model_adopted_policy_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["program.account.id"], name=op.f("fk_outcome_model_decided_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["program.policy.id"], name=op.f("fk_outcome_model_policy_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.program.id"], name=op.f("fk_outcome_model_program_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["program.account.id"], name=op.f("fk_outcome_model_requested_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_model")),
        sa.UniqueConstraint("program_id", "version", name=op.f("uq_outcome_model_program_id_version")),
        schema="program",
    )
    op.create_index(
        "uq_outcome_model_requested",
        "outcome_model",
        ["program_id"],
        unique=True,
        schema="program",
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.create_table(
        "model_fit",
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("card", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["model_id"], ["program.outcome_model.id"], name=op.f("fk_model_fit_model_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("model_id", name=op.f("pk_model_fit")),
        schema="matching",
    )
    op.create_table(
        "pair_outcome",
        sa.Column("mentorship_id", sa.Uuid(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed", sa.Boolean(), nullable=False),
        sa.Column("first_met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mentee_asked", sa.Boolean(), nullable=False),
        sa.Column("mentor_asked", sa.Boolean(), nullable=False),
        sa.Column("mentee_satisfaction", sa.Integer(), nullable=True),
        sa.Column("mentor_satisfaction", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["program.cycle.id"], name=op.f("fk_pair_outcome_cycle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["program.mentorship.id"], name=op.f("fk_pair_outcome_mentorship_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mentorship_id", name=op.f("pk_pair_outcome")),
        schema="matching",
    )
    op.create_index(op.f("ix_pair_outcome_cycle_id"), "pair_outcome", ["cycle_id"], unique=False, schema="matching")
    op.create_table(
        "scored_pair",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("features", postgresql.ARRAY(sa.Double()), nullable=False),
        sa.Column("applies", postgresql.ARRAY(sa.Double()), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("propensity", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["program.match_run.id"], name=op.f("fk_scored_pair_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "mentee_id", "mentor_id", name=op.f("pk_scored_pair")),
        schema="matching",
    )
    op.create_index(
        op.f("ix_scored_pair_mentee_id_mentor_id"),
        "scored_pair",
        ["mentee_id", "mentor_id"],
        unique=False,
        schema="matching",
    )
    op.create_table(
        "asked_pair",
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("features", postgresql.ARRAY(sa.Double()), nullable=False),
        sa.Column("applies", postgresql.ARRAY(sa.Double()), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["mentee_id"], ["program.participant.id"], name=op.f("fk_asked_pair_mentee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mentee_id", "mentor_id", name=op.f("pk_asked_pair")),
        schema="matching",
    )
    for script in ("blind_views", "mail_views", "audit", "grants", "row_level_security", "learning"):
        run_sql(script)


def downgrade() -> None:
    """There is nothing before the foundation: restore a backup instead."""
    raise NotImplementedError("0001 is the first schema; restore a backup instead")
