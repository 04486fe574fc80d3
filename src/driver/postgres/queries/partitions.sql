-- Partitions are attached once they are there, so that the order of their columns is their own.
SELECT n.nspname, c.relname, NULL,
       'ALTER TABLE ONLY ' || quote_ident(pn.nspname) || '.' || quote_ident(p.relname) || ' ATTACH PARTITION '
       || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' ' || pg_get_expr(c.relpartbound, c.oid)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_inherits i ON i.inhrelid = c.oid
JOIN pg_class p ON p.oid = i.inhparent
JOIN pg_namespace pn ON pn.oid = p.relnamespace
WHERE c.relispartition AND c.relkind IN ('r', 'p', 'f') AND {user_schema n} AND {own pg_class c.oid}
  AND NOT i.inhdetachpending --@ 14..
ORDER BY c.oid
