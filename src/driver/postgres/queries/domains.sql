SELECT n.nspname, t.typname, NULL,
       'CREATE DOMAIN ' || quote_ident(n.nspname) || '.' || quote_ident(t.typname)
       || ' AS ' || format_type(t.typbasetype, t.typtypmod)
       || CASE WHEN t.typcollation <> b.typcollation THEN ' COLLATE ' || {collation t.typcollation} ELSE '' END
       || coalesce(' DEFAULT ' || coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault), '')
       || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
       || coalesce((SELECT string_agg(' CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), '' ORDER BY k.conname)
                    FROM pg_constraint k
                    WHERE k.contypid = t.oid AND k.contype = 'c' AND k.convalidated), '')
       || coalesce((SELECT string_agg(E';\nALTER DOMAIN ' || quote_ident(n.nspname) || '.' || quote_ident(t.typname) || ' ADD CONSTRAINT '
                                      || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), '' ORDER BY k.conname)
                    FROM pg_constraint k
                    WHERE k.contypid = t.oid AND k.contype = 'c' AND NOT k.convalidated), '')
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_type b ON b.oid = t.typbasetype
WHERE t.typtype = 'd' AND {user_schema n} AND {own pg_type t.oid}
ORDER BY 1, 2
