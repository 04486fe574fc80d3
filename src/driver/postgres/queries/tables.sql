-- Tables with the columns that are their own; those of parents come from the parents.
WITH columns AS (
  SELECT a.attrelid, string_agg(
           '    ' || quote_ident(a.attname)
           || CASE WHEN c.reloftype <> 0 THEN ' WITH OPTIONS' ELSE ' ' || format_type(a.atttypid, a.atttypmod) END
           || CASE WHEN a.attfdwoptions IS NOT NULL THEN ' OPTIONS (' || {options a.attfdwoptions} || ')' ELSE '' END
           || CASE WHEN a.attcollation <> t.typcollation AND a.attcollation <> 0 AND c.reloftype = 0 THEN ' COLLATE ' || {collation a.attcollation} ELSE '' END
           || CASE WHEN d.adbin IS NULL THEN ''
                   WHEN a.attgenerated = 's' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED'
                   WHEN a.attgenerated = 'v' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') VIRTUAL'
                   WHEN t.typcategory NOT IN ('S', 'E') THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
                   ELSE ' DEFAULT ' || {default d a} END
           || CASE WHEN a.attnotnull
                    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum] AND NOT k.convalidated) --@ 18..
                   THEN ' NOT NULL' ELSE '' END,
           E',\n' ORDER BY a.attnum)
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE c.relkind IN ('r', 'p', 'f') AND c.oid >= 16384
    AND (a.attislocal OR c.relispartition)
    AND (c.reloftype = 0 OR d.adbin IS NOT NULL OR a.attnotnull)
  GROUP BY a.attrelid
), parents AS (
  SELECT i.inhrelid, string_agg(quote_ident(pn.nspname) || '.' || quote_ident(p.relname), ', ' ORDER BY i.inhseqno)
  FROM pg_inherits i
  JOIN pg_class p ON p.oid = i.inhparent
  JOIN pg_namespace pn ON pn.oid = p.relnamespace
  GROUP BY i.inhrelid
)
SELECT n.nspname, c.relname, NULL,
       'CREATE ' || {persistence c} || CASE WHEN c.relkind = 'f' THEN 'FOREIGN ' ELSE '' END || 'TABLE ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname)
       || CASE WHEN c.reloftype <> 0 THEN ' OF ' || format_type(c.reloftype, NULL) || coalesce(E' (\n' || k.text || E'\n)', '')
               ELSE E' (\n' || coalesce(k.text, '') || E'\n)' END
       || CASE WHEN p.text IS NOT NULL AND NOT c.relispartition THEN ' INHERITS (' || p.text || ')' ELSE '' END
       || CASE WHEN c.relkind = 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(c.oid) ELSE '' END
       || CASE WHEN c.relkind = 'f' THEN ' SERVER ' || quote_ident(s.srvname) || coalesce(' OPTIONS (' || {options f.ftoptions} || ')', '') ELSE '' END
       || CASE WHEN m.amname IS NOT NULL AND m.amname <> 'heap' THEN ' USING ' || quote_ident(m.amname) ELSE '' END
       || coalesce(' WITH (' || nullif(concat_ws(', ', {parameters c.reloptions}, {toast_parameters tc.reloptions}), '') || ')', '')
       || coalesce(' TABLESPACE ' || quote_ident(ts.spcname), '')
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN columns k(oid, text) ON k.oid = c.oid
LEFT JOIN parents p(oid, text) ON p.oid = c.oid
LEFT JOIN pg_am m ON m.oid = c.relam
LEFT JOIN pg_class tc ON tc.oid = c.reltoastrelid
LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
LEFT JOIN pg_foreign_table f ON f.ftrelid = c.oid
LEFT JOIN pg_foreign_server s ON s.oid = f.ftserver
WHERE c.relkind IN ('r', 'p', 'f') AND {user_schema n} AND {own pg_class c.oid} AND c.relpersistence <> 't'
ORDER BY c.relispartition, p.text IS NOT NULL, c.oid
