//! The texts of a catalog under new names of relations and columns, as the server would print them.

use super::analysis::{Context, Edits, Names, Unread, World};
use super::bodies::{commands_key, parts_of_body, parts_of_commands, parts_of_trigger};
use super::normal::{expression, query};
use super::places::{Place, Role, Target, Values, each_expression, of_tables, others};
use crate::dialect::Dialect;
use crate::model::{Catalog, Ident, ObjectId, Table, View};

/// What becomes of a text.
#[derive(Default)]
struct Respelled {
    text: Option<String>,
    /// The names of a view's columns, where its query no longer makes them.
    columns: Option<Vec<Ident>>,
}

/// Writes what reads renamed relations and columns under their new names, before they are renamed
/// themselves. Returns the objects whose texts cannot follow: a join by USING, a list of columns that
/// a command fills.
pub fn respell(catalog: &mut Catalog, names: Names<'_>, dialect: Dialect) -> Vec<ObjectId> {
    let (mut all, mut left) = (Vec::new(), Vec::new());
    {
        let concerns = |text: &str| (names.concerns)(&text.to_lowercase());
        let (world, values) = (World::renaming(catalog, names), Values::default());
        let tables: Vec<&Table> = catalog.tables.values().collect();
        let mut visit =
            |place: &Place<'_, '_>, id: &dyn Fn() -> ObjectId, role: &Role<'_>, text: &str| {
                let spelled = match concerns(text) {
                    true => respelled(&world, &names, place, role, text),
                    false => None,
                };
                let (found, is_left) = spelled.unwrap_or_default();
                if is_left {
                    left.push(id());
                }
                all.push(found);
            };
        of_tables(&world, &values, &tables, &mut visit);
        others(&world, &values, &mut visit);
    }
    let mut all = all.into_iter();
    each_expression(catalog, |target| {
        let Some(found) = all.next() else {
            return;
        };
        match (target, found.text) {
            (Target::Expression(old), Some(text)) => *old = expression(&text, dialect),
            (Target::View(view), text) => {
                if let Some(text) = text {
                    view.query = query(&text, dialect);
                }
                if let Some(columns) = found.columns {
                    view.columns = columns;
                }
            }
            (Target::Expression(_), None) => {}
        }
    });
    left
}

/// `None` where nothing changes, or where the text is not understood.
fn respelled(
    world: &World<'_>,
    names: &Names<'_>,
    place: &Place<'_, '_>,
    role: &Role<'_>,
    text: &str,
) -> Option<(Respelled, bool)> {
    let parts = match role {
        Role::Query(view) => return respelled_view(world, names, view),
        Role::Commands => parts_of_commands(text),
        Role::TriggerBody => parts_of_trigger(text),
        Role::Body(_) => parts_of_body(text),
        _ => Some(vec![text]),
    };
    let parts = parts.unwrap_or_else(|| vec![text]);
    let (mut out, mut copied, mut left) = (String::new(), 0, false);
    for part in parts {
        world.take_edits();
        let known = match role {
            Role::Body(routine) => {
                let context = Context::arguments(world, routine);
                let command = || commands_key(&context, part);
                context.expression(part).or_else(command).is_some()
            }
            _ => place.key(role, part).is_some(),
        };
        let edits = world.take_edits();
        let (new, is_left) = match known {
            true if edits.is_empty() => continue,
            true => edits.apply(part)?,
            false => match (names.unread)(part) {
                Unread::Same => continue,
                Unread::New(new) => (new, false),
                Unread::Left => return Some((Respelled::default(), true)),
            },
        };
        left |= is_left;
        let start = part.as_ptr() as usize - text.as_ptr() as usize;
        out.push_str(&text[copied..start]);
        out.push_str(&new);
        copied = start + part.len();
    }
    if copied == 0 {
        return None;
    }
    out.push_str(&text[copied..]);
    let text = (!left).then_some(out);
    Some((
        Respelled {
            text,
            columns: None,
        },
        left,
    ))
}

fn respelled_view(world: &World<'_>, names: &Names<'_>, view: &View) -> Option<(Respelled, bool)> {
    let text = view.query.text();
    world.take_edits();
    let made = Context::empty(world).names_of_query(text);
    let edits = world.take_edits();
    let Some(made) = made else {
        // What an expression can be written as, a query cannot: it may read others' columns.
        let left = !matches!((names.unread)(text), Unread::Same);
        return left.then(|| (Respelled::default(), true));
    };
    if edits.is_empty() {
        return None;
    }
    let (new, left) = edits.apply(text)?;
    if left || view.recursive {
        return Some((Respelled::default(), true));
    }
    Some((
        Respelled {
            text: Some(new),
            columns: columns_kept(view, &edits, made).filter(|_| names.keeps_names),
        },
        false,
    ))
}

/// The names of a view's columns, where `*` would now bring others.
fn columns_kept(view: &View, edits: &Edits, made: Vec<String>) -> Option<Vec<Ident>> {
    let by_star = |name: &String| edits.unnamed.iter().any(|n| n.as_str() == name);
    if !made.iter().skip(view.columns.len()).any(by_star) {
        return None;
    }
    let rest = made.into_iter().skip(view.columns.len()).map(Ident::from);
    Some(view.columns.iter().cloned().chain(rest).collect())
}
