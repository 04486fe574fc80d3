-- Privileges: what was taken from and added to those that an object has when it is made. Those of
-- schema public and of built-in objects are held against what initdb gave.
WITH owned(class, oid, owner, acl, kind, schema, name) AS (
{owned}
), parts(class, oid, attnum, owner, acl, base, schema, name) AS (
  SELECT o.class, o.oid, 0, o.owner, coalesce(o.acl, acldefault(o.kind, o.owner)), CASE
           -- Schema public is held against the one of every database, whoever owns it by now.
           WHEN o.class = 'pg_namespace'::regclass AND o.schema = 'public'
           THEN acldefault(o.kind, o.owner) || makeaclitem(0, o.owner, 'USAGE', false)
                || CASE WHEN {major} < 15 THEN ARRAY[makeaclitem(0, o.owner, 'CREATE', false)] END
           ELSE coalesce(p.initprivs, acldefault(o.kind, o.owner)) END, o.schema, o.name
  FROM owned o
  LEFT JOIN pg_init_privs p ON p.classoid = o.class AND p.objoid = o.oid AND p.objsubid = 0
  WHERE o.acl IS NOT NULL OR o.class = 'pg_namespace'::regclass AND o.schema = 'public'
  UNION ALL
  -- Members of extensions that somebody has changed since.
  SELECT d.classid, d.objid, 0, x.owner, coalesce(x.acl, acldefault(x.kind, x.owner)), coalesce(p.initprivs, acldefault(x.kind, x.owner)), n.nspname, x.name
  FROM pg_depend d
  JOIN LATERAL (
    SELECT proowner, proacl, 'f'::"char", pronamespace, proname FROM pg_proc WHERE d.classid = 'pg_proc'::regclass AND oid = d.objid
    UNION ALL
    SELECT relowner, relacl, CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relnamespace, relname FROM pg_class
    WHERE d.classid = 'pg_class'::regclass AND oid = d.objid AND relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
  ) AS x(owner, acl, kind, namespace, name) ON true
  JOIN pg_namespace n ON n.oid = x.namespace
  LEFT JOIN pg_init_privs p ON p.classoid = d.classid AND p.objoid = d.objid AND p.objsubid = 0
  WHERE d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass AND d.objid >= 16384 AND x.acl IS DISTINCT FROM p.initprivs
  UNION ALL
  SELECT o.class, o.oid, a.attnum, o.owner, a.attacl, acldefault('c', o.owner), o.schema, o.name
  FROM owned o
  JOIN pg_attribute a ON a.attrelid = o.oid AND o.class = 'pg_class'::regclass
  WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
), items AS (
  SELECT p.class, p.oid, p.attnum, p.owner, p.schema, p.name, x.grantee, x.privilege_type AS privilege, x.is_grantable AS grantable, true AS given
  FROM parts p, aclexplode({list p.acl}) x
  UNION ALL
  SELECT p.class, p.oid, p.attnum, p.owner, p.schema, p.name, x.grantee, x.privilege_type, x.is_grantable, false
  FROM parts p, aclexplode({list p.base}) x
), changed AS (
  SELECT class, oid, attnum, owner, schema, name, grantee, privilege,
         bool_or(given) AS given, bool_or(grantable) FILTER (WHERE given) AS grantable
  FROM items
  GROUP BY class, oid, attnum, owner, schema, name, grantee, privilege
  HAVING bool_or(given) <> bool_or(NOT given)
      OR bool_or(grantable) FILTER (WHERE given) <> bool_or(grantable) FILTER (WHERE NOT given)
)
SELECT c.schema, c.name, NULL,
       CASE WHEN c.given THEN 'GRANT ' ELSE 'REVOKE ' END
       || string_agg(c.privilege || CASE WHEN c.attnum <> 0 THEN ' (' || quote_ident(a.attname) || ')' ELSE '' END, ', ' ORDER BY c.privilege)
       || ' ON ' || CASE WHEN i.type IN ('table', 'view', 'materialized view', 'foreign table') OR i.type LIKE '% column' THEN 'TABLE'
                         WHEN i.type IN ('aggregate', 'function') THEN 'FUNCTION'
                         WHEN i.type = 'foreign-data wrapper' THEN 'FOREIGN DATA WRAPPER'
                         WHEN i.type = 'server' THEN 'FOREIGN SERVER'
                         WHEN i.type = 'composite type' THEN 'TYPE'
                         ELSE upper(i.type) END
       || ' ' || i.identity
       || CASE WHEN c.given THEN ' TO ' ELSE ' FROM ' END || CASE WHEN c.grantee = 0 THEN 'PUBLIC' ELSE {role c.grantee} END
       || CASE WHEN c.given AND c.grantable THEN ' WITH GRANT OPTION' ELSE '' END
FROM changed c
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = c.attnum AND c.attnum <> 0
CROSS JOIN LATERAL pg_identify_object(c.class, c.oid, 0) AS i
GROUP BY c.schema, c.name, c.class, c.oid, c.attnum, c.given, c.grantee, c.grantable, c.owner, i.type, i.identity, a.attname
ORDER BY 1, 2, i.identity, c.given, c.attnum, 4
