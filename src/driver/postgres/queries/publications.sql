SELECT '', '', NULL,
       'CREATE PUBLICATION ' || quote_ident(p.pubname) || CASE WHEN p.puballtables THEN ' FOR ALL TABLES' ELSE '' END
       || ' WITH (publish = ' || quote_literal(concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
            CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END))
       || CASE WHEN p.pubviaroot THEN ', publish_via_partition_root = true' ELSE '' END
       || CASE WHEN p.pubgencols = 's' THEN ', publish_generated_columns = stored' ELSE '' END --@ 18..
       || ')'
       || coalesce((SELECT string_agg(E';\nALTER PUBLICATION ' || quote_ident(p.pubname) || ' ADD TABLE ONLY ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname)
             || coalesce(' (' || (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs)) || ')', '') --@ 15..
             || coalesce(' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')', '') --@ 15..
             , '' ORDER BY n.nspname, c.relname)
           FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE r.prpubid = p.oid), '')
       || coalesce((SELECT string_agg(E';\nALTER PUBLICATION ' || quote_ident(p.pubname) || ' ADD TABLES IN SCHEMA ' || quote_ident(n.nspname), '' ORDER BY n.nspname) --@ 15..
           FROM pg_publication_namespace s JOIN pg_namespace n ON n.oid = s.pnnspid WHERE s.pnpubid = p.oid), '') --@ 15..
FROM pg_publication p
WHERE {own pg_publication p.oid}
ORDER BY p.pubname
