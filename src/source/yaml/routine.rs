//! Functions and procedures.

use super::column::named_texts;
use super::names::{qualified, split_call};
use super::node::{Entry, Node};
use super::reader::{Document, Reader};
use crate::model::{
    Argument, ArgumentMode, DataType, Ident, Object, ObjectKind, Parallel, QualifiedName, Returns,
    Routine, RoutineBody, RoutineKind, Volatility,
};
use crate::source::{Target, sql};

impl<'a> Reader<'a> {
    pub(super) fn routine(&mut self, entry: &Entry, kind: RoutineKind, document: &Document<'a>) {
        let node = &entry.value;
        let (name, in_key) = split_call(&entry.key);
        let name = self.name(name, entry.key_span);
        let Some(mut arguments) = self.routine_arguments(entry, in_key) else {
            return;
        };
        let Some(body) = node.get("body").and_then(Node::text) else {
            return;
        };
        let text = |key: &str| node.get(key).and_then(Node::text);
        let is = |key: &str| node.get(key).and_then(Node::boolean) == Some(true);
        let returns = match node.get("returns") {
            Some(returns) => match self.returns(returns, &mut arguments) {
                Some(returns) => Some(returns),
                None => return,
            },
            None => None,
        };
        let Some(transforms) = self.transforms(node) else {
            return;
        };
        self.check_returns(entry, kind, returns.as_ref(), &arguments);
        let routine = Routine {
            name: name.clone(),
            kind,
            arguments,
            returns,
            language: Ident::from(text("language").unwrap_or("sql").to_ascii_lowercase()),
            window: is("window"),
            volatility: volatility(text("volatility")),
            strict: is("strict"),
            security_definer: text("security").is_some_and(|w| w.eq_ignore_ascii_case("definer")),
            leakproof: is("leakproof"),
            parallel: parallel(text("parallel")),
            cost: text("cost").map(Box::from),
            rows: text("rows").map(Box::from),
            support: text("support").map(qualified),
            settings: named_texts(node.get("set")),
            transforms,
            body: self.body(node, body, &name),
            facets: self.facets(node),
        };
        let object_kind = match kind {
            RoutineKind::Function => ObjectKind::Function,
            RoutineKind::Procedure => ObjectKind::Procedure,
        };
        let mut target = Target::new(object_kind, name);
        target.arguments = Some(routine.arguments.clone());
        self.declare_entry(entry, document, Object::Routine(Box::new(routine)), target);
    }

    fn transforms(&mut self, node: &Node) -> Option<Vec<DataType>> {
        let Some(types) = node.get("transforms") else {
            return Some(Vec::new());
        };
        let single = types.text().map(|_| types);
        let all = single.into_iter().chain(types.items());
        all.map(|item| self.fragment(item, sql::data_type))
            .collect()
    }

    /// A standard body is SQL and kept as such, any other is the text of another language.
    fn body(&self, node: &Node, text: &str, name: &QualifiedName) -> RoutineBody {
        let language = node.get("language").and_then(Node::text).unwrap_or("sql");
        if let Some(symbol) = node.get("symbol").and_then(Node::text) {
            let (file, symbol) = (text.into(), symbol.into());
            return RoutineBody::Object { file, symbol };
        }
        if language.eq_ignore_ascii_case("c") {
            let (file, symbol) = (text.into(), name.name.as_str().into());
            return RoutineBody::Object { file, symbol };
        }
        if !language.eq_ignore_ascii_case("sql") {
            return RoutineBody::Source(text.into());
        }
        let words: Vec<String> = text
            .split_whitespace()
            .take(2)
            .map(str::to_ascii_lowercase)
            .collect();
        let first = words.first().map(String::as_str);
        let atomic = first == Some("begin") && words.get(1).is_some_and(|w| w == "atomic");
        if atomic || first == Some("return") {
            let text = text.trim().trim_end_matches(';').trim_end();
            return RoutineBody::Standard(crate::expr::expression(text, self.dialect()));
        }
        RoutineBody::Source(text.into())
    }

    fn routine_arguments(&mut self, entry: &Entry, in_key: Option<&str>) -> Option<Vec<Argument>> {
        let given = entry.value.get("arguments");
        if let (Some(_), Some(node)) = (in_key, given) {
            self.error(
                "The arguments stand in the key and under `arguments:`",
                node.span,
                "keep one of the two",
            );
            return None;
        }
        if let Some(text) = in_key {
            return match sql::arguments(text, self.version) {
                Ok(arguments) => Some(arguments),
                Err(error) => {
                    let help = error.help.unwrap_or_else(|| {
                        "write the arguments as in SQL: `f(user_id uuid, n integer default 1)`"
                            .into()
                    });
                    self.error(error.message, entry.key_span, &help);
                    None
                }
            };
        }
        let Some(node) = given else {
            return Some(Vec::new());
        };
        if node.text().is_some() {
            return self.fragment(node, sql::arguments);
        }
        let mut arguments = Vec::new();
        for item in node.items() {
            if item.text().is_some() {
                arguments.extend(self.fragment(item, sql::arguments)?);
            } else {
                arguments.push(self.argument(item)?);
            }
        }
        Some(arguments)
    }

    fn argument(&mut self, node: &Node) -> Option<Argument> {
        let mode = match node.get("mode").and_then(Node::text).unwrap_or("in") {
            "out" => ArgumentMode::Out,
            "inout" => ArgumentMode::InOut,
            "variadic" => ArgumentMode::Variadic,
            "table" => ArgumentMode::Table,
            _ => ArgumentMode::In,
        };
        Some(Argument {
            mode,
            name: node.get("name").and_then(Node::text).map(Ident::new),
            data_type: self.fragment(node.get("type")?, sql::data_type)?,
            default: self.expression_of(node, "default"),
        })
    }

    /// `text`, `setof tasks`, `table (id bigint)`, whose columns join the arguments.
    fn returns(&mut self, node: &Node, arguments: &mut Vec<Argument>) -> Option<Returns> {
        let text = node.text()?;
        let lower = text.to_ascii_lowercase();
        let rest = |word: &str| {
            let tail = lower.strip_prefix(word)?;
            tail.starts_with([' ', '(', '\n'])
                .then(|| text.len() - tail.len())
        };
        if let Some(at) = rest("setof") {
            let found = self.tail(node, at, sql::data_type)?;
            return Some(Returns::SetOf(found));
        }
        if let Some(at) = rest("table") {
            let open = text[at..].find('(').map(|n| at + n + 1);
            let close = text.rfind(')');
            let (Some(open), Some(close)) = (open, close.filter(|c| Some(*c) >= open)) else {
                self.error(
                    "TABLE needs its columns",
                    node.span,
                    "write it as `table (id bigint, title text)`",
                );
                return None;
            };
            match sql::arguments(&text[open..close], self.version) {
                Ok(columns) => arguments.extend(columns.into_iter().map(|mut c| {
                    c.mode = ArgumentMode::Table;
                    c
                })),
                Err(mut error) => {
                    error.start += open;
                    error.end += open;
                    self.fragment_error(node, &error);
                    return None;
                }
            }
            return Some(Returns::Table);
        }
        self.fragment(node, sql::data_type).map(Returns::Type)
    }

    /// A piece of SQL from a byte of a scalar to its end.
    fn tail<T>(
        &mut self,
        node: &Node,
        at: usize,
        read: impl FnOnce(&str, crate::dialect::TargetVersion) -> Result<T, sql::SyntaxError>,
    ) -> Option<T> {
        match read(&node.text()?[at..], self.version) {
            Ok(value) => Some(value),
            Err(mut error) => {
                error.start += at;
                error.end += at;
                self.fragment_error(node, &error);
                None
            }
        }
    }

    fn check_returns(
        &mut self,
        entry: &Entry,
        kind: RoutineKind,
        returns: Option<&Returns>,
        arguments: &[Argument],
    ) {
        let gives_out = arguments
            .iter()
            .any(|a| matches!(a.mode, ArgumentMode::Out | ArgumentMode::InOut));
        if kind == RoutineKind::Function && returns.is_none() && !gives_out {
            self.error(
                format!("Function `{}` returns nothing", entry.key),
                entry.key_span,
                "give it `returns:` (void where there is no result), or make it a procedure",
            );
        }
    }
}

fn volatility(word: Option<&str>) -> Volatility {
    match word.map(str::to_ascii_lowercase).as_deref() {
        Some("stable") => Volatility::Stable,
        Some("immutable") => Volatility::Immutable,
        _ => Volatility::Volatile,
    }
}

fn parallel(word: Option<&str>) -> Parallel {
    match word.map(str::to_ascii_lowercase).as_deref() {
        Some("restricted") => Parallel::Restricted,
        Some("safe") => Parallel::Safe,
        _ => Parallel::Unsafe,
    }
}
