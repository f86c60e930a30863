-- Mentees are numbered 1 to m, mentors m + 1 to n; a key says its number, so that rows find each other.
CREATE FUNCTION pg_temp.key(kind text, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
$$ SELECT (kind || '0000-0000-4000-8000-' || lpad(to_hex(number), 12, '0'))::uuid $$;

INSERT INTO program.institution (id, name, short_name, city, state, latitude, longitude, time_zone)
SELECT pg_temp.key('dddd', n), 'Teaching Hospital ' || n, 'TH', 'City ' || n, (ARRAY['MN','AZ','NY','TX','CA','OH','GA'])[1 + n % 7],
       30 + n % 17, -120 + n % 49, 'America/Chicago' FROM generate_series(1, 120) n;

INSERT INTO program.account (id, email, name, pronouns, time_zone, language)
SELECT pg_temp.key('aaaa', n), 'person' || n || '@crowd.example.org', 'Person ' || md5(n::text), '', 'America/Chicago', 'en'
FROM generate_series(1, :n) n;

INSERT INTO program.participant
    (id, program_id, cycle_id, account_id, institution_id, role, stage, state, registered_at)
SELECT pg_temp.key('bbbb', n), :program, :cycle, pg_temp.key('aaaa', n), pg_temp.key('dddd', 1 + n % 120),
       CASE WHEN n <= :m THEN 'mentee' ELSE 'mentor' END,
       CASE WHEN n <= :m THEN (ARRAY['m1','m2','m3','m4','pgy1','pgy2','pgy3'])[1 + n % 7] ELSE 'faculty' END,
       'active', now() - (n % 90) * interval '1 day' FROM generate_series(1, :n) n;

INSERT INTO program.profile (participant_id, program_id, statements, specialties, languages, kinds, meeting_mode,
    working_style, site_preference, regions, different_perspective, min_mentees, time_zone)
SELECT pg_temp.key('bbbb', n), :program, jsonb_build_object('wish', 'Emergency medicine far from any teaching hospital ' || n),
       ARRAY[(ARRAY['emergency_medicine','psychiatry','family_medicine','pediatrics','surgery'])[1 + n % 5]],
       '{en}', '{any}', 'either', '', 'no_preference', '{}', false, 0, 'America/Chicago'
FROM generate_series(1, :n) n;

INSERT INTO program.availability_hour (participant_id, weekday, hour, program_id)
SELECT pg_temp.key('bbbb', n), (n + k) % 7, 8 + (n + k) % 12, :program FROM generate_series(1, :n) n, generate_series(1, 4) k;

INSERT INTO program.bandwidth_period
    (id, program_id, participant_id, starts_on, ends_on, hours_per_month, mentee_slots, occasion)
SELECT gen_random_uuid(), :program, pg_temp.key('bbbb', n), current_date - 30, current_date + 300, 4 + n % 8, 1 + n % 5, 'regular'
FROM generate_series(:m + 1, :n) n;

INSERT INTO program.mentorship (id, program_id, cycle_id, mentee_id, mentor_id, kind, state, started_at)
SELECT pg_temp.key('cccc', n), :program, :cycle, pg_temp.key('bbbb', n), pg_temp.key('bbbb', :m + 1 + n % (:n - :m)), 'any', 'active', now() - (n % 80) * interval '1 day'
FROM generate_series(1, :m * 3 / 10) n;

INSERT INTO program.meeting (id, program_id, mentorship_id, starts_at, minutes, place, sequence, state)
SELECT gen_random_uuid(), :program, pg_temp.key('cccc', n), now() - (n % 60) * interval '1 day', 45, '', 0, 'held'
FROM generate_series(1, :m * 2 / 10) n;

INSERT INTO program.survey_response
    (id, program_id, mentorship_id, side, satisfaction, comment, answered_at)
SELECT gen_random_uuid(), :program, pg_temp.key('cccc', n), 'mentee', 1 + n % 5, '', now() FROM generate_series(1, :m / 10) n;

INSERT INTO program.proposal (id, program_id, cycle_id, run_id, mentee_id, mentor_id, kind, score, explanation,
    state, respond_by)
SELECT gen_random_uuid(), :program, :cycle, :published, pg_temp.key('bbbb', n), pg_temp.key('bbbb', :m + 1 + n % (:n - :m)), 'any', 0.7,
       cast(:explanation AS jsonb), 'open', now() + interval '9 days'
FROM generate_series(:m * 3 / 10 + 1, :m * 5 / 10) n;

INSERT INTO matching.draft_pair (run_id, mentee_id, mentor_id, kind, score, explanation)
SELECT :draft, pg_temp.key('bbbb', n), pg_temp.key('bbbb', :m + 1 + n % (:n - :m)), 'any', 0.3 + (n % 600) / 1000.0, cast(:explanation AS jsonb)
FROM generate_series(:m * 5 / 10 + 1, :m * 9 / 10) n;

INSERT INTO matching.draft_unmatched (run_id, mentee_id, slot, kind, reasons)
SELECT :draft, pg_temp.key('bbbb', n), 0, 'any', '[{"code": "all_full", "parameters": {"number": 3}}]'
FROM generate_series(:m * 9 / 10 + 1, :m) n
