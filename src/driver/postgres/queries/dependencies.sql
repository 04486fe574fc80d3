-- DEPENDS ON EXTENSION.
SELECT coalesce(i.schema, ''), coalesce(i.name, ''), NULL,
       'ALTER ' || upper(i.type) || ' ' || i.identity || ' DEPENDS ON EXTENSION ' || quote_ident(e.extname)
FROM pg_depend d
JOIN pg_extension e ON e.oid = d.refobjid
CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) AS i
WHERE d.deptype = 'x' AND d.refclassid = 'pg_extension'::regclass
ORDER BY 1, 2, 4
