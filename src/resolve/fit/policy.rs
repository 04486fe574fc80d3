//! Policies and rules whose clauses do not go with their command.
//!
//! Source: `CreatePolicy` and `AlterPolicy` in src/backend/commands/policy.c, `transformRuleStmt` in
//! src/backend/parser/parse_utilcmd.c.

use super::text::Place;
use crate::diagnostic::Diagnostic;
use crate::expr::Reader;
use crate::model::{Expr, ObjectKind, Policy, PolicyCommand, QualifiedName, Rule};
use crate::resolve::fold::Fold;
use crate::source::{AlterAction, Target};

const POLICY: Place = Place {
    what: "a policy",
    asks: true,
};

impl Fold {
    pub(super) fn unfit_policy(
        &self,
        table: &QualifiedName,
        policy: &Policy,
    ) -> Option<Diagnostic> {
        let clauses = (policy.using.is_some(), policy.with_check.is_some());
        self.unfit_clauses(policy.command, clauses).or_else(|| {
            let mut texts = policy.using.iter().chain(&policy.with_check);
            texts.find_map(|text| self.unfit_policy_text(table, text))
        })
    }

    pub(super) fn unfit_policy_change(
        &self,
        target: &Target,
        action: &AlterAction,
    ) -> Option<Diagnostic> {
        let AlterAction::Policy {
            using, with_check, ..
        } = action
        else {
            return None;
        };
        let table = self.catalog.tables.get(&self.relation_name(&target.name))?;
        let mut policies = table.policies.iter();
        let policy = policies.find(|p| Some(&p.name) == target.member.as_ref())?;
        let clauses = (using.is_some(), with_check.is_some());
        self.unfit_clauses(policy.command, clauses).or_else(|| {
            let mut texts = using.iter().chain(with_check);
            texts.find_map(|text| self.unfit_policy_text(&table.name, text))
        })
    }

    fn unfit_clauses(
        &self,
        command: PolicyCommand,
        (using, with_check): (bool, bool),
    ) -> Option<Diagnostic> {
        let word = command.as_sql();
        match command {
            PolicyCommand::Select | PolicyCommand::Delete if with_check => self.cannot(
                format!("a policy for {word} has no new rows that WITH CHECK could look at"),
                "write USING",
            ),
            PolicyCommand::Insert if using => self.cannot(
                format!("a policy for {word} has no old rows that USING could look at"),
                "write WITH CHECK",
            ),
            _ => None,
        }
    }

    fn unfit_policy_text(&self, table: &QualifiedName, text: &Expr) -> Option<Diagnostic> {
        let (table, _) = self.relation_kind(table)?;
        let text = self.qualify(text);
        self.unfit_condition(&text, POLICY, |r, t| r.type_of_columns(&table, t))
    }

    pub(super) fn unfit_rule(&self, relation: &QualifiedName, rule: &Rule) -> Option<Diagnostic> {
        let (name, kind) = self.relation_kind(relation)?;
        match kind {
            ObjectKind::MaterializedView | ObjectKind::Sequence | ObjectKind::Index => {
                return self.cannot(
                    format!("`{name}`, a {kind}, cannot have rules"),
                    "put the rule on a table or a view",
                );
            }
            ObjectKind::Table if &*rule.event == "SELECT" => {
                return self.cannot(
                    format!("a rule for SELECT would make a view of table `{name}`"),
                    "create a view",
                );
            }
            _ => {}
        }
        let row = match &*rule.event {
            "INSERT" => "old",
            "DELETE" => "new",
            _ => "",
        };
        let condition = rule.condition.as_ref()?;
        if !row.is_empty() && super::trigger::reads_row(condition.text(), row) {
            return self.cannot(
                format!(
                    "a rule for {} has no {} row",
                    rule.event,
                    row.to_uppercase()
                ),
                "name the row that the command has",
            );
        }
        let condition = self.qualify(condition);
        let place = Place {
            what: "the condition of a rule",
            asks: true,
        };
        self.unfit_condition(&condition, place, |r: &Reader<'_>, t| {
            r.type_of_rows(&name, t)
        })
    }
}
