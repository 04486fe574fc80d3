-- Made without a connection: whoever runs this decides when replication begins.
SELECT '', '', NULL,
       'CREATE SUBSCRIPTION ' || quote_ident(s.subname) || ' CONNECTION ' || quote_literal({connection s.subconninfo})
       || ' PUBLICATION ' || (SELECT string_agg(quote_ident(p), ', ' ORDER BY i) FROM unnest(s.subpublications) WITH ORDINALITY AS x(p, i))
       || ' WITH (connect = false, slot_name = ' || coalesce(quote_literal(s.subslotname), 'NONE')
       || CASE WHEN s.subbinary THEN ', binary = true' ELSE '' END --@ 14..
       || CASE WHEN s.substream::text IN ('t', 'true') THEN ', streaming = on' WHEN s.substream::text = 'p' AND {major} < 18 THEN ', streaming = parallel' WHEN s.substream::text = 'f' AND {major} >= 18 THEN ', streaming = off' ELSE '' END --@ 14..
       || CASE WHEN s.subtwophasestate <> 'd' THEN ', two_phase = on' ELSE '' END --@ 15..
       || CASE WHEN s.subdisableonerr THEN ', disable_on_error = true' ELSE '' END --@ 15..
       || CASE WHEN NOT s.subpasswordrequired THEN ', password_required = false' ELSE '' END --@ 16..
       || CASE WHEN s.subrunasowner THEN ', run_as_owner = true' ELSE '' END --@ 16..
       || CASE WHEN s.suborigin <> 'any' THEN ', origin = ' || s.suborigin ELSE '' END --@ 16..
       || CASE WHEN s.subfailover THEN ', failover = true' ELSE '' END --@ 17..
       || CASE WHEN s.subsynccommit <> 'off' THEN ', synchronous_commit = ' || s.subsynccommit ELSE '' END
       || ')'
FROM pg_subscription s
WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND {own pg_subscription s.oid}
ORDER BY s.subname
