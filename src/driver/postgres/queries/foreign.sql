-- Foreign data wrappers, servers and user mappings.
SELECT '', f.fdwname, NULL,
       'CREATE FOREIGN DATA WRAPPER ' || quote_ident(f.fdwname)
       || CASE WHEN f.fdwhandler <> 0 THEN ' HANDLER ' || {function f.fdwhandler} ELSE '' END
       || CASE WHEN f.fdwvalidator <> 0 THEN ' VALIDATOR ' || {function f.fdwvalidator} ELSE '' END
       || coalesce(' OPTIONS (' || {options f.fdwoptions} || ')', '')
FROM pg_foreign_data_wrapper f
WHERE {own pg_foreign_data_wrapper f.oid}
UNION ALL
SELECT '', s.srvname, NULL,
       'CREATE SERVER ' || quote_ident(s.srvname) || coalesce(' TYPE ' || quote_literal(s.srvtype), '') || coalesce(' VERSION ' || quote_literal(s.srvversion), '')
       || ' FOREIGN DATA WRAPPER ' || quote_ident(f.fdwname) || coalesce(' OPTIONS (' || {options s.srvoptions} || ')', '')
FROM pg_foreign_server s
JOIN pg_foreign_data_wrapper f ON f.oid = s.srvfdw
WHERE {own pg_foreign_server s.oid}
UNION ALL
SELECT '', u.srvname, NULL,
       'CREATE USER MAPPING FOR ' || CASE WHEN u.umuser = 0 THEN 'PUBLIC' ELSE quote_ident(u.usename) END || ' SERVER ' || quote_ident(u.srvname)
       || coalesce(' OPTIONS (' || {options u.umoptions} || ')', '')
FROM pg_user_mappings u
