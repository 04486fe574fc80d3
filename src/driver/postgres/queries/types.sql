-- Shells first: the functions of a base type name it before it is there.
SELECT n.nspname, t.typname, NULL, 'CREATE TYPE ' || quote_ident(n.nspname) || '.' || quote_ident(t.typname)
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE {user_schema n} AND {own pg_type t.oid}
  AND (t.typtype = 'p' OR t.typtype = 'b' AND t.typinput <> 'array_in'::regproc)
  AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
ORDER BY 1, 2
