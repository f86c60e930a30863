-- The audit trail: numbered, chained and sealed by the database; nobody changes or deletes a line, not even its owner.
CREATE FUNCTION program.audit_digest(event program.audit_event) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT sha256(convert_to(concat_ws('|', event.id, extract(epoch FROM event.at), event.actor_id, event.actor_role,
      event.program_id, event.action, event.object_type, event.object_id, event.detail,
      encode(event.previous_hash, 'hex')), 'UTF8'))
$$;

CREATE FUNCTION program.seal_audit_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = program, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('program.audit_event', 0));
  NEW.id := nextval(pg_get_serial_sequence('program.audit_event', 'id'));
  NEW.at := clock_timestamp();
  NEW.previous_hash := (SELECT e.hash FROM program.audit_event e ORDER BY e.id DESC LIMIT 1);
  NEW.hash := program.audit_digest(NEW);
  RETURN NEW;
END $$;
CREATE TRIGGER seal BEFORE INSERT ON program.audit_event
    FOR EACH ROW EXECUTE FUNCTION program.seal_audit_event();

CREATE FUNCTION program.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON program.audit_event
    FOR EACH ROW EXECUTE FUNCTION program.refuse_audit_change();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON program.audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION program.refuse_audit_change();
