-- What is not read, counted: members of extensions, temporary objects, invalid indexes, partitions that
-- are about to leave, large objects.
SELECT 'extension', count(*) FROM pg_depend d
WHERE d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass AND d.objid >= 16384
UNION ALL
SELECT 'temporary', count(*) FROM pg_class c WHERE c.relpersistence = 't' AND c.relkind IN ('r', 'p', 'v', 'S')
UNION ALL
SELECT 'invalid_index', count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
WHERE NOT (i.indisvalid AND i.indisready) AND c.relkind <> 'p'
UNION ALL
SELECT 'detaching_partition', count(*) FROM pg_inherits i WHERE i.inhdetachpending --@ 14..
UNION ALL --@ 14..
SELECT 'not_null_comment', count(*) FROM pg_description d JOIN pg_constraint k ON d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid
WHERE k.contype = 'n' AND k.conrelid <> 0
UNION ALL
SELECT 'large_object', count(*) FROM pg_largeobject_metadata l WHERE l.oid >= 16384
UNION ALL
SELECT 'subscription', count(s.subname) FROM pg_subscription s
WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND NOT {superuser}
