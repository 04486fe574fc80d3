SELECT n.nspname, o.name, NULL, 'CREATE TEXT SEARCH ' || o.kind || ' ' || quote_ident(n.nspname) || '.' || quote_ident(o.name) || ' (' || o.options || ')' || o.more
FROM (
  SELECT 1, 'PARSER', p.prsnamespace, p.prsname,
         'START = ' || {function p.prsstart} || ', GETTOKEN = ' || {function p.prstoken} || ', END = ' || {function p.prsend}
         || CASE WHEN p.prsheadline <> 0 THEN ', HEADLINE = ' || {function p.prsheadline} ELSE '' END
         || ', LEXTYPES = ' || {function p.prslextype}, ''
  FROM pg_ts_parser p WHERE {own pg_ts_parser p.oid}
  UNION ALL
  SELECT 2, 'TEMPLATE', t.tmplnamespace, t.tmplname,
         CASE WHEN t.tmplinit <> 0 THEN 'INIT = ' || {function t.tmplinit} || ', ' ELSE '' END || 'LEXIZE = ' || {function t.tmpllexize}, ''
  FROM pg_ts_template t WHERE {own pg_ts_template t.oid}
  UNION ALL
  SELECT 3, 'DICTIONARY', d.dictnamespace, d.dictname,
         'TEMPLATE = ' || quote_ident(tn.nspname) || '.' || quote_ident(t.tmplname) || coalesce(', ' || d.dictinitoption, ''), ''
  FROM pg_ts_dict d JOIN pg_ts_template t ON t.oid = d.dicttemplate JOIN pg_namespace tn ON tn.oid = t.tmplnamespace
  WHERE {own pg_ts_dict d.oid}
  UNION ALL
  SELECT 4, 'CONFIGURATION', c.cfgnamespace, c.cfgname, 'PARSER = ' || quote_ident(pn.nspname) || '.' || quote_ident(p.prsname),
         coalesce((SELECT string_agg(E';\nALTER TEXT SEARCH CONFIGURATION ' || quote_ident(cn.nspname) || '.' || quote_ident(c.cfgname)
                          || ' ADD MAPPING FOR ' || quote_ident(k.alias) || ' WITH ' || k.dictionaries, '' ORDER BY k.alias)
                   FROM (SELECT tt.alias, string_agg(quote_ident(dn.nspname) || '.' || quote_ident(dd.dictname), ', ' ORDER BY m.mapseqno)
                         FROM pg_ts_config_map m
                         JOIN pg_ts_dict dd ON dd.oid = m.mapdict JOIN pg_namespace dn ON dn.oid = dd.dictnamespace
                         JOIN ts_token_type(c.cfgparser) tt ON tt.tokid = m.maptokentype
                         WHERE m.mapcfg = c.oid GROUP BY tt.alias) AS k(alias, dictionaries)), '')
  FROM pg_ts_config c JOIN pg_namespace cn ON cn.oid = c.cfgnamespace
  JOIN pg_ts_parser p ON p.oid = c.cfgparser JOIN pg_namespace pn ON pn.oid = p.prsnamespace
  WHERE {own pg_ts_config c.oid}
) AS o(rank, kind, namespace, name, options, more)
JOIN pg_namespace n ON n.oid = o.namespace
WHERE {user_schema n}
ORDER BY o.rank, 1, 2
