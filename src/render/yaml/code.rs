//! Routines and views.

use super::names::Names;
use super::said;
use super::value::{Map, Value, texts};
use crate::ddl;
use crate::model::{
    Argument, ArgumentMode, Expr, ObjectId, ObjectKind, Parallel, Returns, Routine, RoutineBody,
    RoutineKind, View, Volatility,
};

impl Names<'_> {
    /// The key of a routine: its name, with its arguments where the name is overloaded.
    pub(super) fn routine_key(&self, routine: &Routine, overloaded: bool) -> String {
        let name = self.key(&routine.name);
        if overloaded {
            format!("{name}({})", self.inputs(routine).join(", "))
        } else {
            name
        }
    }

    fn inputs(&self, routine: &Routine) -> Vec<String> {
        let inputs = routine.arguments.iter();
        let inputs = inputs.filter(|a| a.mode != ArgumentMode::Table);
        inputs.map(|a| self.argument(a)).collect()
    }

    fn argument(&self, argument: &Argument) -> String {
        let mut text = String::from(match argument.mode {
            ArgumentMode::In | ArgumentMode::Table => "",
            ArgumentMode::Out => "out ",
            ArgumentMode::InOut => "inout ",
            ArgumentMode::Variadic => "variadic ",
        });
        if let Some(name) = &argument.name {
            text.push_str(&format!("{} ", self.dialect.quote(name)));
        }
        text.push_str(&self.data_type(&argument.data_type));
        if let Some(default) = &argument.default {
            let default = ddl::default_expression(default, self.dialect);
            text.push_str(&format!(" default {default}"));
        }
        text
    }

    pub(super) fn routine_value(&self, routine: &Routine, overloaded: bool) -> Value {
        let mut map = Map::block();
        let kind = match routine.kind {
            RoutineKind::Function => ObjectKind::Function,
            RoutineKind::Procedure => ObjectKind::Procedure,
        };
        said::facets(&mut map, &routine.facets);
        let id = ObjectId::overload(kind, routine.name.clone(), routine.signature());
        self.notes(&mut map, &id);
        let inputs = self.inputs(routine);
        match inputs.as_slice() {
            [] => {}
            _ if overloaded => {}
            [only] => map.put("arguments", only.as_str()),
            inputs => map.put("arguments", texts(inputs)),
        }
        map.put_some(
            "returns",
            routine.returns.as_ref().map(|r| self.returns(r, routine)),
        );
        if routine.language != "sql" {
            map.put("language", &*routine.language);
        }
        let types = routine.transforms.iter().map(|t| self.data_type(t));
        map.put_filled("transforms", texts(types));
        attributes(&mut map, routine);
        map.put_some("support", routine.support.as_ref().map(|s| self.full(s)));
        map.put_filled("set", &routine.settings);
        match &routine.body {
            RoutineBody::Source(text) => map.put("body", text.as_ref()),
            RoutineBody::Standard(text) => map.put("body", text.text()),
            RoutineBody::Object { file, symbol } => {
                map.put("body", file.as_ref());
                if !symbol.is_empty() {
                    map.put("symbol", symbol.as_ref());
                }
            }
        }
        said::privileges(&mut map, &routine.facets.acl, "FUNCTION");
        map.into()
    }

    fn returns(&self, returns: &Returns, routine: &Routine) -> String {
        match returns {
            Returns::Type(data_type) => self.data_type(data_type),
            Returns::SetOf(data_type) => format!("setof {}", self.data_type(data_type)),
            Returns::Table => {
                let columns = routine.arguments.iter();
                let columns: Vec<String> = columns
                    .filter(|a| a.mode == ArgumentMode::Table)
                    .map(|a| self.argument(a))
                    .collect();
                format!("table ({})", columns.join(", "))
            }
        }
    }

    pub(super) fn view(&self, view: &View) -> Value {
        let mut map = Map::block();
        let kind = if view.materialized {
            ObjectKind::MaterializedView
        } else {
            ObjectKind::View
        };
        said::facets(&mut map, &view.facets);
        self.notes(&mut map, &ObjectId::new(kind, view.name.clone()));
        map.put_flag("recursive", view.recursive);
        map.put_filled("column_names", texts(&view.columns));
        map.put_filled("columns", view_columns(view));
        map.put_filled("options", &view.options);
        map.put_some("check_option", view.check_option.as_deref());
        map.put_some("access_method", view.access_method.as_deref());
        map.put_some("tablespace", view.tablespace.as_deref());
        if view.no_data {
            map.put("with_data", Value::Boolean(false));
        }
        let query = view.shell.as_ref().unwrap_or(&view.query).text();
        let mut rest = Map::block();
        rest.put_filled("indexes", self.indexes(&view.name, &view.indexes));
        rest.put_some("cluster_on", view.cluster_on.as_deref());
        rest.put_filled("triggers", self.triggers(&view.name, &view.triggers));
        said::privileges(&mut rest, &view.facets.acl, "TABLE");
        if map.is_empty() && rest.is_empty() {
            return query.into();
        }
        map.put("query", query);
        map.entries.extend(rest.entries);
        map.into()
    }
}

/// Comments and defaults of a view's columns.
fn view_columns(view: &View) -> Map {
    let mut columns: std::collections::BTreeMap<&str, (Option<&str>, Option<&Expr>)> =
        std::collections::BTreeMap::new();
    for (name, comment) in &view.column_comments {
        columns.entry(name).or_default().0 = Some(comment);
    }
    for (name, default) in &view.defaults {
        columns.entry(name).or_default().1 = Some(default);
    }
    let mut map = Map::block();
    for (name, (comment, default)) in columns {
        let mut inner = Map::inline();
        said::describe(&mut inner, comment);
        inner.put_some(
            "default",
            default.map(|d| Value::Literal(d.text().to_owned())),
        );
        match inner.entries.as_slice() {
            [(key, Value::Text(text))] if key == "description" => map.put(name, text.as_str()),
            _ => map.put(name, inner),
        }
    }
    map
}

fn attributes(map: &mut Map, routine: &Routine) {
    map.put_flag("window", routine.window);
    match routine.volatility {
        Volatility::Volatile => {}
        Volatility::Stable => map.put("volatility", "stable"),
        Volatility::Immutable => map.put("volatility", "immutable"),
    }
    map.put_flag("strict", routine.strict);
    map.put_flag("leakproof", routine.leakproof);
    match routine.parallel {
        Parallel::Unsafe => {}
        Parallel::Restricted => map.put("parallel", "restricted"),
        Parallel::Safe => map.put("parallel", "safe"),
    }
    if routine.security_definer {
        map.put("security", "definer");
    }
    let number = |text: &Option<Box<str>>| text.as_deref().map(|t| Value::Literal(t.to_owned()));
    map.put_some("cost", number(&routine.cost));
    map.put_some("rows", number(&routine.rows));
}
