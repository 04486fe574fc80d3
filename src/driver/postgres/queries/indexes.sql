-- Indexes without a constraint. One that is not valid is the rest of a failed build and counted apart.
SELECT n.nspname, ic.relname, CASE WHEN n.oid = ic.relnamespace THEN c.relname END,
       CASE WHEN ic.relkind = 'I' AND i.indisvalid AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhparent = c.oid)
            THEN regexp_replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') ELSE pg_get_indexdef(i.indexrelid) END
       || coalesce(E';\nALTER INDEX ' || quote_ident(n.nspname) || '.' || quote_ident(ic.relname) || ' SET TABLESPACE ' || quote_ident(ts.spcname), '')
FROM pg_index i
JOIN pg_class ic ON ic.oid = i.indexrelid
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_tablespace ts ON ts.oid = ic.reltablespace
WHERE {user_schema n} AND {own pg_class c.oid} AND {own pg_class ic.oid} AND c.relkind IN ('r', 'p', 'm', 'f')
  AND (i.indisvalid OR c.relkind = 'p') AND i.indisready AND c.relpersistence <> 't'
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))
ORDER BY 1, 2
