SELECT n.nspname, t.typname, NULL,
       'CREATE TYPE ' || quote_ident(n.nspname) || '.' || quote_ident(t.typname)
       || ' (INPUT = ' || {function t.typinput} || ', OUTPUT = ' || {function t.typoutput}
       || CASE WHEN t.typreceive <> 0 THEN ', RECEIVE = ' || {function t.typreceive} ELSE '' END
       || CASE WHEN t.typsend <> 0 THEN ', SEND = ' || {function t.typsend} ELSE '' END
       || CASE WHEN t.typmodin <> 0 THEN ', TYPMOD_IN = ' || {function t.typmodin} ELSE '' END
       || CASE WHEN t.typmodout <> 0 THEN ', TYPMOD_OUT = ' || {function t.typmodout} ELSE '' END
       || CASE WHEN t.typanalyze <> 0 THEN ', ANALYZE = ' || {function t.typanalyze} ELSE '' END
       || CASE WHEN t.typsubscript <> 0 THEN ', SUBSCRIPT = ' || {function t.typsubscript} ELSE '' END --@ 14..
       || ', INTERNALLENGTH = ' || CASE WHEN t.typlen < 0 THEN 'VARIABLE' ELSE t.typlen::text END
       || CASE WHEN t.typbyval THEN ', PASSEDBYVALUE' ELSE '' END
       || ', ALIGNMENT = ' || CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'd' THEN 'double' ELSE 'int4' END
       || CASE t.typstorage WHEN 'e' THEN ', STORAGE = external' WHEN 'x' THEN ', STORAGE = extended' WHEN 'm' THEN ', STORAGE = main' ELSE '' END
       || CASE WHEN t.typcategory <> 'U' THEN ', CATEGORY = ' || quote_literal(t.typcategory::text) ELSE '' END
       || CASE WHEN t.typispreferred THEN ', PREFERRED = true' ELSE '' END
       || coalesce(', DEFAULT = ' || quote_literal(t.typdefault), '')
       || CASE WHEN t.typelem <> 0 THEN ', ELEMENT = ' || format_type(t.typelem, NULL) ELSE '' END
       || CASE WHEN t.typdelim <> ',' THEN ', DELIMITER = ' || quote_literal(t.typdelim::text) ELSE '' END
       || CASE WHEN t.typcollation <> 0 THEN ', COLLATABLE = true' ELSE '' END
       || ')'
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'b' AND t.typisdefined AND {user_schema n} AND {own pg_type t.oid}
  AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
ORDER BY 1, 2
