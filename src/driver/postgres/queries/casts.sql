-- Casts, transforms, conversions and access methods.
SELECT '', '', NULL,
       'CREATE CAST (' || format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL) || ') '
       || CASE c.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || {signature c.castfunc} WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END
       || CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END
FROM pg_cast c
WHERE c.oid >= 16384 AND {own pg_cast c.oid}
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = c.oid AND d.deptype = 'i')
UNION ALL
SELECT '', '', NULL,
       'CREATE TRANSFORM FOR ' || format_type(t.trftype, NULL) || ' LANGUAGE ' || quote_ident(l.lanname) || ' ('
       || concat_ws(', ', CASE WHEN t.trffromsql <> 0 THEN 'FROM SQL WITH FUNCTION ' || {signature t.trffromsql} END,
                          CASE WHEN t.trftosql <> 0 THEN 'TO SQL WITH FUNCTION ' || {signature t.trftosql} END) || ')'
FROM pg_transform t
JOIN pg_language l ON l.oid = t.trflang
WHERE {own pg_transform t.oid}
UNION ALL
SELECT n.nspname, c.conname, NULL,
       'CREATE ' || CASE WHEN c.condefault THEN 'DEFAULT ' ELSE '' END || 'CONVERSION ' || quote_ident(n.nspname) || '.' || quote_ident(c.conname)
       || ' FOR ' || quote_literal(pg_encoding_to_char(c.conforencoding)) || ' TO ' || quote_literal(pg_encoding_to_char(c.contoencoding))
       || ' FROM ' || {function c.conproc}
FROM pg_conversion c
JOIN pg_namespace n ON n.oid = c.connamespace
WHERE {user_schema n} AND {own pg_conversion c.oid}
UNION ALL
SELECT '', '', NULL,
       'CREATE ACCESS METHOD ' || quote_ident(a.amname) || ' TYPE ' || CASE a.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END
       || ' HANDLER ' || {function a.amhandler}
FROM pg_am a
WHERE a.oid >= 16384 AND {own pg_am a.oid}
ORDER BY 1, 4
