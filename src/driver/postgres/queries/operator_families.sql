-- Members that do not depend on a class were added to the family.
SELECT n.nspname, f.opfname, NULL,
       'CREATE OPERATOR FAMILY ' || quote_ident(n.nspname) || '.' || quote_ident(f.opfname) || ' USING ' || quote_ident(m.amname)
       || coalesce(E';\nALTER OPERATOR FAMILY ' || quote_ident(n.nspname) || '.' || quote_ident(f.opfname) || ' USING ' || quote_ident(m.amname) || ' ADD '
          || (SELECT string_agg(item, ', ' ORDER BY item) FROM (
                SELECT {family_operator o} FROM pg_amop o
                WHERE o.amopfamily = f.oid AND NOT EXISTS (
                  SELECT FROM pg_depend d WHERE d.classid = 'pg_amop'::regclass AND d.objid = o.oid AND d.refclassid = 'pg_opclass'::regclass)
                UNION ALL
                SELECT {family_function p} FROM pg_amproc p
                WHERE p.amprocfamily = f.oid AND NOT EXISTS (
                  SELECT FROM pg_depend d WHERE d.classid = 'pg_amproc'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_opclass'::regclass)
              ) AS items(item)), '')
FROM pg_opfamily f
JOIN pg_namespace n ON n.oid = f.opfnamespace
JOIN pg_am m ON m.oid = f.opfmethod
WHERE {user_schema n} AND {own pg_opfamily f.oid}
ORDER BY 1, 2, m.amname
