//! CREATE POLICY.

use super::fragments::{join, parenthesised};
use super::subject::role;
use crate::dialect::Dialect;
use crate::model::{Policy, PolicyCommand, QualifiedName};

/// `CREATE POLICY` on `table`.
pub(super) fn create(table: &QualifiedName, policy: &Policy, dialect: Dialect) -> String {
    let name = dialect.quote(&policy.name);
    let mut text = format!("CREATE POLICY {name} ON {}", dialect.quote_name(table));
    if policy.restrictive {
        text.push_str("\n    AS RESTRICTIVE");
    }
    if policy.command != PolicyCommand::All {
        text.push_str(&format!("\n    FOR {}", policy.command.as_sql()));
    }
    if !policy.roles.is_empty() {
        let roles = policy.roles.iter().map(|r| match r.as_str() {
            "public" => "PUBLIC".to_owned(),
            _ => role(r, dialect),
        });
        text.push_str(&format!("\n    TO {}", join(roles)));
    }
    if let Some(using) = &policy.using {
        text.push_str(&format!("\n    USING {}", parenthesised(using)));
    }
    if let Some(check) = &policy.with_check {
        text.push_str(&format!("\n    WITH CHECK {}", parenthesised(check)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Expr;

    #[test]
    fn clauses_print_only_what_is_not_the_default() {
        let table = QualifiedName::new("public", "tasks");
        let mut policy = Policy {
            name: "own".into(),
            using: Some(Expr::new("user_id = current_user_id()", "")),
            ..Policy::default()
        };
        assert_eq!(
            create(&table, &policy, Dialect::Postgres),
            "CREATE POLICY own ON public.tasks\n    USING (user_id = current_user_id())"
        );
        policy.restrictive = true;
        policy.command = PolicyCommand::Update;
        policy.roles = vec!["app".into(), "current_user".into()];
        policy.with_check = Some(Expr::new("true", ""));
        assert_eq!(
            create(&table, &policy, Dialect::Postgres),
            "CREATE POLICY own ON public.tasks\n    AS RESTRICTIVE\n    FOR UPDATE\n    \
             TO app, CURRENT_USER\n    USING (user_id = current_user_id())\n    WITH CHECK (true)"
        );
    }
}
