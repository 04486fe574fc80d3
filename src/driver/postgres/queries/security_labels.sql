-- Security labels, by the name that the server itself has for each object.
SELECT coalesce(i.schema, CASE WHEN i.type = 'schema' THEN i.name END, ''), coalesce(k.relname, i.name, ''), NULL,
       'SECURITY LABEL FOR ' || quote_ident(s.provider) || ' ON '
       || CASE WHEN i.type LIKE '% column' THEN 'COLUMN' WHEN i.type = 'composite type' THEN 'TYPE' ELSE upper(i.type) END
       || ' ' || i.identity || ' IS ' || quote_literal(s.label)
FROM pg_seclabel s
CROSS JOIN LATERAL pg_identify_object(s.classoid, s.objoid, s.objsubid) AS i
LEFT JOIN pg_class k ON k.oid = s.objoid AND s.classoid = 'pg_class'::regclass
WHERE i.identity IS NOT NULL AND i.type <> 'large object' AND i.schema IS DISTINCT FROM 'pg_catalog'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = s.classoid AND e.objid = s.objoid AND e.deptype = 'e')
ORDER BY 1, 2, 4
