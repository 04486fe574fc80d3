SELECT n.nspname, c.relname, NULL,
       -- Who reads itself was something else before.
       CASE WHEN s.reads_itself THEN 'CREATE VIEW ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || E' AS\nSELECT '
         || (SELECT string_agg('NULL::' || format_type(a.atttypid, a.atttypmod) || ' AS ' || quote_ident(a.attname), ', ' ORDER BY a.attnum)
             FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0) || E';\n' ELSE '' END
       || 'CREATE ' || CASE WHEN s.reads_itself THEN 'OR REPLACE ' ELSE '' END || CASE WHEN c.relkind = 'm' THEN 'MATERIALIZED ' ELSE '' END || 'VIEW ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname)
       || CASE WHEN m.amname IS NOT NULL AND m.amname <> 'heap' THEN ' USING ' || quote_ident(m.amname) ELSE '' END
       || coalesce(' WITH (' || nullif(concat_ws(', ', {view_parameters c.reloptions}, {toast_parameters tc.reloptions}), '') || ')', '')
       || coalesce(' TABLESPACE ' || quote_ident(ts.spcname), '')
       || E' AS\n' || rtrim(pg_get_viewdef(c.oid), ';')
       || CASE WHEN 'check_option=local' = ANY (c.reloptions) THEN E'\n  WITH LOCAL CHECK OPTION'
               WHEN 'check_option=cascaded' = ANY (c.reloptions) THEN E'\n  WITH CASCADED CHECK OPTION' ELSE '' END
       || CASE WHEN NOT c.relispopulated THEN E'\n  WITH NO DATA' ELSE '' END
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_am m ON m.oid = c.relam
LEFT JOIN pg_class tc ON tc.oid = c.reltoastrelid
LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
CROSS JOIN LATERAL (
  SELECT c.relkind = 'v' AND EXISTS (SELECT FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                 WHERE r.ev_class = c.oid AND r.ev_type = '1' AND d.deptype = 'n'
                   AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid > 0)
) AS s(reads_itself)
WHERE c.relkind IN ('v', 'm') AND {user_schema n} AND {own pg_class c.oid} AND c.relpersistence <> 't'
ORDER BY c.oid
