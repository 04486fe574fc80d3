-- The triggers that a partition has from its parent are told only where their state differs.
SELECT n.nspname, c.relname, NULL,
       CASE WHEN t.tgparentid = 0 THEN pg_get_triggerdef(t.oid) ELSE '' END
       || CASE WHEN t.tgparentid = 0 AND t.tgenabled <> 'O' THEN E';\n' ELSE '' END
       || CASE WHEN t.tgparentid = 0 AND t.tgenabled = 'O' THEN ''
               ELSE 'ALTER ' || CASE WHEN c.relkind = 'f' THEN 'FOREIGN ' ELSE '' END || 'TABLE ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname)
                 || CASE t.tgenabled WHEN 'D' THEN ' DISABLE' WHEN 'A' THEN ' ENABLE ALWAYS' WHEN 'R' THEN ' ENABLE REPLICA' ELSE ' ENABLE' END
                 || ' TRIGGER ' || quote_ident(t.tgname) END
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_trigger p ON p.oid = t.tgparentid
WHERE NOT t.tgisinternal AND (t.tgparentid = 0 OR t.tgenabled <> p.tgenabled)
  AND {user_schema n} AND {own pg_class c.oid} AND {own pg_trigger t.oid}
ORDER BY t.tgparentid <> 0, 1, 2, t.tgname
