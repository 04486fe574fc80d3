-- What dashboards read.

CREATE VIEW project_overview WITH (security_invoker = true) AS
SELECT
    p.id AS project_id,
    p.name,
    u.username AS owner,
    count(t.id) FILTER (WHERE t.status <> 'done') AS open_tasks,
    count(t.id) FILTER (WHERE t.status <> 'done' AND t.due_at < now()) AS overdue_tasks,
    max(t.updated_at) AS last_task_change
FROM projects p
JOIN users u ON u.id = p.owner_id
LEFT JOIN tasks t ON t.project_id = p.id AND t.deleted_at IS NULL
WHERE p.archived_at IS NULL
GROUP BY p.id, p.name, u.username;

COMMENT ON VIEW project_overview IS 'Projects in use with the state of their tasks; shows what the caller may see';

CREATE MATERIALIZED VIEW daily_generation_costs AS
SELECT
    date_trunc('day', g.created_at, 'UTC') AS day,
    m.provider,
    m.name AS model,
    count(*) AS generations,
    sum(g.cost) AS cost
FROM generations g
JOIN ai_models m ON m.id = g.model_id
WHERE g.status = 'completed'
GROUP BY 1, 2, 3;

COMMENT ON MATERIALIZED VIEW daily_generation_costs IS 'What models cost each day; refreshed at night';

-- REFRESH ... CONCURRENTLY needs it.
CREATE UNIQUE INDEX daily_generation_costs_key ON daily_generation_costs (day, provider, model);

GRANT SELECT ON project_overview TO authenticated;
GRANT SELECT ON daily_generation_costs TO service_role;
