-- Tenant tables show the api nothing until a transaction says who acts: fail closed.
CREATE FUNCTION program.actor_is_system() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT coalesce(current_setting('belay.scope', true) = 'system', false) $$;

CREATE FUNCTION program.actor_account() RETURNS uuid LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('belay.account', true), '')::uuid $$;

CREATE FUNCTION program.actor_programs() RETURNS uuid[] LANGUAGE sql STABLE AS
$$ SELECT string_to_array(nullif(current_setting('belay.programs', true), ''), ',')::uuid[] $$;

DO $$
DECLARE tenant text;
BEGIN
  FOREACH tenant IN ARRAY ARRAY['participant', 'profile', 'match_token', 'exclusion', 'bandwidth_period',
      'availability_hour', 'match_run', 'run_rule', 'policy', 'equity_report', 'proposal', 'request', 'mentorship', 'meeting', 'survey_response']
  LOOP
    EXECUTE format('ALTER TABLE program.%I ENABLE ROW LEVEL SECURITY', tenant);
    EXECUTE format($p$CREATE POLICY tenant ON program.%I TO belay_api
        USING ((SELECT program.actor_is_system()) OR program_id = ANY ((SELECT program.actor_programs())::uuid[]))$p$,
        tenant);
  END LOOP;
END $$;

-- Identity answers and consents: their owner only, or the platform's own work.
ALTER TABLE program.dimension_answer ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON program.dimension_answer TO belay_api
    USING ((SELECT program.actor_is_system()) OR account_id = (SELECT program.actor_account()));
ALTER TABLE program.consent ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON program.consent TO belay_api
    USING ((SELECT program.actor_is_system()) OR account_id = (SELECT program.actor_account()));

-- What the matcher worked out belongs to the tenant of its run or person. The matcher itself sees all of it.
DO $$
DECLARE result text;
BEGIN
  FOREACH result IN ARRAY ARRAY['run_result', 'draft_pair', 'draft_unmatched', 'mentee_standing'] LOOP
    EXECUTE format('ALTER TABLE matching.%I ENABLE ROW LEVEL SECURITY', result);
    EXECUTE format('CREATE POLICY tenant ON matching.%I FOR SELECT TO belay_api
        USING (run_id IN (SELECT id FROM program.match_run))', result);
    EXECUTE format('CREATE POLICY writer ON matching.%I TO belay_matcher USING (true)', result);
  END LOOP;
  FOREACH result IN ARRAY ARRAY['suggestion', 'suggestion_list'] LOOP
    EXECUTE format('ALTER TABLE matching.%I ENABLE ROW LEVEL SECURITY', result);
    EXECUTE format('CREATE POLICY tenant ON matching.%I FOR SELECT TO belay_api
        USING (EXISTS (SELECT FROM program.participant p WHERE p.id = mentee_id))', result);
    EXECUTE format('CREATE POLICY writer ON matching.%I TO belay_matcher USING (true)', result);
  END LOOP;
END $$;
