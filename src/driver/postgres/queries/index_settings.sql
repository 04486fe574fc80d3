-- What is said about an index once it is there, whether a constraint made it or not.
SELECT n.nspname, c.relname, NULL, x.text
FROM pg_index i
JOIN pg_class ic ON ic.oid = i.indexrelid
JOIN pg_namespace xn ON xn.oid = ic.relnamespace
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid
LEFT JOIN pg_class p ON p.oid = h.inhparent
LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
CROSS JOIN LATERAL (
  SELECT 1, 'ALTER INDEX ' || quote_ident(pn.nspname) || '.' || quote_ident(p.relname) || ' ATTACH PARTITION ' || quote_ident(xn.nspname) || '.' || quote_ident(ic.relname)
  WHERE p.oid IS NOT NULL
  UNION ALL
  SELECT 2, 'ALTER TABLE ONLY ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' REPLICA IDENTITY USING INDEX ' || quote_ident(ic.relname)
  WHERE i.indisreplident
  UNION ALL
  SELECT 3, 'ALTER ' || CASE WHEN c.relkind = 'm' THEN 'MATERIALIZED VIEW ' ELSE 'TABLE ' END || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' CLUSTER ON ' || quote_ident(ic.relname)
  WHERE i.indisclustered
  UNION ALL
  SELECT 4, string_agg('ALTER INDEX ' || quote_ident(xn.nspname) || '.' || quote_ident(ic.relname) || ' ALTER COLUMN ' || a.attnum || ' SET STATISTICS ' || a.attstattarget, E';\n' ORDER BY a.attnum)
  FROM pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0 AND i.indexprs IS NOT NULL HAVING count(*) > 0
) AS x(rank, text)
WHERE {user_schema n} AND {own pg_class c.oid} AND {own pg_class ic.oid} AND i.indisready AND (i.indisvalid OR c.relkind = 'p') AND c.relpersistence <> 't'
ORDER BY x.rank, 1, 2, ic.relname
