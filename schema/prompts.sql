-- What models were asked for, and what they answered.

CREATE TYPE prompt_kind AS ENUM ('writing', 'coding', 'review', 'testing', 'planning');
COMMENT ON TYPE prompt_kind IS 'What a prompt is for';

CREATE TYPE generation_status AS ENUM ('pending', 'processing', 'completed', 'failed');
COMMENT ON TYPE generation_status IS 'Life of a request to a model';

-- schemagen:group generation
CREATE TABLE ai_models (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name            varchar(80) NOT NULL UNIQUE,
    provider        varchar(80) NOT NULL,
    context_tokens  integer NOT NULL CHECK (context_tokens > 0),
    is_enabled      boolean NOT NULL DEFAULT true
);

COMMENT ON TABLE ai_models IS 'Models that can be asked';
COMMENT ON COLUMN ai_models.name IS 'Name at the provider';
COMMENT ON COLUMN ai_models.provider IS 'Who runs it';
COMMENT ON COLUMN ai_models.context_tokens IS 'The most tokens it takes in one request';
COMMENT ON COLUMN ai_models.is_enabled IS 'Whether it is offered for new requests';

-- schemagen:group generation
CREATE TABLE prompts (
    id                  uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id             uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    project_id          uuid REFERENCES projects (id) ON DELETE SET NULL,
    topic               varchar(200) NOT NULL,
    kind                prompt_kind NOT NULL,
    tone                varchar(40) NOT NULL DEFAULT 'neutral',
    additional_context  text,
    prompt_text         text NOT NULL,
    tags                text[] NOT NULL DEFAULT '{}',
    created_at          timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE prompts IS 'A question or instruction for a model, as a person wrote it';
COMMENT ON COLUMN prompts.user_id IS 'Who wrote it';
COMMENT ON COLUMN prompts.project_id IS 'The project it belongs to; null for private prompts';
COMMENT ON COLUMN prompts.topic IS 'What it is about, in one line';
COMMENT ON COLUMN prompts.kind IS 'What it is for';
COMMENT ON COLUMN prompts.tone IS 'How the answer should sound';
COMMENT ON COLUMN prompts.additional_context IS 'What the model should know besides';
COMMENT ON COLUMN prompts.prompt_text IS 'The text that is sent';
COMMENT ON COLUMN prompts.tags IS 'Words to find it by';
COMMENT ON COLUMN prompts.created_at IS 'When it was written';

-- A person's prompts, latest first.
CREATE INDEX prompts_user_id_created_at_idx ON prompts (user_id, created_at DESC);
CREATE INDEX prompts_project_id_idx ON prompts (project_id) WHERE project_id IS NOT NULL;
-- Search by tag.
CREATE INDEX prompts_tags_idx ON prompts USING gin (tags);

-- schemagen:group generation
CREATE TABLE generations (
    id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    prompt_id      uuid NOT NULL REFERENCES prompts (id) ON DELETE CASCADE,
    model_id       bigint NOT NULL REFERENCES ai_models (id) ON DELETE RESTRICT,
    snippet_id     uuid REFERENCES code_snippets (id) ON DELETE SET NULL,
    status         generation_status NOT NULL DEFAULT 'pending',
    response       jsonb,
    error_message  text,
    input_tokens   integer CHECK (input_tokens >= 0),
    output_tokens  integer CHECK (output_tokens >= 0),
    cost           numeric(12, 6) CHECK (cost >= 0),
    created_at     timestamptz NOT NULL DEFAULT now(),
    completed_at   timestamptz,
    CONSTRAINT generations_finished_when_completed
        CHECK ((status IN ('completed', 'failed')) = (completed_at IS NOT NULL)),
    CONSTRAINT generations_failed_with_reason
        CHECK (status <> 'failed' OR error_message IS NOT NULL),
    CONSTRAINT generations_response_shape
        CHECK (jsonb_typeof(response) = 'object')
);

COMMENT ON TABLE generations IS 'One answer of one model to a prompt';
COMMENT ON COLUMN generations.prompt_id IS 'What was asked';
COMMENT ON COLUMN generations.model_id IS 'Who was asked';
COMMENT ON COLUMN generations.snippet_id IS 'The snippet that came of it, where it was kept';
COMMENT ON COLUMN generations.status IS 'How far it is';
COMMENT ON COLUMN generations.response IS 'The answer as the provider sent it';
COMMENT ON COLUMN generations.error_message IS 'Why it failed';
COMMENT ON COLUMN generations.input_tokens IS 'Tokens of the request';
COMMENT ON COLUMN generations.output_tokens IS 'Tokens of the answer';
COMMENT ON COLUMN generations.cost IS 'What it cost, in US dollars';
COMMENT ON COLUMN generations.created_at IS 'When it was asked';
COMMENT ON COLUMN generations.completed_at IS 'When the answer, or the failure, came';

CREATE INDEX generations_prompt_id_idx ON generations (prompt_id);
CREATE INDEX generations_model_id_idx ON generations (model_id);
CREATE INDEX generations_snippet_id_idx ON generations (snippet_id) WHERE snippet_id IS NOT NULL;
-- What the workers take next.
CREATE INDEX generations_open_idx ON generations (created_at) WHERE status IN ('pending', 'processing');

ALTER TABLE ai_models ENABLE ROW LEVEL SECURITY;
ALTER TABLE prompts ENABLE ROW LEVEL SECURITY;
ALTER TABLE generations ENABLE ROW LEVEL SECURITY;

CREATE POLICY ai_models_read ON ai_models FOR SELECT TO authenticated USING (is_enabled);
CREATE POLICY prompts_read ON prompts FOR SELECT TO authenticated
    USING (user_id = auth.uid() OR is_project_member(project_id));
CREATE POLICY prompts_write_own ON prompts TO authenticated
    USING (user_id = auth.uid()) WITH CHECK (user_id = auth.uid());
CREATE POLICY generations_read ON generations FOR SELECT TO authenticated
    USING (EXISTS (SELECT FROM prompts p WHERE p.id = prompt_id));

GRANT SELECT ON ai_models, generations TO authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON prompts TO authenticated;
GRANT ALL ON ai_models, prompts, generations TO service_role;
