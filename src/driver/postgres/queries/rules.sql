SELECT n.nspname, c.relname, NULL,
       rtrim(pg_get_ruledef(r.oid), ';')
       || CASE r.ev_enabled WHEN 'O' THEN '' ELSE E';\nALTER TABLE ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname)
            || CASE r.ev_enabled WHEN 'D' THEN ' DISABLE' WHEN 'A' THEN ' ENABLE ALWAYS' ELSE ' ENABLE REPLICA' END || ' RULE ' || quote_ident(r.rulename) END
FROM pg_rewrite r
JOIN pg_class c ON c.oid = r.ev_class
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE r.rulename <> '_RETURN' AND {user_schema n} AND {own pg_class c.oid} AND {own pg_rewrite r.oid}
ORDER BY 1, 2, r.rulename
