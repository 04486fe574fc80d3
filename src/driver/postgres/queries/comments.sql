-- Comments, by the name that the server itself has for each object.
WITH described(class, oid, sub, text) AS (
  SELECT d.classoid, d.objoid, d.objsubid, d.description
  FROM pg_description d
  WHERE d.objoid >= 16384 AND d.classoid <> 'pg_extension'::regclass
    AND NOT (d.classoid = 'pg_constraint'::regclass AND EXISTS (SELECT FROM pg_constraint k WHERE k.oid = d.objoid AND k.contype = 'n' AND k.conrelid <> 0))
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')
  UNION ALL
  SELECT d.classoid, d.objoid, d.objsubid, d.description FROM pg_description d JOIN pg_namespace n ON n.oid = d.objoid
  WHERE d.classoid = 'pg_namespace'::regclass AND n.nspname = 'public' AND d.objoid < 16384 AND d.description <> 'standard public schema'
  UNION ALL
  -- Who made schema public anew has lost its comment.
  SELECT 'pg_namespace'::regclass, n.oid, 0, '' FROM pg_namespace n
  WHERE n.nspname = 'public' AND NOT EXISTS (SELECT FROM pg_description d WHERE d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid)
)
SELECT coalesce(i.schema, k.nspname, CASE WHEN i.type = 'schema' THEN i.name END, ''), coalesce(k.relname, nullif(i.name, CASE WHEN i.type = 'schema' THEN i.name END), p.proname, CASE WHEN i.type <> 'schema' THEN i.identity END, ''), NULL,
       'COMMENT ON '
       || CASE WHEN i.type LIKE '% column' THEN 'COLUMN ' || i.identity
               WHEN i.type = 'table constraint' THEN 'CONSTRAINT ' || i.identity
               WHEN i.type = 'domain constraint' THEN 'CONSTRAINT ' || regexp_replace(i.identity, ' on (?!.* on )', ' ON DOMAIN ')
               WHEN i.type = 'foreign-data wrapper' THEN 'FOREIGN DATA WRAPPER ' || i.identity
               WHEN i.type = 'statistics object' THEN 'STATISTICS ' || i.identity
               WHEN i.type = 'composite type' THEN 'TYPE ' || i.identity
               WHEN i.type = 'transform' THEN 'TRANSFORM ' || upper(left(i.identity, 4)) || regexp_replace(substr(i.identity, 5), ' on language ', ' LANGUAGE ')
               ELSE upper(i.type) || ' ' || i.identity END
       || ' IS ' || quote_literal(d.text)
FROM described d
CROSS JOIN LATERAL pg_identify_object(d.class, d.oid, d.sub) AS i
LEFT JOIN LATERAL (
  SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid = CASE d.class
    WHEN 'pg_class'::regclass THEN d.oid
    WHEN 'pg_constraint'::regclass THEN (SELECT conrelid FROM pg_constraint WHERE oid = d.oid)
    WHEN 'pg_trigger'::regclass THEN (SELECT tgrelid FROM pg_trigger WHERE oid = d.oid)
    WHEN 'pg_rewrite'::regclass THEN (SELECT ev_class FROM pg_rewrite WHERE oid = d.oid)
    WHEN 'pg_policy'::regclass THEN (SELECT polrelid FROM pg_policy WHERE oid = d.oid) END
) AS k ON true
LEFT JOIN pg_proc p ON d.class = 'pg_proc'::regclass AND p.oid = d.oid
WHERE i.identity IS NOT NULL AND i.type NOT IN ('large object', 'toast table')
ORDER BY 1, 2, 4
