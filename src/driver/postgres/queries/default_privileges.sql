-- ALTER DEFAULT PRIVILEGES: without a schema the list stands in the place of the built-in one, with a
-- schema it adds to it.
WITH items AS (
  SELECT d.oid, d.defaclrole, d.defaclnamespace, d.defaclobjtype, x.grantee, x.privilege_type AS privilege, x.is_grantable AS grantable, true AS given
  FROM pg_default_acl d, aclexplode({list d.defaclacl}) x
  UNION ALL
  SELECT d.oid, d.defaclrole, d.defaclnamespace, d.defaclobjtype, x.grantee, x.privilege_type, x.is_grantable, false
  FROM pg_default_acl d, aclexplode(acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END::"char", d.defaclrole)) x
  WHERE d.defaclnamespace = 0
), changed AS (
  SELECT defaclrole, defaclnamespace, defaclobjtype, grantee, privilege, bool_or(given) AS given, bool_or(grantable) FILTER (WHERE given) AS grantable
  FROM items
  GROUP BY oid, defaclrole, defaclnamespace, defaclobjtype, grantee, privilege
  HAVING bool_or(given) <> bool_or(NOT given)
      OR bool_or(grantable) FILTER (WHERE given) <> bool_or(grantable) FILTER (WHERE NOT given)
)
SELECT coalesce(n.nspname, ''), '', NULL,
       'ALTER DEFAULT PRIVILEGES' || {for_role c.defaclrole} || coalesce(' IN SCHEMA ' || quote_ident(n.nspname), '')
       || CASE WHEN c.given THEN ' GRANT ' ELSE ' REVOKE ' END || string_agg(c.privilege, ', ' ORDER BY c.privilege) || ' ON '
       || CASE c.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END
       || CASE WHEN c.given THEN ' TO ' ELSE ' FROM ' END || CASE WHEN c.grantee = 0 THEN 'PUBLIC' ELSE {role c.grantee} END
       || CASE WHEN c.given AND c.grantable THEN ' WITH GRANT OPTION' ELSE '' END
FROM changed c
LEFT JOIN pg_namespace n ON n.oid = c.defaclnamespace
GROUP BY n.nspname, c.defaclrole, c.defaclobjtype, c.given, c.grantee, c.grantable
ORDER BY 1, 4
