SELECT n.nspname, c.opcname, NULL,
       'CREATE OPERATOR CLASS ' || quote_ident(n.nspname) || '.' || quote_ident(c.opcname)
       || CASE WHEN c.opcdefault THEN ' DEFAULT' ELSE '' END || ' FOR TYPE ' || format_type(c.opcintype, NULL)
       || ' USING ' || quote_ident(m.amname) || ' FAMILY ' || quote_ident(fn.nspname) || '.' || quote_ident(f.opfname) || ' AS '
       || concat_ws(', ',
            CASE WHEN c.opckeytype <> 0 THEN 'STORAGE ' || format_type(c.opckeytype, NULL) END,
            (SELECT string_agg({family_operator o}, ', ' ORDER BY o.amopstrategy)
             FROM pg_amop o JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = o.oid
             WHERE d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid),
            (SELECT string_agg({family_function p}, ', ' ORDER BY p.amprocnum)
             FROM pg_amproc p JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = p.oid
             WHERE d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid),
            CASE WHEN c.opckeytype = 0 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid
                   AND d.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass))
                 THEN 'STORAGE ' || format_type(c.opcintype, NULL) END)
FROM pg_opclass c
JOIN pg_namespace n ON n.oid = c.opcnamespace
JOIN pg_am m ON m.oid = c.opcmethod
JOIN pg_opfamily f ON f.oid = c.opcfamily
JOIN pg_namespace fn ON fn.oid = f.opfnamespace
WHERE {user_schema n} AND {own pg_opclass c.oid}
ORDER BY 1, 2, m.amname
