SELECT n.nspname, c.collname, NULL,
       'CREATE COLLATION ' || quote_ident(n.nspname) || '.' || quote_ident(c.collname) || ' (provider = '
       || CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' WHEN 'd' THEN '"default"' ELSE 'libc' END
       || CASE WHEN c.collisdeterministic THEN '' ELSE ', deterministic = false' END
       || CASE WHEN c.collprovider = 'c' AND c.collcollate = c.collctype THEN ', locale = ' || quote_literal(c.collcollate)
               WHEN c.collprovider = 'c' THEN ', lc_collate = ' || quote_literal(c.collcollate)
                                           || ', lc_ctype = ' || quote_literal(c.collctype)
               ELSE ', locale = ' || quote_literal(
                 c.collcollate --@ ..14
                 c.colliculocale --@ 15..16
                 c.colllocale --@ 17..
               ) END
       || coalesce(', rules = ' || quote_literal(c.collicurules), '') --@ 16..
       || ')'
FROM pg_collation c
JOIN pg_namespace n ON n.oid = c.collnamespace
WHERE {user_schema n} AND {own pg_collation c.oid}
ORDER BY 1, 2
