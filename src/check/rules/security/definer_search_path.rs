//! # security/definer-search-path
//!
//! A SECURITY DEFINER function does not set its own `search_path`.
//!
//! ## Why
//!
//! The function runs with the privileges of its owner, but finds unqualified names along the path
//! of its caller. A caller who can create objects anywhere on that path (a temporary table is
//! enough) makes the function use them, with its owner's privileges.
//!
//! A function with a standard body (`BEGIN ATOMIC`, `RETURN`) is left out: its names are looked up
//! when it is created. So is one in C.
//!
//! ## Fix
//!
//! Add `SET search_path = ''` and qualify every name in the body.
//!
//! ```sql bad
//! CREATE FUNCTION next_id() RETURNS bigint LANGUAGE sql SECURITY DEFINER
//! AS $$ SELECT 1::bigint $$;
//! ```
//!
//! ```sql good
//! CREATE FUNCTION next_id() RETURNS bigint LANGUAGE sql SECURITY DEFINER
//! SET search_path = ''
//! AS $$ SELECT 1::bigint $$;
//! ```

use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;
use crate::model::{ObjectRef, RoutineBody, RoutineKind};

static INFO: RuleInfo = RuleInfo {
    id: "security/definer-search-path",
    level: Level::Error,
    docs: include_str!("definer_search_path.rs"),
    options: &[],
};

pub(in crate::check) struct DefinerSearchPath;

impl Rule for DefinerSearchPath {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for (id, object) in cx.catalog.objects() {
            let ObjectRef::Routine(routine) = object else {
                continue;
            };
            let looks_up_names = matches!(routine.body, RoutineBody::Source(_));
            let sets_path = routine.settings.contains_key("search_path");
            let is_safe = !routine.security_definer || sets_path || !looks_up_names;
            if is_safe || cx.catalog.is_external(&routine.name) {
                continue;
            }
            let kind = match routine.kind {
                RoutineKind::Function => "FUNCTION",
                RoutineKind::Procedure => "PROCEDURE",
            };
            let name = cx.dialect.quote_name(&routine.name);
            let signature = routine.signature();
            let headline = format!("SECURITY DEFINER {id} runs with the search_path of its caller");
            let finding = cx
                .finding(id, headline)
                .note("a caller can put objects of his own before those that it means to use")
                .help(format!(
                    "ALTER {kind} {name}({signature}) SET search_path = ''; and qualify its names"
                ));
            out.push(finding);
        }
    }
}
