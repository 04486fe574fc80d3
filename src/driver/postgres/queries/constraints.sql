-- Keys before the foreign keys that rest on them. Inherited checks and the foreign keys of
-- partitions come from the parent. Parameters and tablespace of a key are those of its index.
SELECT n.nspname, c.relname, NULL,
       'ALTER ' || CASE WHEN c.relkind = 'f' THEN 'FOREIGN ' ELSE '' END || 'TABLE '
       || CASE WHEN c.relkind = 'p' AND k.contype IN ('f', 'c') THEN '' ELSE 'ONLY ' END || quote_ident(n.nspname) || '.' || quote_ident(c.relname)
       || ' ADD CONSTRAINT ' || quote_ident(k.conname) || ' '
       || CASE WHEN k.contype IN ('p', 'u', 'x') THEN
            left(x.definition, length(x.definition) - length(x.deferral))
            || CASE WHEN k.contype = 'x' THEN '' ELSE coalesce(' WITH (' || {parameters ic.reloptions} || ')', '') END
            || coalesce(' USING INDEX TABLESPACE ' || quote_ident(ts.spcname), '')
            || x.deferral
          ELSE x.definition END
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class ic ON ic.oid = k.conindid AND k.contype IN ('p', 'u', 'x')
LEFT JOIN pg_tablespace ts ON ts.oid = ic.reltablespace
CROSS JOIN LATERAL (
  SELECT pg_get_constraintdef(k.oid),
         CASE WHEN k.condeferrable THEN ' DEFERRABLE' ELSE '' END || CASE WHEN k.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END
) AS x(definition, deferral)
WHERE {user_schema n} AND {own pg_class c.oid}
  AND (k.contype IN ('p', 'u', 'x')
       OR k.contype = 'f' AND k.conparentid = 0
       OR k.contype = 'c' AND k.conislocal
       OR k.contype = 'n' AND k.conislocal AND NOT k.convalidated --@ 18..
      )
ORDER BY k.contype = 'f', 1, 2, k.contype, k.conname
