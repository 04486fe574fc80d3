-- An operator without a function is one that another names as its commutator or negator.
SELECT n.nspname, o.oprname, NULL,
       'CREATE OPERATOR ' || quote_ident(n.nspname) || '.' || o.oprname || ' (FUNCTION = ' || {function o.oprcode}
       || CASE WHEN o.oprleft <> 0 THEN ', LEFTARG = ' || format_type(o.oprleft, NULL) ELSE '' END
       || CASE WHEN o.oprright <> 0 THEN ', RIGHTARG = ' || format_type(o.oprright, NULL) ELSE '' END
       || CASE WHEN o.oprcom <> 0 THEN ', COMMUTATOR = ' || {operator o.oprcom} ELSE '' END
       || CASE WHEN o.oprnegate <> 0 THEN ', NEGATOR = ' || {operator o.oprnegate} ELSE '' END
       || CASE WHEN o.oprcanmerge THEN ', MERGES' ELSE '' END
       || CASE WHEN o.oprcanhash THEN ', HASHES' ELSE '' END
       || CASE WHEN o.oprrest <> 0 THEN ', RESTRICT = ' || {function o.oprrest} ELSE '' END
       || CASE WHEN o.oprjoin <> 0 THEN ', JOIN = ' || {function o.oprjoin} ELSE '' END
       || ')'
FROM pg_operator o
JOIN pg_namespace n ON n.oid = o.oprnamespace
WHERE o.oprcode <> 0 AND {user_schema n} AND {own pg_operator o.oid}
ORDER BY 1, 2, o.oid
