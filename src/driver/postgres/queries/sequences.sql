-- Sequences and, by the same catalog, the identity columns that have one inside.
SELECT n.nspname, c.relname, CASE WHEN tn.nspname = n.nspname THEN t.relname END,
       CASE WHEN d.deptype = 'i'
            THEN 'ALTER ' || CASE WHEN t.relkind = 'f' THEN 'FOREIGN ' ELSE '' END || 'TABLE ' || quote_ident(tn.nspname) || '.' || quote_ident(t.relname)
                 || ' ALTER COLUMN ' || quote_ident(a.attname) || ' ADD GENERATED '
                 || CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END || ' AS IDENTITY (SEQUENCE NAME '
            ELSE 'CREATE ' || {persistence c} || 'SEQUENCE ' END
       || quote_ident(n.nspname) || '.' || quote_ident(c.relname)
       || CASE WHEN d.deptype IS DISTINCT FROM 'i' AND s.seqtypid <> 'bigint'::regtype THEN ' AS ' || format_type(s.seqtypid, NULL) ELSE '' END
       || ' START WITH ' || s.seqstart || ' INCREMENT BY ' || s.seqincrement
       || CASE WHEN s.seqmin = CASE WHEN s.seqincrement > 0 THEN 1 ELSE {least s.seqtypid} END THEN ' NO MINVALUE' ELSE ' MINVALUE ' || s.seqmin END
       || CASE WHEN s.seqmax = CASE WHEN s.seqincrement > 0 THEN {greatest s.seqtypid} ELSE -1 END THEN ' NO MAXVALUE' ELSE ' MAXVALUE ' || s.seqmax END
       || ' CACHE ' || s.seqcache || CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END
       || CASE WHEN d.deptype = 'i' THEN ')'
                    || CASE WHEN c.relpersistence <> t.relpersistence THEN E';\nALTER SEQUENCE ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname)
                            || CASE c.relpersistence WHEN 'u' THEN ' SET UNLOGGED' ELSE ' SET LOGGED' END ELSE '' END
               WHEN d.deptype = 'a' THEN E';\nALTER SEQUENCE ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' OWNED BY '
                    || quote_ident(tn.nspname) || '.' || quote_ident(t.relname) || '.' || quote_ident(a.attname)
               ELSE '' END
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend d
  ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
LEFT JOIN pg_class t ON t.oid = d.refobjid
LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE {user_schema n} AND {own pg_class c.oid} AND c.relpersistence <> 't'
  AND (t.oid IS NULL OR {own pg_class t.oid})
ORDER BY 1, 2
