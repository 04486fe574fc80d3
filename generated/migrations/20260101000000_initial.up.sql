-- schemagen migration
-- state before: 1:e3b0c44298fc1c149afbf4c8996fb924
-- state after:  1:929b93e51db01ca5701acaca1ca3407d
-- follows: nothing
-- The whole schema, for an empty database.

SET check_function_bodies = false;

GRANT USAGE ON SCHEMA public TO anon;
GRANT USAGE ON SCHEMA public TO authenticated;
GRANT USAGE ON SCHEMA public TO service_role;

CREATE TYPE public.generation_status AS ENUM (
    'pending',
    'processing',
    'completed',
    'failed'
);
COMMENT ON TYPE public.generation_status IS 'Life of a request to a model';

CREATE TYPE public.member_role AS ENUM (
    'viewer',
    'editor',
    'maintainer'
);
COMMENT ON TYPE public.member_role IS 'What a member may do in a project, from least to most';

CREATE TYPE public.project_visibility AS ENUM (
    'private',
    'internal',
    'public'
);
COMMENT ON TYPE public.project_visibility IS 'Who can see a project';

CREATE TYPE public.prompt_kind AS ENUM (
    'writing',
    'coding',
    'review',
    'testing',
    'planning'
);
COMMENT ON TYPE public.prompt_kind IS 'What a prompt is for';

CREATE TYPE public.snippet_origin AS ENUM (
    'generated',
    'revised',
    'written'
);
COMMENT ON TYPE public.snippet_origin IS 'Who wrote a snippet: the model, both, or a person';

CREATE TYPE public.task_priority AS ENUM (
    'low',
    'medium',
    'high',
    'urgent'
);
COMMENT ON TYPE public.task_priority IS 'How urgent a task is, from least to most';

CREATE TYPE public.task_status AS ENUM (
    'todo',
    'doing',
    'blocked',
    'done'
);
COMMENT ON TYPE public.task_status IS 'Life of a task';

CREATE TYPE public.test_status AS ENUM (
    'pending',
    'passed',
    'failed',
    'skipped'
);
COMMENT ON TYPE public.test_status IS 'How the latest run of a test ended';

CREATE TYPE public.user_role AS ENUM (
    'user',
    'admin'
);
COMMENT ON TYPE public.user_role IS 'What a person may do in the whole application
user: works in own and shared projects
admin: sees everything, manages accounts';

CREATE FUNCTION public.refuse_change()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME;
END;
$$;
COMMENT ON FUNCTION public.refuse_change() IS 'Refuses UPDATE and DELETE';

CREATE FUNCTION public.set_updated_at()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END;
$$;
COMMENT ON FUNCTION public.set_updated_at() IS 'Sets updated_at to now() on each update';

CREATE TABLE public.ai_models (
    id bigint GENERATED ALWAYS AS IDENTITY,
    name character varying(80) NOT NULL,
    provider character varying(80) NOT NULL,
    context_tokens integer NOT NULL,
    is_enabled boolean DEFAULT true NOT NULL,
    CONSTRAINT ai_models_pkey PRIMARY KEY (id),
    CONSTRAINT ai_models_name_key UNIQUE (name),
    CONSTRAINT ai_models_context_tokens_check CHECK (context_tokens > 0)
);
ALTER TABLE public.ai_models ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.ai_models IS 'Models that can be asked';
COMMENT ON COLUMN public.ai_models.name IS 'Name at the provider';
COMMENT ON COLUMN public.ai_models.provider IS 'Who runs it';
COMMENT ON COLUMN public.ai_models.context_tokens IS 'The most tokens it takes in one request';
COMMENT ON COLUMN public.ai_models.is_enabled IS 'Whether it is offered for new requests';
GRANT SELECT ON TABLE public.ai_models TO authenticated;
GRANT ALL ON TABLE public.ai_models TO service_role;

CREATE POLICY ai_models_read ON public.ai_models
    FOR SELECT
    TO authenticated
    USING (is_enabled);

CREATE TABLE public.tasks_audit (
    id bigint GENERATED ALWAYS AS IDENTITY,
    operation text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_by text NOT NULL,
    row_key jsonb NOT NULL,
    old_row jsonb,
    new_row jsonb,
    CONSTRAINT tasks_audit_pkey PRIMARY KEY (id),
    CONSTRAINT tasks_audit_operation_check CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE'))
);
ALTER TABLE public.tasks_audit ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.tasks_audit IS 'History of tasks: one row for each change';
COMMENT ON COLUMN public.tasks_audit.id IS 'Order in which changes were recorded';
COMMENT ON COLUMN public.tasks_audit.operation IS 'What was done: INSERT, UPDATE or DELETE';
COMMENT ON COLUMN public.tasks_audit.changed_at IS 'When: the start of the transaction';
COMMENT ON COLUMN public.tasks_audit.changed_by IS 'Who made the change';
COMMENT ON COLUMN public.tasks_audit.row_key IS 'The primary key of the row';
COMMENT ON COLUMN public.tasks_audit.old_row IS 'The row before; null for INSERT';
COMMENT ON COLUMN public.tasks_audit.new_row IS 'The row after; null for DELETE';
GRANT SELECT ON TABLE public.tasks_audit TO authenticated;
GRANT SELECT ON TABLE public.tasks_audit TO service_role;

CREATE FUNCTION public.record_tasks_audit()
    RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path TO ''
AS $$
BEGIN
    INSERT INTO public.tasks_audit (operation, changed_by, row_key, old_row, new_row)
    VALUES (
        TG_OP,
        (auth.uid())::text,
        jsonb_build_object('id', coalesce(to_jsonb(OLD), to_jsonb(NEW)) -> 'id'),
        to_jsonb(OLD),
        to_jsonb(NEW)
    );
    RETURN NULL;
END;
$$;
COMMENT ON FUNCTION public.record_tasks_audit() IS 'Records each change of tasks in tasks_audit';

CREATE INDEX tasks_audit_changed_at_idx ON public.tasks_audit (changed_at);

CREATE INDEX tasks_audit_row_key_changed_at_idx ON public.tasks_audit (row_key, changed_at);

CREATE TABLE public.users (
    id uuid NOT NULL,
    email character varying(255) NOT NULL,
    username character varying(50) NOT NULL,
    full_name character varying(200),
    avatar_url text,
    role public.user_role DEFAULT 'user' NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    preferences jsonb DEFAULT '{}' NOT NULL,
    last_login_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_key UNIQUE (email),
    CONSTRAINT users_username_key UNIQUE (username),
    CONSTRAINT users_id_fkey FOREIGN KEY (id) REFERENCES auth.users (id) ON DELETE CASCADE,
    CONSTRAINT users_preferences_shape CHECK (jsonb_typeof(preferences) = 'object' AND jsonb_typeof(preferences -> 'theme') = 'string' AND jsonb_typeof(preferences -> 'editor_font_size') = 'number' AND jsonb_typeof(preferences -> 'email_digest') = 'boolean'),
    CONSTRAINT users_username_check CHECK (username ~ '^[a-z0-9_]{3,50}$')
);
ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.users IS 'Application accounts, one for each login of the platform';
COMMENT ON COLUMN public.users.id IS 'The login this account belongs to';
COMMENT ON COLUMN public.users.email IS 'Address for notices';
COMMENT ON COLUMN public.users.username IS 'Name shown to others';
COMMENT ON COLUMN public.users.full_name IS 'Name as the person writes it';
COMMENT ON COLUMN public.users.avatar_url IS 'Picture of the person';
COMMENT ON COLUMN public.users.role IS 'What the person may do';
COMMENT ON COLUMN public.users.is_active IS 'False for accounts that are closed but still referred to';
COMMENT ON COLUMN public.users.preferences IS 'What the person has set in the application';
COMMENT ON COLUMN public.users.last_login_at IS 'Start of the latest session';
COMMENT ON COLUMN public.users.created_at IS 'When the row was created';
COMMENT ON COLUMN public.users.updated_at IS 'When the row was last changed';
GRANT SELECT, UPDATE (avatar_url, full_name, preferences, username) ON TABLE public.users TO authenticated;
GRANT ALL ON TABLE public.users TO service_role;

CREATE FUNCTION public.is_admin()
    RETURNS boolean
    LANGUAGE sql
    STABLE SECURITY DEFINER
    SET search_path TO ''
AS $$select exists (
  select from public.users
  where id = auth.uid() and role = 'admin' and is_active
)
$$;
COMMENT ON FUNCTION public.is_admin() IS 'Whether the caller is an administrator. Runs with its owner''s rights, so that policies of users can call it';

CREATE TABLE public.audit_logs (
    id bigint GENERATED ALWAYS AS IDENTITY,
    actor_id uuid,
    action character varying(60) NOT NULL,
    resource_type character varying(60) NOT NULL,
    resource_key text,
    ip_address inet,
    metadata jsonb DEFAULT '{}' NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT audit_logs_pkey PRIMARY KEY (id),
    CONSTRAINT audit_logs_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.users (id) ON DELETE SET NULL
);
ALTER TABLE public.audit_logs ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.audit_logs IS 'What concerns security: logins, grants, exports; only ever added to';
COMMENT ON COLUMN public.audit_logs.actor_id IS 'Who did it; null when that account is gone';
COMMENT ON COLUMN public.audit_logs.action IS 'What was done, such as login or export';
COMMENT ON COLUMN public.audit_logs.resource_type IS 'To what kind of thing';
COMMENT ON COLUMN public.audit_logs.resource_key IS 'To which one, by its key as text';
COMMENT ON COLUMN public.audit_logs.ip_address IS 'Where the request came from';
COMMENT ON COLUMN public.audit_logs.metadata IS 'What belongs to it';
COMMENT ON COLUMN public.audit_logs.created_at IS 'When it was done';
GRANT SELECT ON TABLE public.audit_logs TO authenticated;
GRANT SELECT, INSERT ON TABLE public.audit_logs TO service_role;

CREATE INDEX audit_logs_actor_id_created_at_idx ON public.audit_logs (actor_id, created_at DESC);

CREATE INDEX audit_logs_created_at_idx ON public.audit_logs USING brin (created_at);

CREATE INDEX audit_logs_resource_idx ON public.audit_logs (resource_type, resource_key);

CREATE TRIGGER audit_logs_append_only
    BEFORE DELETE OR UPDATE ON public.audit_logs
    FOR EACH ROW
    EXECUTE FUNCTION public.refuse_change();

CREATE POLICY audit_logs_read ON public.audit_logs
    FOR SELECT
    TO authenticated
    USING (is_admin());

CREATE TABLE public.projects (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    owner_id uuid NOT NULL,
    name character varying(100) NOT NULL,
    slug character varying(100) NOT NULL,
    description text,
    repository_url text,
    visibility public.project_visibility DEFAULT 'private' NOT NULL,
    settings jsonb DEFAULT '{}' NOT NULL,
    archived_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT projects_pkey PRIMARY KEY (id),
    CONSTRAINT projects_owner_slug_key UNIQUE (owner_id, slug),
    CONSTRAINT projects_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.users (id) ON DELETE RESTRICT,
    CONSTRAINT projects_name_check CHECK (btrim(name) <> ''),
    CONSTRAINT projects_settings_shape CHECK (jsonb_typeof(settings) = 'object' AND jsonb_typeof(settings -> 'ai_model') = 'string' AND jsonb_typeof(settings -> 'story_template') = 'string' AND jsonb_typeof(settings -> 'default_priority') = 'string' AND jsonb_typeof(settings -> 'include_tests') = 'boolean'),
    CONSTRAINT projects_slug_check CHECK (slug ~ '^[a-z0-9-]+$')
);
ALTER TABLE public.projects ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.projects IS 'A body of work that tasks, snippets and prompts belong to';
COMMENT ON COLUMN public.projects.owner_id IS 'Who answers for the project; led by the key of owner and slug';
COMMENT ON COLUMN public.projects.name IS 'Human-readable name';
COMMENT ON COLUMN public.projects.slug IS 'Name in addresses, unique for each owner';
COMMENT ON COLUMN public.projects.description IS 'Brief summary';
COMMENT ON COLUMN public.projects.repository_url IS 'Where the code lives';
COMMENT ON COLUMN public.projects.visibility IS 'Who can see it';
COMMENT ON COLUMN public.projects.settings IS 'Choices for generated work';
COMMENT ON COLUMN public.projects.archived_at IS 'When it was put away; null while it is in use';
COMMENT ON COLUMN public.projects.created_at IS 'When the row was created';
COMMENT ON COLUMN public.projects.updated_at IS 'When the row was last changed';
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.projects TO authenticated;
GRANT ALL ON TABLE public.projects TO service_role;

CREATE TABLE public.activity_logs (
    id bigint GENERATED ALWAYS AS IDENTITY,
    user_id uuid,
    project_id uuid,
    activity_type character varying(60) NOT NULL,
    description text NOT NULL,
    metadata jsonb DEFAULT '{}' NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT activity_logs_pkey PRIMARY KEY (id, created_at),
    CONSTRAINT activity_logs_project_id_fkey FOREIGN KEY (project_id) REFERENCES public.projects (id) ON DELETE CASCADE,
    CONSTRAINT activity_logs_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE SET NULL
)
PARTITION BY RANGE (created_at);
ALTER TABLE public.activity_logs ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.activity_logs IS 'What people did, as shown in the feed of a project';
COMMENT ON COLUMN public.activity_logs.user_id IS 'Who did it; null when that account is gone';
COMMENT ON COLUMN public.activity_logs.project_id IS 'Where; null for what concerns no project';
COMMENT ON COLUMN public.activity_logs.activity_type IS 'What kind of activity, such as task.created';
COMMENT ON COLUMN public.activity_logs.description IS 'What happened, in a sentence';
COMMENT ON COLUMN public.activity_logs.metadata IS 'What belongs to it: identifiers, old and new values';
COMMENT ON COLUMN public.activity_logs.created_at IS 'When it happened; decides the partition';
GRANT SELECT ON TABLE public.activity_logs TO authenticated;
GRANT SELECT, INSERT ON TABLE public.activity_logs TO service_role;

CREATE TABLE public.activity_logs_2026 PARTITION OF public.activity_logs
    FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
ALTER TABLE public.activity_logs_2026 ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.activity_logs_2026 IS 'Activity of the year 2026';

CREATE TABLE public.activity_logs_2027 PARTITION OF public.activity_logs
    FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
ALTER TABLE public.activity_logs_2027 ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.activity_logs_2027 IS 'Activity of the year 2027';

CREATE TABLE public.activity_logs_rest PARTITION OF public.activity_logs
    DEFAULT;
ALTER TABLE public.activity_logs_rest ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.activity_logs_rest IS 'Activity outside of the years that have a partition; kept empty';

CREATE INDEX activity_logs_project_id_created_at_idx ON public.activity_logs (project_id, created_at DESC);

CREATE INDEX activity_logs_user_id_created_at_idx ON public.activity_logs (user_id, created_at DESC);

CREATE TABLE public.code_snippets (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    project_id uuid NOT NULL,
    author_id uuid,
    file_path text NOT NULL,
    language character varying(40) NOT NULL,
    content text NOT NULL,
    origin public.snippet_origin DEFAULT 'generated' NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT code_snippets_pkey PRIMARY KEY (id),
    CONSTRAINT code_snippets_id_project_key UNIQUE (id, project_id),
    CONSTRAINT code_snippets_path_version_key UNIQUE (project_id, file_path, version),
    CONSTRAINT code_snippets_author_id_fkey FOREIGN KEY (author_id) REFERENCES public.users (id) ON DELETE SET NULL,
    CONSTRAINT code_snippets_project_id_fkey FOREIGN KEY (project_id) REFERENCES public.projects (id) ON DELETE CASCADE,
    CONSTRAINT code_snippets_version_check CHECK (version > 0)
);
ALTER TABLE public.code_snippets ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.code_snippets IS 'A file or part of one, in one version';
COMMENT ON COLUMN public.code_snippets.project_id IS 'The project it belongs to';
COMMENT ON COLUMN public.code_snippets.author_id IS 'Who asked for it or wrote it; null when that account is gone';
COMMENT ON COLUMN public.code_snippets.file_path IS 'Path within the repository, such as src/modules/auth.py';
COMMENT ON COLUMN public.code_snippets.language IS 'Programming language';
COMMENT ON COLUMN public.code_snippets.content IS 'The text itself';
COMMENT ON COLUMN public.code_snippets.origin IS 'Who wrote it';
COMMENT ON COLUMN public.code_snippets.version IS 'Counts up with each revision of the same path';
COMMENT ON COLUMN public.code_snippets.created_at IS 'When the row was created';
COMMENT ON COLUMN public.code_snippets.updated_at IS 'When the row was last changed';
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.code_snippets TO authenticated;
GRANT ALL ON TABLE public.code_snippets TO service_role;

CREATE INDEX code_snippets_author_id_idx ON public.code_snippets (author_id);

CREATE TRIGGER code_snippets_set_updated_at
    BEFORE UPDATE ON public.code_snippets
    FOR EACH ROW
    EXECUTE FUNCTION public.set_updated_at();

CREATE TABLE public.labels (
    id bigint GENERATED ALWAYS AS IDENTITY,
    project_id uuid NOT NULL,
    name character varying(50) NOT NULL,
    color character varying(7) DEFAULT '#808080' NOT NULL,
    CONSTRAINT labels_pkey PRIMARY KEY (id),
    CONSTRAINT labels_project_id_name_key UNIQUE (project_id, name),
    CONSTRAINT labels_project_id_fkey FOREIGN KEY (project_id) REFERENCES public.projects (id) ON DELETE CASCADE,
    CONSTRAINT labels_color_check CHECK (color ~ '^#[0-9a-f]{6}$')
);
ALTER TABLE public.labels ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.labels IS 'Words that tasks of a project are sorted by';
COMMENT ON COLUMN public.labels.project_id IS 'The project it belongs to; led by the key of project and name';
COMMENT ON COLUMN public.labels.name IS 'The word';
COMMENT ON COLUMN public.labels.color IS 'Color in lists, as a web color';
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.labels TO authenticated;
GRANT ALL ON TABLE public.labels TO service_role;

CREATE TABLE public.project_members (
    project_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role public.member_role DEFAULT 'viewer' NOT NULL,
    invited_by uuid,
    joined_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT project_members_pkey PRIMARY KEY (project_id, user_id),
    CONSTRAINT project_members_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES public.users (id) ON DELETE SET NULL,
    CONSTRAINT project_members_project_id_fkey FOREIGN KEY (project_id) REFERENCES public.projects (id) ON DELETE CASCADE,
    CONSTRAINT project_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE
);
ALTER TABLE public.project_members ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.project_members IS 'Who works in which project, and as what';
COMMENT ON COLUMN public.project_members.project_id IS 'The project';
COMMENT ON COLUMN public.project_members.user_id IS 'The member';
COMMENT ON COLUMN public.project_members.role IS 'What the member may do';
COMMENT ON COLUMN public.project_members.invited_by IS 'Who invited the member; null when that account is gone';
COMMENT ON COLUMN public.project_members.joined_at IS 'When the member joined';
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.project_members TO authenticated;
GRANT ALL ON TABLE public.project_members TO service_role;

CREATE FUNCTION public.is_project_member(project uuid, at_least public.member_role DEFAULT 'viewer')
    RETURNS boolean
    LANGUAGE sql
    STABLE SECURITY DEFINER
    SET search_path TO ''
AS $$select exists (
  select from public.projects p
  where p.id = project and p.owner_id = auth.uid()
) or exists (
  select from public.project_members m
  where m.project_id = project and m.user_id = auth.uid() and m.role >= at_least
)
$$;
COMMENT ON FUNCTION public.is_project_member(uuid, public.member_role) IS 'Whether the caller owns a project or is a member of at least the given role. Runs with its owner''s rights, so that policies can call it without policies of their own';

CREATE POLICY activity_logs_read ON public.activity_logs
    FOR SELECT
    TO authenticated
    USING (user_id = auth.uid() OR is_project_member(project_id));

CREATE POLICY code_snippets_read ON public.code_snippets
    FOR SELECT
    TO authenticated
    USING (is_project_member(project_id));

CREATE POLICY code_snippets_write ON public.code_snippets
    TO authenticated
    USING (is_project_member(project_id, 'editor'))
    WITH CHECK (is_project_member(project_id, 'editor'));

CREATE POLICY labels_read ON public.labels
    FOR SELECT
    TO authenticated
    USING (is_project_member(project_id));

CREATE POLICY labels_write ON public.labels
    TO authenticated
    USING (is_project_member(project_id, 'editor'))
    WITH CHECK (is_project_member(project_id, 'editor'));

CREATE INDEX project_members_invited_by_idx ON public.project_members (invited_by);

CREATE INDEX project_members_user_id_idx ON public.project_members (user_id);

CREATE POLICY project_members_manage ON public.project_members
    TO authenticated
    USING (is_project_member(project_id, 'maintainer'))
    WITH CHECK (is_project_member(project_id, 'maintainer'));

CREATE POLICY project_members_read ON public.project_members
    FOR SELECT
    TO authenticated
    USING (is_project_member(project_id));

CREATE INDEX projects_updated_at_idx ON public.projects (updated_at DESC) WHERE archived_at is null;

CREATE TRIGGER projects_set_updated_at
    BEFORE UPDATE ON public.projects
    FOR EACH ROW
    EXECUTE FUNCTION public.set_updated_at();

CREATE POLICY projects_delete_own ON public.projects
    FOR DELETE
    TO authenticated
    USING (owner_id = auth.uid());

CREATE POLICY projects_insert_own ON public.projects
    FOR INSERT
    TO authenticated
    WITH CHECK (owner_id = auth.uid());

CREATE POLICY projects_read ON public.projects
    FOR SELECT
    TO authenticated
    USING (visibility <> 'private' or is_project_member(id));

CREATE POLICY projects_update ON public.projects
    FOR UPDATE
    TO authenticated
    USING (is_project_member(id, 'maintainer'))
    WITH CHECK (is_project_member(id, 'maintainer'));

CREATE TABLE public.prompts (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    project_id uuid,
    topic character varying(200) NOT NULL,
    kind public.prompt_kind NOT NULL,
    tone character varying(40) DEFAULT 'neutral' NOT NULL,
    additional_context text,
    prompt_text text NOT NULL,
    tags text[] DEFAULT '{}' NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT prompts_pkey PRIMARY KEY (id),
    CONSTRAINT prompts_project_id_fkey FOREIGN KEY (project_id) REFERENCES public.projects (id) ON DELETE SET NULL,
    CONSTRAINT prompts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE
);
ALTER TABLE public.prompts ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.prompts IS 'A question or instruction for a model, as a person wrote it';
COMMENT ON COLUMN public.prompts.user_id IS 'Who wrote it';
COMMENT ON COLUMN public.prompts.project_id IS 'The project it belongs to; null for private prompts';
COMMENT ON COLUMN public.prompts.topic IS 'What it is about, in one line';
COMMENT ON COLUMN public.prompts.kind IS 'What it is for';
COMMENT ON COLUMN public.prompts.tone IS 'How the answer should sound';
COMMENT ON COLUMN public.prompts.additional_context IS 'What the model should know besides';
COMMENT ON COLUMN public.prompts.prompt_text IS 'The text that is sent';
COMMENT ON COLUMN public.prompts.tags IS 'Words to find it by';
COMMENT ON COLUMN public.prompts.created_at IS 'When it was written';
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.prompts TO authenticated;
GRANT ALL ON TABLE public.prompts TO service_role;

CREATE TABLE public.generations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    prompt_id uuid NOT NULL,
    model_id bigint NOT NULL,
    snippet_id uuid,
    status public.generation_status DEFAULT 'pending' NOT NULL,
    response jsonb,
    error_message text,
    input_tokens integer,
    output_tokens integer,
    cost numeric(12,6),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    completed_at timestamp with time zone,
    CONSTRAINT generations_pkey PRIMARY KEY (id),
    CONSTRAINT generations_model_id_fkey FOREIGN KEY (model_id) REFERENCES public.ai_models (id) ON DELETE RESTRICT,
    CONSTRAINT generations_prompt_id_fkey FOREIGN KEY (prompt_id) REFERENCES public.prompts (id) ON DELETE CASCADE,
    CONSTRAINT generations_snippet_id_fkey FOREIGN KEY (snippet_id) REFERENCES public.code_snippets (id) ON DELETE SET NULL,
    CONSTRAINT generations_cost_check CHECK (cost >= 0),
    CONSTRAINT generations_failed_with_reason CHECK (status <> 'failed' OR error_message IS NOT NULL),
    CONSTRAINT generations_finished_when_completed CHECK ((status IN ('completed', 'failed')) = (completed_at IS NOT NULL)),
    CONSTRAINT generations_input_tokens_check CHECK (input_tokens >= 0),
    CONSTRAINT generations_output_tokens_check CHECK (output_tokens >= 0),
    CONSTRAINT generations_response_shape CHECK (jsonb_typeof(response) = 'object')
);
ALTER TABLE public.generations ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.generations IS 'One answer of one model to a prompt';
COMMENT ON COLUMN public.generations.prompt_id IS 'What was asked';
COMMENT ON COLUMN public.generations.model_id IS 'Who was asked';
COMMENT ON COLUMN public.generations.snippet_id IS 'The snippet that came of it, where it was kept';
COMMENT ON COLUMN public.generations.status IS 'How far it is';
COMMENT ON COLUMN public.generations.response IS 'The answer as the provider sent it';
COMMENT ON COLUMN public.generations.error_message IS 'Why it failed';
COMMENT ON COLUMN public.generations.input_tokens IS 'Tokens of the request';
COMMENT ON COLUMN public.generations.output_tokens IS 'Tokens of the answer';
COMMENT ON COLUMN public.generations.cost IS 'What it cost, in US dollars';
COMMENT ON COLUMN public.generations.created_at IS 'When it was asked';
COMMENT ON COLUMN public.generations.completed_at IS 'When the answer, or the failure, came';
GRANT SELECT ON TABLE public.generations TO authenticated;
GRANT ALL ON TABLE public.generations TO service_role;

CREATE INDEX generations_model_id_idx ON public.generations (model_id);

CREATE INDEX generations_open_idx ON public.generations (created_at) WHERE status IN ('pending', 'processing');

CREATE INDEX generations_prompt_id_idx ON public.generations (prompt_id);

CREATE INDEX generations_snippet_id_idx ON public.generations (snippet_id) WHERE snippet_id IS NOT NULL;

CREATE POLICY generations_read ON public.generations
    FOR SELECT
    TO authenticated
    USING (EXISTS (SELECT FROM prompts p WHERE p.id = prompt_id));

CREATE INDEX prompts_project_id_idx ON public.prompts (project_id) WHERE project_id IS NOT NULL;

CREATE INDEX prompts_tags_idx ON public.prompts USING gin (tags);

CREATE INDEX prompts_user_id_created_at_idx ON public.prompts (user_id, created_at DESC);

CREATE POLICY prompts_read ON public.prompts
    FOR SELECT
    TO authenticated
    USING (user_id = auth.uid() OR is_project_member(project_id));

CREATE POLICY prompts_write_own ON public.prompts
    TO authenticated
    USING (user_id = auth.uid())
    WITH CHECK (user_id = auth.uid());

CREATE TABLE public.sessions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    token_hash text NOT NULL,
    ip_address inet,
    user_agent text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_token_hash_key UNIQUE (token_hash),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE,
    CONSTRAINT sessions_expire_later CHECK (expires_at > created_at)
);
ALTER TABLE public.sessions ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.sessions IS 'Logins that are still valid';
COMMENT ON COLUMN public.sessions.user_id IS 'Who is logged in';
COMMENT ON COLUMN public.sessions.token_hash IS 'SHA-256 of the session token';
COMMENT ON COLUMN public.sessions.ip_address IS 'Where the session was opened from';
COMMENT ON COLUMN public.sessions.user_agent IS 'Browser or client';
COMMENT ON COLUMN public.sessions.created_at IS 'When the session was opened';
COMMENT ON COLUMN public.sessions.last_used_at IS 'Latest request';
COMMENT ON COLUMN public.sessions.expires_at IS 'When the session ends';
GRANT SELECT, DELETE ON TABLE public.sessions TO authenticated;
GRANT ALL ON TABLE public.sessions TO service_role;

CREATE PROCEDURE public.purge_expired_sessions(keep interval DEFAULT '30 days')
    LANGUAGE sql
AS $$delete from sessions where expires_at < now() - keep;$$;
COMMENT ON PROCEDURE public.purge_expired_sessions(interval) IS 'Deletes sessions that ended more than the given time ago; run every hour';

CREATE INDEX sessions_expires_at_idx ON public.sessions (expires_at);

CREATE INDEX sessions_user_id_idx ON public.sessions (user_id);

CREATE POLICY sessions_delete_own ON public.sessions
    FOR DELETE
    TO authenticated
    USING (user_id = auth.uid());
COMMENT ON POLICY sessions_delete_own ON public.sessions IS 'Logging out elsewhere';

CREATE POLICY sessions_read_own ON public.sessions
    FOR SELECT
    TO authenticated
    USING (user_id = auth.uid());

CREATE TABLE public.tasks (
    id bigint GENERATED ALWAYS AS IDENTITY,
    project_id uuid NOT NULL,
    assignee_id uuid,
    title character varying(200) NOT NULL,
    description text,
    status public.task_status DEFAULT 'todo' NOT NULL,
    priority public.task_priority DEFAULT 'medium' NOT NULL,
    story_points smallint,
    due_at timestamp with time zone,
    completed_at timestamp with time zone,
    metadata jsonb DEFAULT '{}' NOT NULL,
    deleted_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tasks_pkey PRIMARY KEY (id),
    CONSTRAINT tasks_assignee_id_fkey FOREIGN KEY (assignee_id) REFERENCES public.users (id) ON DELETE SET NULL,
    CONSTRAINT tasks_project_id_fkey FOREIGN KEY (project_id) REFERENCES public.projects (id) ON DELETE CASCADE,
    CONSTRAINT tasks_done_when_completed CHECK ((status = 'done') = (completed_at is not null)),
    CONSTRAINT tasks_metadata_shape CHECK (jsonb_typeof(metadata) = 'object' AND jsonb_typeof(metadata -> 'estimated_hours') = 'number' AND jsonb_typeof(metadata -> 'complexity') = 'string' AND jsonb_typeof(metadata -> 'ai_confidence') = 'number' AND jsonb_typeof(metadata -> 'acceptance_criteria') = 'array'),
    CONSTRAINT tasks_story_points_check CHECK (story_points between 0 and 21),
    CONSTRAINT tasks_title_not_blank CHECK (btrim(title) <> '')
);
ALTER TABLE public.tasks ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.tasks IS 'A piece of work in a project';
COMMENT ON COLUMN public.tasks.project_id IS 'The project it belongs to; led by the index of the board';
COMMENT ON COLUMN public.tasks.assignee_id IS 'Who works on it; null while nobody does';
COMMENT ON COLUMN public.tasks.title IS 'What is to be done, in one line';
COMMENT ON COLUMN public.tasks.description IS 'The same at length, in Markdown';
COMMENT ON COLUMN public.tasks.status IS 'How far it is';
COMMENT ON COLUMN public.tasks.priority IS 'How urgent it is';
COMMENT ON COLUMN public.tasks.story_points IS 'Estimated effort';
COMMENT ON COLUMN public.tasks.due_at IS 'When it must be done';
COMMENT ON COLUMN public.tasks.completed_at IS 'When it was done';
COMMENT ON COLUMN public.tasks.metadata IS 'What tools add to a task';
COMMENT ON COLUMN public.tasks.deleted_at IS 'When it was deleted; null while it is not';
COMMENT ON COLUMN public.tasks.created_at IS 'When the row was created';
COMMENT ON COLUMN public.tasks.updated_at IS 'When the row was last changed';
GRANT SELECT, INSERT, UPDATE ON TABLE public.tasks TO authenticated;
GRANT ALL ON TABLE public.tasks TO service_role;

CREATE TABLE public.task_labels (
    task_id bigint NOT NULL,
    label_id bigint NOT NULL,
    CONSTRAINT task_labels_pkey PRIMARY KEY (task_id, label_id),
    CONSTRAINT task_labels_label_id_fkey FOREIGN KEY (label_id) REFERENCES public.labels (id) ON DELETE CASCADE,
    CONSTRAINT task_labels_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.tasks (id) ON DELETE CASCADE
);
ALTER TABLE public.task_labels ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.task_labels IS 'Which task has which label';
COMMENT ON COLUMN public.task_labels.task_id IS 'The task';
COMMENT ON COLUMN public.task_labels.label_id IS 'The label';
GRANT SELECT, INSERT, DELETE ON TABLE public.task_labels TO authenticated;
GRANT ALL ON TABLE public.task_labels TO service_role;

CREATE INDEX task_labels_label_id_idx ON public.task_labels (label_id);

CREATE POLICY task_labels_read ON public.task_labels
    FOR SELECT
    TO authenticated
    USING (exists (select from tasks t where t.id = task_id));

CREATE POLICY task_labels_write ON public.task_labels
    TO authenticated
    USING (exists (select from tasks t where t.id = task_id and is_project_member(t.project_id, 'editor')))
    WITH CHECK (exists (select from tasks t where t.id = task_id and is_project_member(t.project_id, 'editor')));

CREATE INDEX tasks_assignee_id_idx ON public.tasks (assignee_id);

CREATE INDEX tasks_due_at_idx ON public.tasks (due_at) WHERE due_at is not null and completed_at is null;

CREATE INDEX tasks_metadata_idx ON public.tasks USING gin (metadata);

CREATE INDEX tasks_project_id_status_priority_idx ON public.tasks (project_id, status, priority DESC);

CREATE INDEX tasks_search_idx ON public.tasks USING gin (to_tsvector('english', title || ' ' || coalesce(description, '')));

CREATE TRIGGER tasks_audit
    AFTER INSERT OR DELETE OR UPDATE ON public.tasks
    FOR EACH ROW
    EXECUTE FUNCTION public.record_tasks_audit();

CREATE TRIGGER tasks_set_updated_at
    BEFORE UPDATE ON public.tasks
    FOR EACH ROW
    EXECUTE FUNCTION public.set_updated_at();

CREATE POLICY tasks_read ON public.tasks
    FOR SELECT
    TO authenticated
    USING (is_project_member(project_id));

CREATE POLICY tasks_write ON public.tasks
    TO authenticated
    USING (is_project_member(project_id, 'editor'))
    WITH CHECK (is_project_member(project_id, 'editor'));

CREATE POLICY tasks_audit_read ON public.tasks_audit
    FOR SELECT
    TO authenticated
    USING (is_admin());

CREATE TABLE public.tests (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    snippet_id uuid NOT NULL,
    project_id uuid NOT NULL,
    name character varying(200) NOT NULL,
    framework character varying(40) NOT NULL,
    content text NOT NULL,
    status public.test_status DEFAULT 'pending' NOT NULL,
    last_run_at timestamp with time zone,
    duration_ms integer,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tests_pkey PRIMARY KEY (id),
    CONSTRAINT tests_snippet_name_key UNIQUE (snippet_id, name),
    CONSTRAINT tests_snippet_fkey FOREIGN KEY (snippet_id, project_id) REFERENCES public.code_snippets (id, project_id) ON DELETE CASCADE,
    CONSTRAINT tests_duration_ms_check CHECK (duration_ms >= 0),
    CONSTRAINT tests_run_before_result CHECK (status = 'pending' or last_run_at is not null)
);
ALTER TABLE public.tests ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.tests IS 'A test of a snippet, with the result of its latest run';
COMMENT ON COLUMN public.tests.snippet_id IS 'Which snippet it covers';
COMMENT ON COLUMN public.tests.project_id IS 'The project of the snippet';
COMMENT ON COLUMN public.tests.name IS 'What it shows, unique for each snippet';
COMMENT ON COLUMN public.tests.framework IS 'What runs it';
COMMENT ON COLUMN public.tests.content IS 'The text itself';
COMMENT ON COLUMN public.tests.status IS 'How its latest run ended';
COMMENT ON COLUMN public.tests.last_run_at IS 'When it last ran';
COMMENT ON COLUMN public.tests.duration_ms IS 'How long the latest run took, in milliseconds';
COMMENT ON COLUMN public.tests.created_at IS 'When it was created';
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.tests TO authenticated;
GRANT ALL ON TABLE public.tests TO service_role;

CREATE INDEX tests_project_id_last_run_at_idx ON public.tests (project_id, last_run_at DESC) WHERE status = 'failed';

CREATE INDEX tests_snippet_id_project_id_idx ON public.tests (snippet_id, project_id);

CREATE POLICY tests_read ON public.tests
    FOR SELECT
    TO authenticated
    USING (is_project_member(project_id));

CREATE POLICY tests_write ON public.tests
    TO authenticated
    USING (is_project_member(project_id, 'editor'))
    WITH CHECK (is_project_member(project_id, 'editor'));

CREATE INDEX users_role_idx ON public.users (role) WHERE role = 'admin';

CREATE TRIGGER users_set_updated_at
    BEFORE UPDATE ON public.users
    FOR EACH ROW
    EXECUTE FUNCTION public.set_updated_at();

CREATE POLICY users_read_own ON public.users
    FOR SELECT
    TO authenticated
    USING (id = auth.uid() or is_admin());
COMMENT ON POLICY users_read_own ON public.users IS 'People see themselves; administrators see everyone';

CREATE POLICY users_update_own ON public.users
    FOR UPDATE
    TO authenticated
    USING (id = auth.uid())
    WITH CHECK (id = auth.uid());

CREATE VIEW public.project_overview WITH (security_invoker = true) AS
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
COMMENT ON VIEW public.project_overview IS 'Projects in use with the state of their tasks; shows what the caller may see';
GRANT SELECT ON TABLE public.project_overview TO authenticated;

CREATE MATERIALIZED VIEW public.daily_generation_costs AS
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
COMMENT ON MATERIALIZED VIEW public.daily_generation_costs IS 'What models cost each day; refreshed at night';
GRANT SELECT ON TABLE public.daily_generation_costs TO service_role;

CREATE UNIQUE INDEX daily_generation_costs_key ON public.daily_generation_costs (day, provider, model);
