-- Everything that has an owner and an access control list.
  SELECT 'pg_namespace'::regclass, n.oid, n.nspowner, n.nspacl, 'n'::"char", n.nspname::text, ''::text FROM pg_namespace n
  WHERE {user_schema n} AND {own pg_namespace n.oid}
  UNION ALL
  SELECT 'pg_class'::regclass, c.oid, c.relowner, c.relacl, CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", n.nspname, c.relname
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND c.relpersistence <> 't' AND {user_schema n} AND {own pg_class c.oid}
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i' AND d.refclassid = 'pg_class'::regclass AND c.relacl IS NULL)
  UNION ALL
  SELECT 'pg_proc'::regclass, p.oid, p.proowner, p.proacl, 'f', n.nspname, p.proname
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE {user_schema n} AND {own pg_proc p.oid}
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
  UNION ALL
  SELECT 'pg_type'::regclass, t.oid, t.typowner, t.typacl, 'T', n.nspname, t.typname
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE {user_schema n} AND {own pg_type t.oid} AND t.typtype IN ('e', 'd', 'c', 'r', 'b')
    AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
    AND (t.typtype <> 'c' OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
  UNION ALL
  SELECT 'pg_language'::regclass, l.oid, l.lanowner, l.lanacl, 'l', '', '' FROM pg_language l
  WHERE l.lanpltrusted AND (l.oid >= 16384 AND {own pg_language l.oid} OR l.lanacl IS NOT NULL)
  UNION ALL
  SELECT 'pg_foreign_data_wrapper'::regclass, f.oid, f.fdwowner, f.fdwacl, 'F', '', '' FROM pg_foreign_data_wrapper f WHERE {own pg_foreign_data_wrapper f.oid}
  UNION ALL
  SELECT 'pg_foreign_server'::regclass, s.oid, s.srvowner, s.srvacl, 'S', '', '' FROM pg_foreign_server s WHERE {own pg_foreign_server s.oid}
  UNION ALL
  SELECT 'pg_collation'::regclass, o.oid, o.collowner, NULL, 'x', n.nspname, o.collname FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace
  WHERE {user_schema n} AND {own pg_collation o.oid}
  UNION ALL
  SELECT 'pg_conversion'::regclass, o.oid, o.conowner, NULL, 'x', n.nspname, o.conname FROM pg_conversion o JOIN pg_namespace n ON n.oid = o.connamespace
  WHERE {user_schema n} AND {own pg_conversion o.oid}
  UNION ALL
  SELECT 'pg_operator'::regclass, o.oid, o.oprowner, NULL, 'x', n.nspname, o.oprname FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
  WHERE o.oprcode <> 0 AND {user_schema n} AND {own pg_operator o.oid}
  UNION ALL
  SELECT 'pg_opclass'::regclass, o.oid, o.opcowner, NULL, 'x', n.nspname, o.opcname FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace
  WHERE {user_schema n} AND {own pg_opclass o.oid}
  UNION ALL
  SELECT 'pg_opfamily'::regclass, o.oid, o.opfowner, NULL, 'x', n.nspname, o.opfname FROM pg_opfamily o JOIN pg_namespace n ON n.oid = o.opfnamespace
  WHERE {user_schema n} AND {own pg_opfamily o.oid}
  UNION ALL
  SELECT 'pg_statistic_ext'::regclass, o.oid, o.stxowner, NULL, 'x', n.nspname, o.stxname FROM pg_statistic_ext o JOIN pg_namespace n ON n.oid = o.stxnamespace
  WHERE {user_schema n} AND {own pg_statistic_ext o.oid}
  UNION ALL
  SELECT 'pg_ts_config'::regclass, o.oid, o.cfgowner, NULL, 'x', n.nspname, o.cfgname FROM pg_ts_config o JOIN pg_namespace n ON n.oid = o.cfgnamespace
  WHERE {user_schema n} AND {own pg_ts_config o.oid}
  UNION ALL
  SELECT 'pg_ts_dict'::regclass, o.oid, o.dictowner, NULL, 'x', n.nspname, o.dictname FROM pg_ts_dict o JOIN pg_namespace n ON n.oid = o.dictnamespace
  WHERE {user_schema n} AND {own pg_ts_dict o.oid}
  UNION ALL
  SELECT 'pg_event_trigger'::regclass, o.oid, o.evtowner, NULL, 'x', '', '' FROM pg_event_trigger o WHERE {own pg_event_trigger o.oid}
  UNION ALL
  SELECT 'pg_publication'::regclass, o.oid, o.pubowner, NULL, 'x', '', '' FROM pg_publication o WHERE {own pg_publication o.oid}
  UNION ALL
  SELECT 'pg_subscription'::regclass, o.oid, o.subowner, NULL, 'x', '', '' FROM pg_subscription o
  WHERE {superuser} AND o.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND {own pg_subscription o.oid}
