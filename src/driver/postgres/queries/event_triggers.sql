SELECT '', '', NULL,
       'CREATE EVENT TRIGGER ' || quote_ident(e.evtname) || ' ON ' || e.evtevent
       || coalesce(' WHEN TAG IN (' || (SELECT string_agg(quote_literal(x.t), ', ' ORDER BY x.i) FROM unnest(e.evttags) WITH ORDINALITY AS x(t, i)) || ')', '')
       || ' EXECUTE FUNCTION ' || {function e.evtfoid} || '()'
       || CASE e.evtenabled WHEN 'O' THEN '' ELSE E';\nALTER EVENT TRIGGER ' || quote_ident(e.evtname)
            || CASE e.evtenabled WHEN 'D' THEN ' DISABLE' WHEN 'A' THEN ' ENABLE ALWAYS' ELSE ' ENABLE REPLICA' END END
FROM pg_event_trigger e
WHERE {own pg_event_trigger e.oid}
ORDER BY e.evtname
