-- What ALTER TABLE says about tables: row security and replica identity.
SELECT n.nspname, c.relname, NULL,
       'ALTER TABLE ' || CASE WHEN x.alone THEN 'ONLY ' ELSE '' END || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' ' || x.text
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (VALUES
  (1, false, CASE WHEN c.relrowsecurity THEN 'ENABLE ROW LEVEL SECURITY' END),
  (2, true, CASE WHEN c.relforcerowsecurity THEN 'FORCE ROW LEVEL SECURITY' END),
  (3, true, CASE c.relreplident WHEN 'f' THEN 'REPLICA IDENTITY FULL' WHEN 'n' THEN 'REPLICA IDENTITY NOTHING' END)
) AS x(rank, alone, text)
WHERE c.relkind IN ('r', 'p') AND x.text IS NOT NULL AND {user_schema n} AND {own pg_class c.oid}
ORDER BY 1, 2, x.rank
