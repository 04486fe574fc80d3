SELECT n.nspname, p.proname, NULL, rtrim(pg_get_functiondef(p.oid), E'\n')
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prokind <> 'a' AND {user_schema n} AND {own pg_proc p.oid}
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
ORDER BY 1, 2, p.oid
