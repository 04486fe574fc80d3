SELECT '', '', NULL,
       'CREATE ' || CASE WHEN l.lanpltrusted THEN 'TRUSTED ' ELSE '' END || 'LANGUAGE ' || quote_ident(l.lanname)
       || ' HANDLER ' || {function l.lanplcallfoid}
       || CASE WHEN l.laninline <> 0 THEN ' INLINE ' || {function l.laninline} ELSE '' END
       || CASE WHEN l.lanvalidator <> 0 THEN ' VALIDATOR ' || {function l.lanvalidator} ELSE '' END
FROM pg_language l
WHERE l.oid >= 16384 AND l.lanplcallfoid <> 0 AND {own pg_language l.oid}
ORDER BY l.lanname
