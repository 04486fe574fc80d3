-- Extensions but plpgsql, which every database has; a comment that the extension brings along is not its own.
SELECT '', e.extname, NULL,
       'CREATE EXTENSION ' || quote_ident(e.extname) || ' WITH SCHEMA ' || quote_ident(n.nspname) || {extension_version e.extversion}
       || coalesce(E';\nCOMMENT ON EXTENSION ' || quote_ident(e.extname) || ' IS ' || quote_literal(d.description), '')
FROM pg_extension e
JOIN pg_namespace n ON n.oid = e.extnamespace
LEFT JOIN pg_available_extensions() a ON a.name = e.extname
LEFT JOIN pg_description d
  ON d.classoid = 'pg_extension'::regclass AND d.objoid = e.oid AND d.description IS DISTINCT FROM a.comment
WHERE e.extname <> 'plpgsql'
ORDER BY e.extname
