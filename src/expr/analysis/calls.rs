//! Function calls: which function is meant, what it makes of its arguments, aggregates and windows.
//!
//! Source: src/backend/parser/parse_func.c (`ParseFuncOrColumn`); parse_agg.c for windows.

use super::Analysis;
use super::choice::Candidate;
use super::typed::Typed;
use super::types::{Given, Type};
use super::world::{Output, Signature};
use crate::dialect::Dialect;
use crate::expr::builtin::{Function, builtins};
use crate::expr::tree::{Call, Node, Sort, TypeName, Window};

/// What a call may mean.
struct Meant {
    /// How keys name it.
    name: String,
    signatures: Vec<Signature>,
}

impl Analysis<'_, '_> {
    /// A call with the columns of the rows it makes.
    pub(super) fn call(&mut self, call: &Call) -> Option<(Typed, Vec<Output>)> {
        let spread = spread(call);
        let call = spread.as_ref().unwrap_or(call);
        let older = self.date_part(call);
        let call = older.as_ref().unwrap_or(call);
        let mut arguments = Vec::new();
        for (_, node) in &call.arguments {
            arguments.push(self.node(node)?);
        }
        let direct = arguments.len();
        for sort in &call.within {
            arguments.push(self.node(&sort.node)?);
        }
        let meant = self.meant(&call.name);
        let given: Vec<Given> = arguments.iter().map(Typed::given).collect();
        let named = call.arguments.iter().any(|(name, _)| name.is_some());
        let chosen = match named || call.star {
            true => None,
            false => self.chosen(&meant.signatures, &given, call.variadic),
        };
        if !(named || call.star || call.variadic || !call.within.is_empty()) {
            self.note_unfit_function(&meant.name, &meant.signatures, &given);
        }
        let (mut result, mut columns) = (None, Vec::new());
        if let Some((candidate, signature)) = chosen {
            let pairs = arguments.into_iter().zip(&candidate.arguments);
            arguments = pairs.map(|(a, wanted)| self.argument(a, wanted)).collect();
            result = candidate.result.filter(|t| !t.name.starts_with("any"));
            self.world.note_mutable_function(&meant.name, signature);
            columns.clone_from(&signature.columns);
            if let Some(routine) = &signature.routine {
                self.world.record_routine(routine);
            }
        } else {
            arguments = arguments.into_iter().map(|a| self.settled(a)).collect();
            if call.star && meant.name == "count" {
                result = Some(Type::new("bigint"));
            } else if let [one] = meant.signatures.as_slice() {
                result = one.result.clone().filter(|t| !t.name.starts_with("any"));
                columns.clone_from(&one.columns);
                if let Some(routine) = &one.routine {
                    self.world.record_routine(routine);
                }
            }
        }
        let key = self.call_key(call, &meant.name, &arguments, direct)?;
        Some((Typed::new(key, result), columns))
    }

    /// What `extract(year FROM d)` is until version 13 (gram.y of 13, `EXTRACT '(' extract_list ')'`).
    fn date_part(&self, call: &Call) -> Option<Call> {
        let is = self.world.catalog.extracts_floats && call.name == ["extract"];
        is.then(|| Call {
            name: vec!["date_part".to_owned()],
            ..call.clone()
        })
    }

    fn call_key(
        &mut self,
        call: &Call,
        name: &str,
        arguments: &[Typed],
        direct: usize,
    ) -> Option<String> {
        let mut key = format!("{name}(");
        if call.star {
            key.push('*');
        }
        if call.distinct {
            key.push_str("distinct ");
        }
        for (at, argument) in arguments[..direct].iter().enumerate() {
            if at > 0 {
                key.push_str(", ");
            }
            if call.variadic && at + 1 == direct {
                key.push_str("variadic ");
            }
            if let Some((Some(name), _)) = call.arguments.get(at) {
                key.push_str(&format!("{name} => "));
            }
            key.push_str(&argument.key);
        }
        if !call.order.is_empty() {
            key.push_str(&format!(" order by {}", self.sorts(&call.order)?));
        }
        key.push(')');
        if !call.within.is_empty() {
            let keys = arguments[direct..].iter().zip(&call.within);
            let keys: Vec<String> = keys.map(|(a, sort)| sort_key(&a.key, sort)).collect();
            key.push_str(&format!(" within ({})", keys.join(", ")));
        }
        if let Some(filter) = &call.filter {
            key.push_str(&format!(" filter ({})", self.condition_of(filter)?));
        }
        if let Some(window) = &call.over {
            key.push_str(&format!(" over {}", self.window(window)?));
        }
        Some(key)
    }

    pub(super) fn window(&mut self, window: &Window) -> Option<String> {
        let base = window
            .base
            .as_deref()
            .map(|b| Dialect::Postgres.quote(b).into_owned());
        if !window.defined {
            return base;
        }
        let mut parts: Vec<String> = base.into_iter().collect();
        if !window.partition.is_empty() {
            let keys: Vec<String> = self
                .nodes(&window.partition)?
                .into_iter()
                .map(|t| self.settled(t).key)
                .collect();
            parts.push(format!("partition by {}", keys.join(", ")));
        }
        if !window.order.is_empty() {
            parts.push(format!("order by {}", self.sorts(&window.order)?));
        }
        if !window.frame.is_empty() {
            parts.push(window.frame.clone());
        }
        Some(format!("({})", parts.join(" ")))
    }

    pub(super) fn sorts(&mut self, list: &[Sort]) -> Option<String> {
        let mut keys = Vec::new();
        for sort in list {
            let typed = self.node(&sort.node)?;
            keys.push(sort_key(&self.settled(typed).key, sort));
        }
        Some(keys.join(", "))
    }

    /// The functions that a name may mean: the schema's own beside those of the server.
    fn meant(&self, parts: &[String]) -> Meant {
        let last = parts.last().map_or("", String::as_str);
        let schema = match parts {
            [.., schema, _] => Some(schema.as_str()),
            _ => None,
        };
        let own = self.world.routines(parts);
        let builtin = builtins().functions.get(last);
        let takes_builtin = match schema {
            None | Some("pg_catalog") => true,
            // Extensions stand in some schema; who names it means them.
            Some(_) => own.is_none(),
        };
        let builtin = builtin.filter(|_| takes_builtin);
        let mut signatures: Vec<Signature> = builtin
            .into_iter()
            .flatten()
            .map(builtin_signature)
            .collect();
        match own {
            Some((name, own)) if signatures.is_empty() => Meant {
                name,
                signatures: own,
            },
            Some((_, own)) => {
                signatures.extend(own);
                Meant {
                    name: last.to_owned(),
                    signatures,
                }
            }
            None => {
                let known =
                    builtin.is_some() || matches!(schema, None | Some("pg_catalog" | "public"));
                let name = if known {
                    last.to_owned()
                } else {
                    parts.join(".")
                };
                Meant { name, signatures }
            }
        }
    }

    fn chosen<'s>(
        &self,
        signatures: &'s [Signature],
        given: &[Given],
        variadic: bool,
    ) -> Option<(Candidate, &'s Signature)> {
        if given.contains(&Given::Unclear) && signatures.len() != 1 {
            return self.by_arity(signatures, given, variadic);
        }
        let mut candidates = Vec::new();
        for (origin, signature) in signatures.iter().enumerate() {
            candidates.extend(candidate(signature, given.len(), origin, variadic));
        }
        let found = match candidates.as_slice() {
            // The only one of its name must be meant, whatever we make of its arguments.
            [one] if signatures.len() == 1 => Some(one.clone()),
            _ => self.world.choose(&candidates, given),
        }?;
        let found = self.world.bind(&found, given).unwrap_or(found);
        let signature = signatures.get(found.origin)?;
        Some((found, signature))
    }

    /// With an argument that is not clear: the only candidate of that many arguments.
    fn by_arity<'s>(
        &self,
        signatures: &'s [Signature],
        given: &[Given],
        variadic: bool,
    ) -> Option<(Candidate, &'s Signature)> {
        let all = signatures.iter().enumerate();
        let mut candidates =
            all.filter_map(|(origin, s)| candidate(s, given.len(), origin, variadic));
        let one = candidates.next()?;
        if candidates.next().is_some() {
            return None;
        }
        let bound = self.world.bind(&one, given).unwrap_or(one);
        let signature = signatures.get(bound.origin)?;
        Some((bound, signature))
    }
}

/// `f(VARIADIC ARRAY[a, b])` as `f(a, b)`: the server keeps the one and prints the other
/// (ruleutils.c, `get_func_expr`).
fn spread(call: &Call) -> Option<Call> {
    let (None, last) = call.arguments.last().filter(|_| call.variadic)? else {
        return None;
    };
    let elements = match last {
        Node::Array(elements) => elements.clone(),
        Node::Cast(inner, of) if of.array => {
            let Node::Array(elements) = &**inner else {
                return None;
            };
            let of = TypeName {
                array: false,
                ..of.clone()
            };
            let cast = |e: &Node| Node::Cast(Box::new(e.clone()), of.clone());
            elements.iter().map(cast).collect()
        }
        _ => return None,
    };
    if elements.is_empty() || elements.iter().any(|e| matches!(e, Node::Array(_))) {
        return None;
    }
    let mut call = call.clone();
    call.arguments.pop();
    call.arguments
        .extend(elements.into_iter().map(|e| (None, e)));
    call.variadic = false;
    Some(call)
}

pub(super) fn sort_key(key: &str, sort: &Sort) -> String {
    let descending = if sort.descending { " desc" } else { "" };
    let nulls = match (sort.nulls_moved, sort.descending) {
        (false, _) => "",
        (true, true) => " nulls last",
        (true, false) => " nulls first",
    };
    format!("{key}{descending}{nulls}")
}

fn builtin_signature(function: &Function) -> Signature {
    let columns = function.columns.iter().map(|(name, of)| Output {
        name: (*name).to_owned(),
        data_type: Some(Type::new(*of)),
    });
    Signature {
        result: Some(Type::new(function.result)),
        variadic: function.variadic,
        mutable: function.mutable,
        defaults: function.defaults,
        arguments: function.arguments.iter().map(|a| Type::new(*a)).collect(),
        columns: columns.collect(),
        routine: None,
    }
}

/// A signature for so many arguments: defaults left out, VARIADIC spread.
pub(super) fn candidate(
    signature: &Signature,
    count: usize,
    origin: usize,
    variadic: bool,
) -> Option<Candidate> {
    let declared = &signature.arguments;
    let mut arguments = declared.clone();
    let spread = signature.variadic && !variadic;
    if spread && count >= declared.len() {
        let last = arguments.pop()?;
        let element = match last.name.as_str() {
            "anyarray" => Type::new("anyelement"),
            "anycompatiblearray" => Type::new("anycompatible"),
            _ => last.element().unwrap_or(last),
        };
        arguments.resize(count, element);
    } else if count > declared.len() || count + signature.defaults < declared.len() {
        return None;
    } else {
        arguments.truncate(count);
    }
    Some(Candidate {
        arguments,
        result: signature.result.clone(),
        origin,
    })
}
