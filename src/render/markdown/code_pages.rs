//! `docs/views.md` and `docs/functions.md`: what is code in the schema.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::context::{Context, Place};
use super::definition::index_keys;
use super::text::{code, fence, inline, list};
use crate::dialect::Dialect;
use crate::expr::{Reader, Reads};
use crate::model::{
    Argument, ArgumentMode, DataType, Ident, ObjectId, ObjectKind, ObjectRef, QualifiedName,
    Returns, Routine, RoutineBody, Table, View, Volatility,
};

/// A view; every string is Markdown.
#[derive(Serialize)]
pub(in crate::render) struct ViewItem {
    anchor: String,
    title: String,
    facts: String,
    description: String,
    reads: Vec<String>,
    /// Name, description and type, where it is known.
    columns: Vec<(String, String, String)>,
    /// Whether any of them has a description.
    described: bool,
    indexes: Vec<String>,
    query: String,
}

/// A function, procedure or aggregate; every string is Markdown.
#[derive(Serialize)]
pub(in crate::render) struct FunctionItem {
    anchor: String,
    title: String,
    signature: String,
    facts: String,
    description: String,
    called_by: String,
    body: String,
}

pub(in crate::render) fn views(context: &Context<'_>) -> Vec<ViewItem> {
    let mut reads: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    for (from, to) in context.report.graph.edges() {
        if matches!(from.kind, ObjectKind::View | ObjectKind::MaterializedView) {
            reads.entry(from).or_default().push(to);
        }
    }
    let reader = match context.report.dialect {
        Dialect::Postgres => Some(Reader::new(context.report.catalog)),
        Dialect::Sqlite => None,
    };
    let objects = context.report.catalog.objects();
    let items = objects.iter().filter_map(|(id, object)| match object {
        ObjectRef::View(view) if !context.report.catalog.is_external(&view.name) => {
            let known = reader.as_ref().and_then(|reader| reader.view(view));
            let reads = match known {
                Some(known) => known_reads(context, &known),
                None => read_list(context, reads.get(id).map_or(&[][..], Vec::as_slice)),
            };
            let columns = reader.as_ref().and_then(|r| r.columns(&view.name));
            let columns = columns.unwrap_or_default();
            Some(view_item(context, id, view, reads, &columns))
        }
        _ => None,
    });
    items.collect()
}

fn view_item(
    context: &Context<'_>,
    id: &ObjectId,
    view: &View,
    reads: Vec<String>,
    columns: &[(String, Option<DataType>)],
) -> ViewItem {
    let mut facts: Vec<String> = Vec::new();
    if view.materialized {
        facts.push("materialized".to_owned());
    }
    facts.extend(
        view.options
            .iter()
            .map(|(k, v)| code(&format!("{k} = {v}"))),
    );
    if let Some(check) = &view.check_option {
        facts.push(format!("{} check option", inline(check)));
    }
    let indexes = view.indexes.iter().map(|index| {
        let unique = if index.unique { ", unique" } else { "" };
        let keys = index_keys(index, context.report.dialect);
        format!("{} on {keys}{unique}", code(&index.name))
    });
    let columns = view_columns(context, view, columns);
    ViewItem {
        anchor: context.anchor_of(context.object_path(id)),
        title: inline(&context.display(&view.name)),
        facts: facts.join(" · "),
        description: context.said(view.facets.comment.as_deref(), &view.name, Place::Top),
        reads,
        described: columns.iter().any(|(_, said, _)| !said.is_empty()),
        columns,
        indexes: indexes.collect(),
        query: fence("sql", view.query.text()),
    }
}

/// The columns of a view: as its query makes them, else those that its author names.
fn view_columns(
    context: &Context<'_>,
    view: &View,
    known: &[(String, Option<DataType>)],
) -> Vec<(String, String, String)> {
    let said = |name: &str| {
        let comment = view.column_comments.get(name).map(|c| &**c);
        context.said_in_cell(comment, &view.name, Place::Top)
    };
    let of_query = known.iter().map(|(name, of)| {
        let of = of.as_ref().map(|of| context.type_link(of, Place::Top));
        (code(name), said(name), of.unwrap_or_default())
    });
    let mut columns: Vec<(String, String, String)> = of_query.collect();
    if columns.is_empty() {
        let named: Vec<&Ident> = match view.columns.as_slice() {
            [] => view.column_comments.keys().collect(),
            names => names.iter().collect(),
        };
        let named = named.into_iter();
        columns.extend(named.map(|name| (code(name), said(name), String::new())));
    }
    columns
}

/// What the query of a view reads: relations with their columns, then functions.
fn known_reads(context: &Context<'_>, reads: &Reads) -> Vec<String> {
    let mut relations: BTreeMap<&QualifiedName, Vec<String>> = BTreeMap::new();
    for name in &reads.relations {
        relations.entry(name).or_default();
    }
    for (name, column) in &reads.columns {
        relations.entry(name).or_default().push(code(column));
    }
    let of_relations = relations.into_iter().map(|(name, columns)| {
        let link = context.relation_link(name, Place::Top);
        match columns.as_slice() {
            [] => link,
            columns => format!("{link} ({})", columns.join(", ")),
        }
    });
    let routines = reads.routines.iter().map(|(name, signature)| {
        let id = ObjectId::overload(ObjectKind::Function, name.clone(), signature.clone());
        format!("function {}", context.object_link(&id, Place::Top))
    });
    of_relations.chain(routines).collect()
}

/// What a view depends on, where its query could not be taken apart.
fn read_list(context: &Context<'_>, reads: &[&ObjectId]) -> Vec<String> {
    let mut relations: BTreeSet<&QualifiedName> = BTreeSet::new();
    let mut rest = BTreeSet::new();
    for id in reads {
        match id.kind {
            ObjectKind::Schema | ObjectKind::Extension => {}
            kind if kind.is_relation() || kind == ObjectKind::Column => {
                relations.insert(&id.name);
            }
            _ => {
                rest.insert(*id);
            }
        }
    }
    let links = relations.into_iter();
    let links = links.map(|name| context.relation_link(name, Place::Top));
    let rest = rest
        .into_iter()
        .map(|id| format!("{} {}", id.kind, context.object_link(id, Place::Top)));
    links.chain(rest).collect()
}

pub(in crate::render) fn functions(context: &Context<'_>) -> Vec<FunctionItem> {
    let callers = callers(context);
    let objects = context.report.catalog.objects();
    let items = objects.iter().filter_map(|(id, object)| {
        let called_by = callers.get(&id.name).map_or(&[][..], Vec::as_slice);
        match object {
            ObjectRef::Routine(routine) => Some(routine_item(context, id, routine, called_by)),
            ObjectRef::Aggregate(aggregate) => Some(FunctionItem {
                anchor: context.anchor_of(context.object_path(id)),
                title: inline(&context.display(&aggregate.name)),
                signature: signature(context, &aggregate.name, &aggregate.arguments, None),
                facts: "aggregate".to_owned(),
                description: context.said(
                    aggregate.facets.comment.as_deref(),
                    &aggregate.name,
                    Place::Top,
                ),
                called_by: String::new(),
                body: String::new(),
            }),
            _ => None,
        }
    });
    items.collect()
}

/// The tables whose triggers call each function.
fn callers<'a>(context: &Context<'a>) -> BTreeMap<&'a QualifiedName, Vec<String>> {
    let mut callers: BTreeMap<&QualifiedName, Vec<String>> = BTreeMap::new();
    let tables = context.report.catalog.tables.values();
    for (table, trigger) in tables.flat_map(|t: &Table| t.triggers.iter().map(move |g| (t, g))) {
        let link = context.table_link(&table.name, Place::Top);
        let links = callers.entry(&trigger.function).or_default();
        if links.last() != Some(&link) {
            links.push(link);
        }
    }
    callers
}

fn routine_item(
    context: &Context<'_>,
    id: &ObjectId,
    routine: &Routine,
    called_by: &[String],
) -> FunctionItem {
    let mut facts = vec![format!("{} in {}", id.kind, inline(&routine.language))];
    match routine.volatility {
        Volatility::Volatile => {}
        Volatility::Stable => facts.push("stable".to_owned()),
        Volatility::Immutable => facts.push("immutable".to_owned()),
    }
    if routine.strict {
        facts.push("null for null".to_owned());
    }
    if routine.security_definer {
        facts.push("**runs with its owner's rights**".to_owned());
    }
    facts.extend(
        routine
            .settings
            .iter()
            .map(|(k, v)| code(&format!("{k} = {v}"))),
    );
    let language = match routine.language.as_str() {
        "sql" | "plpgsql" => "sql",
        language if language.starts_with("plpython") => "python",
        language if language.starts_with("plperl") => "perl",
        "plv8" => "javascript",
        _ => "",
    };
    let body = match &routine.body {
        RoutineBody::Source(text) => fence(language, &dedent(text)),
        RoutineBody::Object { file, symbol } => fence("", &format!("{file}, {symbol}")),
        RoutineBody::Standard(body) => fence("sql", body.text()),
    };
    FunctionItem {
        anchor: context.anchor_of(context.object_path(id)),
        title: inline(&context.display(&routine.name)),
        signature: signature(
            context,
            &routine.name,
            &routine.arguments,
            routine.returns.as_ref(),
        ),
        facts: facts.join(" · "),
        description: context.said(routine.facets.comment.as_deref(), &routine.name, Place::Top),
        called_by: list(called_by),
        body,
    }
}

/// `add(a integer, b integer default 0) returns integer`, as code.
fn signature(
    context: &Context<'_>,
    name: &QualifiedName,
    arguments: &[Argument],
    returns: Option<&Returns>,
) -> String {
    let dialect = context.report.dialect;
    let argument = |a: &Argument| {
        let mode = match a.mode {
            ArgumentMode::In | ArgumentMode::Table => "",
            ArgumentMode::Out => "out ",
            ArgumentMode::InOut => "inout ",
            ArgumentMode::Variadic => "variadic ",
        };
        let name = a
            .name
            .as_ref()
            .map_or_else(String::new, |n| format!("{n} "));
        let default = a
            .default
            .as_ref()
            .map_or_else(String::new, |d| format!(" default {}", d.text()));
        format!("{mode}{name}{}{default}", dialect.short_type(&a.data_type))
    };
    let (columns, inputs): (Vec<&Argument>, Vec<&Argument>) = arguments
        .iter()
        .partition(|a| a.mode == ArgumentMode::Table);
    let inputs: Vec<String> = inputs.into_iter().map(argument).collect();
    let returns = match returns {
        None => String::new(),
        Some(Returns::Type(t)) => format!(" returns {}", dialect.short_type(t)),
        Some(Returns::SetOf(t)) => format!(" returns setof {}", dialect.short_type(t)),
        Some(Returns::Table) => {
            let columns: Vec<String> = columns.into_iter().map(argument).collect();
            format!(" returns table ({})", columns.join(", "))
        }
    };
    code(&format!(
        "{}({}){returns}",
        context.display(name),
        inputs.join(", ")
    ))
}

/// A body without the indentation that all of its lines share.
fn dedent(text: &str) -> String {
    let filled = || text.lines().skip(1).filter(|line| !line.trim().is_empty());
    let indent = filled()
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    let first = text.lines().next().unwrap_or("");
    let rest = text.lines().skip(1);
    let rest = rest.map(|line| line.get(indent..).unwrap_or("").trim_end());
    let lines: Vec<&str> = std::iter::once(first.trim_end()).chain(rest).collect();
    lines.join("\n")
}
