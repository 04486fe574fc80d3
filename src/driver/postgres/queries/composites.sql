SELECT n.nspname, c.relname, NULL,
       'CREATE TYPE ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' AS ('
       || coalesce(string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
                   || CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE ' || {collation a.attcollation} ELSE '' END,
                   ', ' ORDER BY a.attnum), '') || ')'
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relkind = 'c' AND {user_schema n} AND {own pg_type c.reltype}
GROUP BY n.nspname, c.relname
ORDER BY 1, 2
