//! # security/rls-disabled
//!
//! A table in a schema that clients reach directly has no row-level security.
//!
//! ## Why
//!
//! Where an API (PostgREST, Supabase) hands every table of a schema to its clients, the rows are
//! protected by row-level security or by nothing: whoever has the public key of the API reads and
//! writes the whole table.
//!
//! The option `exposed_schemas` names the schemas that clients reach; it is empty, and the rule
//! silent, unless configured. The `supabase` preset names `public`. Foreign tables are left out,
//! because they cannot have row-level security.
//!
//! ## Fix
//!
//! `ALTER TABLE ... ENABLE ROW LEVEL SECURITY` and a policy for each kind of access, or move the
//! table to a schema that is not exposed.
//!
//! ```sql bad {set.exposed_schemas=public}
//! CREATE TABLE notes (id bigint PRIMARY KEY);
//! ```
//!
//! ```sql bad {preset=supabase}
//! CREATE TABLE notes (id bigint PRIMARY KEY);
//! ```
//!
//! ```sql good {set.exposed_schemas=public}
//! CREATE SCHEMA private;
//! CREATE TABLE private.notes (id bigint PRIMARY KEY);
//! CREATE TABLE notes (id bigint PRIMARY KEY);
//! ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
//! ```
//!
//! ```sql good
//! CREATE TABLE notes (id bigint PRIMARY KEY);
//! ```

use crate::check::{Context, DefaultValue, Level, OptionInfo, Rule, RuleInfo};
use crate::diagnostic::{Diagnostic, Facet};
use crate::model::ObjectId;

static INFO: RuleInfo = RuleInfo {
    id: "security/rls-disabled",
    level: Level::Warning,
    docs: include_str!("rls_disabled.rs"),
    options: &[OptionInfo {
        name: "exposed_schemas",
        default: DefaultValue::List(&[]),
        docs: "The schemas whose tables clients reach directly.",
    }],
};

pub(in crate::check) struct RlsDisabled;

impl Rule for RlsDisabled {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        let exposed = cx.list("exposed_schemas");
        for table in cx.tables() {
            let schema = table.name.schema_str();
            // Where there are policies, `security/policy-without-rls` says it better.
            let elsewhere = table.foreign.is_some() || !table.policies.is_empty();
            if table.row_security || elsewhere || !exposed.iter().any(|s| s == schema) {
                continue;
            }
            let id = ObjectId::table(&table.name);
            let headline = format!("{id} is exposed without row-level security");
            let name = cx.dialect.quote_name(&table.name);
            let finding = cx
                .finding_at(id, Facet::Name, headline, "open to every client")
                .note(format!("clients reach the schema {schema} directly"))
                .help(format!(
                    "ALTER TABLE {name} ENABLE ROW LEVEL SECURITY; and add policies"
                ));
            out.push(finding);
        }
    }
}
