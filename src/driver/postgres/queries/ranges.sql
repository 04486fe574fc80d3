SELECT n.nspname, t.typname, NULL,
       'CREATE TYPE ' || quote_ident(n.nspname) || '.' || quote_ident(t.typname) || ' AS RANGE (subtype = ' || format_type(r.rngsubtype, NULL)
       || coalesce(', multirange_type_name = ' || quote_ident(mn.nspname) || '.' || quote_ident(m.typname), '') --@ 14..
       || CASE WHEN NOT o.opcdefault THEN ', subtype_opclass = ' || quote_ident(os.nspname) || '.' || quote_ident(o.opcname) ELSE '' END
       || CASE WHEN r.rngcollation <> 0 AND r.rngcollation <> s.typcollation THEN ', collation = ' || {collation r.rngcollation} ELSE '' END
       || CASE WHEN r.rngcanonical <> 0 THEN ', canonical = ' || {function r.rngcanonical} ELSE '' END
       || CASE WHEN r.rngsubdiff <> 0 THEN ', subtype_diff = ' || {function r.rngsubdiff} ELSE '' END
       || ')'
FROM pg_range r
JOIN pg_type t ON t.oid = r.rngtypid
JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_type s ON s.oid = r.rngsubtype
JOIN pg_opclass o ON o.oid = r.rngsubopc
JOIN pg_namespace os ON os.oid = o.opcnamespace
LEFT JOIN pg_type m ON m.oid = r.rngmultitypid --@ 14..
LEFT JOIN pg_namespace mn ON mn.oid = m.typnamespace --@ 14..
WHERE {user_schema n} AND {own pg_type t.oid}
ORDER BY 1, 2
