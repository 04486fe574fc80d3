-- What ALTER TABLE says about columns: storage, compression, statistics, options, and what an
-- inheritance child says about the columns of its parents: to its children as well, so parents come first.
WITH RECURSIVE below(oid, depth) AS (
  SELECT i.inhrelid, 1 FROM pg_inherits i JOIN pg_class h ON h.oid = i.inhrelid WHERE h.relkind IN ('r', 'f') AND NOT h.relispartition
  UNION
  SELECT i.inhrelid, b.depth + 1 FROM below b JOIN pg_inherits i ON i.inhparent = b.oid
), depths(oid, depth) AS (
  SELECT oid, max(depth) FROM below GROUP BY oid
)
SELECT n.nspname, c.relname, NULL,
       string_agg('ALTER ' || CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW ' WHEN 'v' THEN 'VIEW ' WHEN 'f' THEN 'FOREIGN TABLE ' ELSE 'TABLE ' END
         || CASE WHEN x.rank < 5 AND c.relkind NOT IN ('m', 'v') THEN 'ONLY ' ELSE '' END || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' ALTER COLUMN ' || quote_ident(a.attname) || ' ' || x.text, E';\n' ORDER BY a.attnum, x.rank)
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN depths h ON h.oid = c.oid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
CROSS JOIN LATERAL (VALUES
  (1, CASE WHEN a.attstorage <> t.typstorage AND c.relkind <> 'v' THEN 'SET STORAGE ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END),
  (2, CASE a.attcompression WHEN 'p' THEN 'SET COMPRESSION pglz' WHEN 'l' THEN 'SET COMPRESSION lz4' END), --@ 14..
  (3, CASE WHEN a.attstattarget >= 0 THEN 'SET STATISTICS ' || a.attstattarget END),
  (4, 'SET (' || {parameters a.attoptions} || ')'),
  (5, CASE WHEN c.relkind = 'v' AND d.adbin IS NOT NULL
             OR NOT a.attislocal AND NOT c.relispartition AND a.attgenerated = '' AND d.adbin IS NOT NULL
                AND NOT EXISTS (SELECT FROM pg_inherits i JOIN pg_attribute pa ON pa.attrelid = i.inhparent AND pa.attname = a.attname
                                JOIN pg_attrdef pd ON pd.adrelid = pa.attrelid AND pd.adnum = pa.attnum
                                WHERE i.inhrelid = c.oid AND pg_get_expr(pd.adbin, pd.adrelid) = pg_get_expr(d.adbin, d.adrelid))
           THEN 'SET DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END),
  (6, CASE WHEN NOT a.attislocal AND NOT c.relispartition AND d.adbin IS NULL AND c.relkind = 'r'
                AND EXISTS (SELECT FROM pg_inherits i JOIN pg_attribute pa ON pa.attrelid = i.inhparent AND pa.attname = a.attname
                            JOIN pg_attrdef pd ON pd.adrelid = pa.attrelid AND pd.adnum = pa.attnum WHERE i.inhrelid = c.oid AND pa.attgenerated = '')
           THEN 'DROP DEFAULT' END),
  (7, CASE WHEN NOT a.attislocal AND NOT c.relispartition AND a.attnotnull AND c.relkind = 'r'
                AND NOT EXISTS (SELECT FROM pg_inherits i JOIN pg_attribute pa ON pa.attrelid = i.inhparent AND pa.attname = a.attname
                                WHERE i.inhrelid = c.oid AND pa.attnotnull)
           THEN 'SET NOT NULL' END),
  (8, CASE WHEN NOT a.attislocal AND NOT c.relispartition AND NOT a.attnotnull AND c.relkind = 'r'
                AND EXISTS (SELECT FROM pg_inherits i JOIN pg_attribute pa ON pa.attrelid = i.inhparent AND pa.attname = a.attname
                            WHERE i.inhrelid = c.oid AND pa.attnotnull)
           THEN 'DROP NOT NULL' END)
) AS x(rank, text)
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'm', 'v') AND x.text IS NOT NULL
  -- Almost every column has nothing to say; that is found before the sentences are made.
  AND (a.attstorage <> t.typstorage OR a.attstattarget >= 0 OR a.attoptions IS NOT NULL OR NOT a.attislocal OR c.relkind = 'v'
       OR a.attcompression <> '' --@ 14..
      )
  AND {user_schema n} AND {own pg_class c.oid}
GROUP BY n.nspname, c.relname, h.depth
ORDER BY coalesce(h.depth, 0), 1, 2
