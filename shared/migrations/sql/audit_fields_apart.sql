-- A line's digest keeps its fields apart: what is moved from one field into the next, or into an empty one, is found.
-- Lines from before this release keep the digest they were sealed with. No line is sealed in between: the lock is theirs.
DO $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('program.audit_event', 0));
  EXECUTE format($f$
    CREATE OR REPLACE FUNCTION program.audit_digest(event program.audit_event) RETURNS bytea
    LANGUAGE sql IMMUTABLE AS $d$
      SELECT sha256(convert_to(CASE WHEN event.id <= %s
        THEN concat_ws('|', event.id, extract(epoch FROM event.at), event.actor_id, event.actor_role, event.program_id,
            event.action, event.object_type, event.object_id, event.detail, encode(event.previous_hash, 'hex'))
        ELSE jsonb_build_array(event.id, extract(epoch FROM event.at), event.actor_id, event.actor_role,
            event.program_id, event.action, event.object_type, event.object_id, event.detail,
            encode(event.previous_hash, 'hex'))::text
        END, 'UTF8'))
    $d$
  $f$, (SELECT coalesce(max(id), 0) FROM program.audit_event));
END $$;
