SELECT n.nspname, p.proname, NULL,
       'CREATE AGGREGATE ' || quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '('
       || CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_get_function_arguments(p.oid) END || ') (SFUNC = ' || {function a.aggtransfn}
       || ', STYPE = ' || format_type(a.aggtranstype, NULL)
       || CASE WHEN a.aggtransspace <> 0 THEN ', SSPACE = ' || a.aggtransspace ELSE '' END
       || coalesce(', INITCOND = ' || quote_literal(a.agginitval), '')
       || CASE WHEN a.aggfinalfn <> 0 THEN ', FINALFUNC = ' || {function a.aggfinalfn}
               || CASE WHEN a.aggfinalextra THEN ', FINALFUNC_EXTRA' ELSE '' END
               || CASE WHEN a.aggfinalmodify <> CASE WHEN a.aggkind = 'n' THEN 'r' ELSE 'w' END::"char"
                       THEN ', FINALFUNC_MODIFY = ' || {modify a.aggfinalmodify} ELSE '' END
               ELSE '' END
       || CASE WHEN a.aggcombinefn <> 0 THEN ', COMBINEFUNC = ' || {function a.aggcombinefn} ELSE '' END
       || CASE WHEN a.aggserialfn <> 0 THEN ', SERIALFUNC = ' || {function a.aggserialfn} ELSE '' END
       || CASE WHEN a.aggdeserialfn <> 0 THEN ', DESERIALFUNC = ' || {function a.aggdeserialfn} ELSE '' END
       || CASE WHEN a.aggmtransfn <> 0 THEN ', MSFUNC = ' || {function a.aggmtransfn} || ', MINVFUNC = ' || {function a.aggminvtransfn}
               || ', MSTYPE = ' || format_type(a.aggmtranstype, NULL) ELSE '' END
       || CASE WHEN a.aggmtransspace <> 0 THEN ', MSSPACE = ' || a.aggmtransspace ELSE '' END
       || coalesce(', MINITCOND = ' || quote_literal(a.aggminitval), '')
       || CASE WHEN a.aggmfinalfn <> 0 THEN ', MFINALFUNC = ' || {function a.aggmfinalfn}
               || CASE WHEN a.aggmfinalextra THEN ', MFINALFUNC_EXTRA' ELSE '' END
               || CASE WHEN a.aggmfinalmodify <> CASE WHEN a.aggkind = 'n' THEN 'r' ELSE 'w' END::"char"
                       THEN ', MFINALFUNC_MODIFY = ' || {modify a.aggmfinalmodify} ELSE '' END
               ELSE '' END
       || CASE WHEN a.aggsortop <> 0 THEN ', SORTOP = ' || {operator a.aggsortop} ELSE '' END
       || CASE WHEN a.aggkind = 'h' THEN ', HYPOTHETICAL' ELSE '' END
       || CASE p.proparallel WHEN 's' THEN ', PARALLEL = safe' WHEN 'r' THEN ', PARALLEL = restricted' ELSE '' END
       || ')'
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_aggregate a ON a.aggfnoid = p.oid
WHERE {user_schema n} AND {own pg_proc p.oid}
ORDER BY 1, 2, p.oid
