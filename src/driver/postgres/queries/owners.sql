-- Owners; of schema public where it is not the one whom initdb named.
WITH owned(class, oid, owner, acl, kind, schema, name) AS (
{owned}
)
SELECT o.schema, o.name, NULL,
       'ALTER ' || CASE i.type WHEN 'foreign-data wrapper' THEN 'FOREIGN DATA WRAPPER' WHEN 'statistics object' THEN 'STATISTICS' WHEN 'composite type' THEN 'TYPE' ELSE upper(i.type) END
       || ' ' || i.identity
       || ' OWNER TO ' || {role o.owner}
FROM owned o
CROSS JOIN LATERAL pg_identify_object(o.class, o.oid, 0) AS i
WHERE CASE WHEN o.class = 'pg_namespace'::regclass AND o.schema = 'public'
           THEN o.owner <> CASE WHEN {major} < 15 THEN 10 ELSE 6171 END
           ELSE {owner_wanted} END
  AND NOT (o.class = 'pg_language'::regclass AND o.oid < 16384)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND o.class = d.classid AND d.objid = o.oid AND d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
                  AND EXISTS (SELECT FROM pg_class q WHERE q.oid = o.oid AND q.relkind = 'S'))
ORDER BY 1, 2, 4
