-- Schemas. public is there in every database; that it is gone is what would be said.
SELECT n.nspname, '', NULL, 'CREATE SCHEMA ' || quote_ident(n.nspname)
FROM pg_namespace n
WHERE {user_schema n} AND {own pg_namespace n.oid} AND n.nspname <> 'public'
UNION ALL
-- That it is there is news to a --setup that drops it.
SELECT n.nspname, '', NULL, 'CREATE SCHEMA IF NOT EXISTS public' FROM pg_namespace n WHERE n.nspname = 'public'
UNION ALL
SELECT 'public', '', NULL, 'DROP SCHEMA public'
WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'public')
ORDER BY 1
