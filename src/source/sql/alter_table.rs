//! ALTER TABLE, and the actions that views, indexes and foreign tables share with it.

use super::alter_column::alter_column;
use super::column::column_definition;
use super::constraint::{
    constraint_attributes, deferral, index_parameters, is_table_constraint, not_enforced,
    table_constraint,
};
use super::cursor::{Cursor, Parsed};
use super::partition::partition_bound;
use super::table::storage_parameters;
use crate::model::{Constraint, ConstraintKind, Deferral, Ident, ReplicaIdentity, TriggerEnabled};
use crate::source::{AlterAction, ColumnAction};

/// The actions of ALTER TABLE, comma separated.
pub(super) fn table_actions(c: &mut Cursor<'_>) -> Parsed<Vec<AlterAction>> {
    c.comma_separated(action)
}

fn action(c: &mut Cursor<'_>) -> Parsed<AlterAction> {
    if let Some(found) = shared_action(c)? {
        return Ok(found);
    }
    if c.accept("add") {
        return add(c);
    }
    if c.accept("drop") {
        return drop_action(c);
    }
    if c.accept("alter constraint") {
        let name = c.ident()?;
        let found = deferral(c)?;
        let enforced = match not_enforced(c)? {
            true => Some(false),
            false => c.accept("enforced").then_some(true),
        };
        let deferral = found.or(enforced.is_none().then_some(Deferral::NotDeferrable));
        return Ok(AlterAction::AlterConstraint {
            name,
            deferral,
            enforced,
        });
    }
    if c.accept("alter") {
        c.accept("column");
        return alter_column(c);
    }
    if c.accept("validate constraint") {
        return Ok(AlterAction::ValidateConstraint(c.ident()?));
    }
    if c.accept("rename") {
        return rename(c);
    }
    if let Some(found) = partition_action(c)? {
        return Ok(found);
    }
    if let Some(found) = trigger_or_rule(c)? {
        return Ok(found);
    }
    if let Some(found) = security_action(c)? {
        return Ok(found);
    }
    Err(c.expected("an action of ALTER TABLE"))
}

/// Actions that every kind of relation has; `None` where another is next.
pub(super) fn shared_action(c: &mut Cursor<'_>) -> Parsed<Option<AlterAction>> {
    Ok(Some(if c.accept("owner to") {
        AlterAction::Owner(c.ident()?)
    } else if c.accept("set schema") {
        AlterAction::SetSchema(c.ident()?)
    } else if c.accept("set tablespace") {
        let name = c.ident()?;
        c.accept("nowait");
        AlterAction::SetTablespace(name)
    } else if c.accept("set logged") {
        AlterAction::SetLogged(true)
    } else if c.accept("set unlogged") {
        AlterAction::SetLogged(false)
    } else if c.accept("set access method") {
        AlterAction::SetAccessMethod(c.ident()?)
    } else if c.accept("set without cluster") {
        AlterAction::ClusterOn(None)
    } else if c.accept("set without oids") {
        AlterAction::Nothing
    } else if c.is("set") && c.is_at(1, "(") {
        c.advance();
        AlterAction::SetStorage(storage_parameters(c)?.into_iter().collect())
    } else if c.is("reset") && c.is_at(1, "(") {
        c.advance();
        AlterAction::ResetStorage(c.list(dotted_text)?)
    } else if c.accept("cluster on") {
        AlterAction::ClusterOn(Some(c.ident()?))
    } else if c.accept("options") {
        AlterAction::Options(option_changes(c)?)
    } else {
        return Ok(None);
    }))
}

pub(super) fn dotted_text(c: &mut Cursor<'_>) -> Parsed<Box<str>> {
    let parts = c.dotted()?;
    let parts: Vec<&str> = parts.iter().map(Ident::as_str).collect();
    Ok(parts.join(".").into())
}

/// The verb, the name and the value of one change.
type OptionChange = (Box<str>, Box<str>, Box<str>);

/// `(ADD name 'value', SET name 'value', DROP name)`
pub(super) fn option_changes(c: &mut Cursor<'_>) -> Parsed<Vec<OptionChange>> {
    c.list(|c| {
        let verb = c.accept_any(&["add", "set", "drop"]).unwrap_or("add");
        let name = c.ident()?;
        let value = if verb == "drop" {
            String::new()
        } else {
            c.string()?
        };
        Ok((verb.into(), name.as_str().into(), value.into()))
    })
}

fn add(c: &mut Cursor<'_>) -> Parsed<AlterAction> {
    if is_table_constraint(c) {
        return add_constraint(c);
    }
    c.accept("column");
    let if_not_exists = c.accept("if not exists");
    let (column, constraints) = column_definition(c)?;
    Ok(AlterAction::AddColumn {
        column: Box::new(column),
        constraints,
        if_not_exists,
    })
}

fn add_constraint(c: &mut Cursor<'_>) -> Parsed<AlterAction> {
    let mut probe = c.clone();
    let name = if probe.accept("constraint") {
        probe.ident()?
    } else {
        Ident::default()
    };
    let primary = probe.accept("primary key");
    if (primary || probe.accept("unique")) && probe.accept("using index") {
        let index = probe.ident()?;
        *c = probe;
        let kind = if primary {
            ConstraintKind::PrimaryKey {
                columns: Vec::new(),
                include: Vec::new(),
                storage: index_parameters(c)?.storage,
                tablespace: None,
                without_overlaps: false,
            }
        } else {
            ConstraintKind::Unique {
                columns: Vec::new(),
                include: Vec::new(),
                nulls_not_distinct: false,
                storage: index_parameters(c)?.storage,
                tablespace: None,
                without_overlaps: false,
            }
        };
        let mut constraint = Constraint::new(name, kind);
        constraint_attributes(c, &mut constraint)?;
        return Ok(AlterAction::AddConstraintUsingIndex {
            constraint: Box::new(constraint),
            index,
        });
    }
    // PostgreSQL 18 has table-level NOT NULL.
    let mut probe = c.clone();
    if probe.accept("constraint") {
        probe.ident()?;
    }
    if probe.accept("not null") {
        let name = probe.ident()?;
        let later = probe.accept("not valid");
        *c = probe;
        return Ok(AlterAction::Column {
            name,
            action: match later {
                true => ColumnAction::NotNullNotValid,
                false => ColumnAction::NotNull(true),
            },
        });
    }
    Ok(AlterAction::AddConstraint(Box::new(table_constraint(c)?)))
}

fn drop_action(c: &mut Cursor<'_>) -> Parsed<AlterAction> {
    let constraint = c.accept("constraint");
    if !constraint {
        c.accept("column");
    }
    let if_exists = c.accept("if exists");
    let name = c.ident()?;
    let cascade = c.accept("cascade");
    c.accept("restrict");
    Ok(if constraint {
        AlterAction::DropConstraint {
            name,
            if_exists,
            cascade,
        }
    } else {
        AlterAction::DropColumn {
            name,
            if_exists,
            cascade,
        }
    })
}

/// What follows RENAME: a column, a constraint, or the relation.
pub(super) fn rename(c: &mut Cursor<'_>) -> Parsed<AlterAction> {
    if c.accept("to") {
        return Ok(AlterAction::Rename(c.ident()?));
    }
    let constraint = c.accept("constraint");
    if !constraint {
        c.accept("column");
    }
    let from = c.ident()?;
    c.expect("to")?;
    let to = c.ident()?;
    Ok(if constraint {
        AlterAction::RenameConstraint { from, to }
    } else {
        AlterAction::RenameColumn { from, to }
    })
}

fn partition_action(c: &mut Cursor<'_>) -> Parsed<Option<AlterAction>> {
    Ok(Some(if c.accept("attach partition") {
        let partition = c.name()?;
        let bound = if c.at_end() {
            None
        } else {
            Some(partition_bound(c)?)
        };
        AlterAction::AttachPartition { partition, bound }
    } else if c.accept("detach partition") {
        let partition = c.name()?;
        let concurrently = c.accept_any(&["concurrently", "finalize"]).is_some();
        AlterAction::DetachPartition {
            partition,
            concurrently,
        }
    } else if c.accept("inherit") {
        AlterAction::Inherit(c.name()?)
    } else if c.accept("no inherit") {
        AlterAction::NoInherit(c.name()?)
    } else if c.accept("of") {
        AlterAction::OfType(Some(c.name()?))
    } else if c.accept("not of") {
        AlterAction::OfType(None)
    } else {
        return Ok(None);
    }))
}

fn trigger_or_rule(c: &mut Cursor<'_>) -> Parsed<Option<AlterAction>> {
    let states = [
        ("enable replica", TriggerEnabled::Replica),
        ("enable always", TriggerEnabled::Always),
        ("enable", TriggerEnabled::Origin),
        ("disable", TriggerEnabled::Disabled),
    ];
    for (words, enabled) in states {
        let count = words.split(' ').count();
        if c.are(words) && c.is_at(count, "trigger") {
            c.accept(words);
            c.advance();
            let user = c.is("user");
            let name = if user || c.is("all") {
                c.advance();
                None
            } else {
                Some(c.ident()?)
            };
            return Ok(Some(AlterAction::Trigger {
                name,
                user,
                enabled,
            }));
        }
        if c.are(words) && c.is_at(count, "rule") {
            c.accept(words);
            c.advance();
            let name = c.ident()?;
            return Ok(Some(AlterAction::Rule { name, enabled }));
        }
    }
    Ok(None)
}

fn security_action(c: &mut Cursor<'_>) -> Parsed<Option<AlterAction>> {
    Ok(Some(if c.accept("enable row level security") {
        AlterAction::RowSecurity(true)
    } else if c.accept("disable row level security") {
        AlterAction::RowSecurity(false)
    } else if c.accept("no force row level security") {
        AlterAction::ForceRowSecurity(false)
    } else if c.accept("force row level security") {
        AlterAction::ForceRowSecurity(true)
    } else if c.accept("replica identity") {
        AlterAction::ReplicaIdentity(if c.accept("using index") {
            ReplicaIdentity::Index(c.ident()?)
        } else if c.accept("full") {
            ReplicaIdentity::Full
        } else if c.accept("nothing") {
            ReplicaIdentity::Nothing
        } else {
            c.expect("default")?;
            ReplicaIdentity::Default
        })
    } else {
        return Ok(None);
    }))
}
