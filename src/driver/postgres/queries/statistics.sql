SELECT n.nspname, s.stxname, CASE WHEN c.relnamespace = n.oid THEN c.relname END,
       pg_get_statisticsobjdef(s.oid)
       || CASE WHEN s.stxstattarget >= 0 THEN E';\nALTER STATISTICS ' || quote_ident(n.nspname) || '.' || quote_ident(s.stxname) || ' SET STATISTICS ' || s.stxstattarget ELSE '' END
FROM pg_statistic_ext s
JOIN pg_namespace n ON n.oid = s.stxnamespace
JOIN pg_class c ON c.oid = s.stxrelid
WHERE {user_schema n} AND {own pg_statistic_ext s.oid} AND {own pg_class c.oid}
ORDER BY 1, 2
