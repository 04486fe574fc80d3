//! What a routine may be made of, and what `OR REPLACE` may change about one.
//!
//! Source: `interpret_function_parameter_list` and `CreateFunction` in src/backend/commands/functioncmds.c,
//! `ProcedureCreate` in src/backend/catalog/pg_proc.c, `check_valid_polymorphic_signature` in
//! src/backend/parser/parse_coerce.c.

use super::create::Meeting;
use super::fold::Fold;
use crate::model::{
    Argument, ArgumentMode, DataType, Ident, ObjectKind, Parallel, QualifiedName, Returns, Routine,
    RoutineBody, RoutineKind, Volatility,
};

/// What a routine's name and arguments are in the catalog: VARIADIC tells no two of them apart.
type Key = (QualifiedName, Box<str>);

impl Fold {
    /// Whether a routine is refused, or may not stand in place of the one that is there.
    pub(super) fn refuse_routine(&mut self, routine: &Routine, meeting: Meeting) -> bool {
        let Some(why) = malformed(routine).or_else(|| self.against_another(routine, meeting))
        else {
            return false;
        };
        let id = format!(
            "{} `{}({})`",
            kind_of(routine).as_str(),
            routine.name,
            routine.signature()
        );
        let (headline, help) = match why {
            Why::Never(what) => (
                format!("{id} is refused: {what}"),
                "declare it as the server takes it",
            ),
            Why::Replaced(what) => (
                format!("{id} cannot be replaced: {what}"),
                "drop the one that is there first, or give this one another name",
            ),
        };
        self.refuse("resolve/unfit-routine", headline).help = Some(help.to_owned());
        true
    }

    /// A routine or aggregate of this name that takes the same.
    pub(super) fn namesake_of(&self, name: &QualifiedName, signature: &str) -> Option<Key> {
        let wanted = plain(signature);
        let from = (name.clone(), Box::default());
        let routines = self.catalog.routines.range(from.clone()..);
        let routines = routines.map(|(key, _)| key);
        let aggregates = self.catalog.aggregates.range(from..).map(|(key, _)| key);
        let of = |key: &&Key| key.0 == *name;
        let mut all = routines.take_while(of).chain(aggregates.take_while(of));
        all.find(|(_, s)| plain(s) == wanted).cloned()
    }

    /// A routine that is about to be replaced gets the signature of the new one: VARIADIC may come and go.
    pub(super) fn take_signature(&mut self, name: &QualifiedName, signature: &str) {
        let Some(old) = self.namesake_of(name, signature) else {
            return;
        };
        if *old.1 != *signature
            && let Some(found) = self.catalog.routines.remove(&old)
        {
            self.catalog
                .routines
                .insert((old.0, signature.into()), found);
        }
    }

    fn against_another(&self, new: &Routine, meeting: Meeting) -> Option<Why> {
        let signature = new.signature();
        let key = self.namesake_of(&new.name, &signature)?;
        let replaced = |what: &str| Some(Why::Replaced(what.to_owned()));
        let Some(old) = self.catalog.routines.get(&key) else {
            return replaced("there is an aggregate that takes the same");
        };
        if !meeting.or_replace {
            let same = *key.1 == *signature && old.kind == new.kind;
            // What is declared twice is said elsewhere.
            return match same || meeting.if_not_exists {
                true => None,
                false => replaced("there is another one that takes the same"),
            };
        }
        if old.kind != new.kind || old.window != new.window {
            return replaced("one cannot become a function, a procedure or a window function");
        }
        if result(old) != result(new) {
            return replaced("it returns something else");
        }
        let (old, new) = (inputs(old), inputs(new));
        let renamed = |(old, new): &(&Argument, &Argument)| {
            let name = old.name.as_ref();
            name.is_some_and(|name| new.name.as_ref() != Some(name))
        };
        let mut pairs = old.iter().copied().zip(new.iter().copied());
        if let Some((old, _)) = pairs.find(renamed) {
            let name = old.name.clone().unwrap_or_default();
            return replaced(&format!("argument `{name}` gets another name"));
        }
        let defaults = |all: &[&Argument]| all.iter().filter(|a| a.default.is_some()).count();
        match defaults(&new) < defaults(&old) {
            true => replaced("an argument loses its default"),
            false => None,
        }
    }
}

enum Why {
    /// Whatever is there.
    Never(String),
    Replaced(String),
}

fn kind_of(routine: &Routine) -> ObjectKind {
    match routine.kind {
        RoutineKind::Function => ObjectKind::Function,
        RoutineKind::Procedure => ObjectKind::Procedure,
    }
}

fn plain(signature: &str) -> String {
    signature.replace("VARIADIC ", "")
}

fn is_input(argument: &Argument) -> bool {
    !is_only_output(argument)
}

fn is_only_output(argument: &Argument) -> bool {
    matches!(argument.mode, ArgumentMode::Out | ArgumentMode::Table)
}

fn inputs(routine: &Routine) -> Vec<&Argument> {
    routine.arguments.iter().filter(|a| is_input(a)).collect()
}

fn outputs(routine: &Routine) -> Vec<&Argument> {
    let of = |a: &&Argument| is_only_output(a) || a.mode == ArgumentMode::InOut;
    routine.arguments.iter().filter(of).collect()
}

/// The type of what a routine returns, whether of many rows, and the columns of a row of its own.
type Outcome = (bool, String, Vec<(Option<Ident>, String)>);

fn result(routine: &Routine) -> Outcome {
    let outputs = outputs(routine);
    let many = matches!(routine.returns, Some(Returns::SetOf(_) | Returns::Table));
    let named = match (&routine.returns, outputs.as_slice()) {
        (Some(Returns::Type(of) | Returns::SetOf(of)), []) => of.signature_text(),
        (_, []) => String::new(),
        (_, [one]) if routine.kind == RoutineKind::Function => one.data_type.signature_text(),
        _ => "record".to_owned(),
    };
    let of_row = |a: &&Argument| (a.name.clone(), a.data_type.signature_text());
    let columns = match named.as_str() {
        "record" => outputs.iter().map(of_row).collect(),
        _ => Vec::new(),
    };
    (many, named, columns)
}

/// What is wrong with a routine whatever else there is.
fn malformed(routine: &Routine) -> Option<Why> {
    let why = against_arguments(routine)
        .or_else(|| against_result(routine))
        .or_else(|| against_options(routine))?;
    Some(Why::Never(why))
}

fn against_arguments(routine: &Routine) -> Option<String> {
    let procedure = routine.kind == RoutineKind::Procedure;
    let (mut with_default, mut variadic) = (false, false);
    for (at, argument) in routine.arguments.iter().enumerate() {
        let name = argument.name.clone().unwrap_or_default();
        let (input, output) = (is_input(argument), is_only_output(argument));
        let counts = input || (procedure && argument.mode == ArgumentMode::Out);
        if counts && variadic {
            return Some("its VARIADIC argument is not the last one".to_owned());
        }
        if argument.default.is_some() && !input {
            return Some(format!("`{name}` is no input and has a default"));
        }
        with_default |= argument.default.is_some();
        if counts && with_default && argument.default.is_none() {
            return Some(format!(
                "`{name}` has no default and stands behind one that has"
            ));
        }
        if argument.mode == ArgumentMode::Variadic {
            variadic = true;
            if !is_list(&argument.data_type) {
                return Some(format!("`{name}` is VARIADIC and no array"));
            }
        }
        // What goes in and what comes out may share a name.
        let pure = argument.mode != ArgumentMode::InOut;
        let meets = |other: &&Argument| {
            let apart =
                pure && other.mode != ArgumentMode::InOut && is_only_output(other) != output;
            other.name.as_ref() == Some(&name) && !apart
        };
        if !name.is_empty() && routine.arguments[..at].iter().any(|other| meets(&other)) {
            return Some(format!("two of its arguments are called `{name}`"));
        }
    }
    None
}

fn is_list(data_type: &DataType) -> bool {
    let name = data_type.name.name.as_str();
    let pseudo = matches!(name, "any" | "anyarray" | "anycompatiblearray");
    // Some types are arrays by another name.
    let known = matches!(name, "oidvector" | "int2vector") || name.starts_with('_');
    data_type.is_array() || pseudo || known
}

fn against_result(routine: &Routine) -> Option<String> {
    if routine.kind == RoutineKind::Procedure {
        return None;
    }
    let outputs = outputs(routine);
    let named = outputs.iter().any(|a| a.mode != ArgumentMode::Table);
    let implied = match outputs.as_slice() {
        [one] => one.data_type.signature_text(),
        _ => "record".to_owned(),
    };
    match &routine.returns {
        None if outputs.is_empty() => return Some("it does not say what it returns".to_owned()),
        Some(Returns::Table) if named => {
            return Some("it returns a TABLE and has arguments that come out".to_owned());
        }
        Some(Returns::Type(of) | Returns::SetOf(of))
            if !outputs.is_empty() && of.signature_text() != implied =>
        {
            return Some(format!("its arguments say that it returns {implied}"));
        }
        _ => {}
    }
    let returned = match &routine.returns {
        Some(Returns::Type(of) | Returns::SetOf(of)) => Some(of),
        _ => None,
    };
    let made = returned
        .into_iter()
        .chain(outputs.iter().map(|a| &a.data_type));
    let taken: Vec<&str> = inputs(routine)
        .into_iter()
        .map(|a| a.data_type.name.name.as_str())
        .collect();
    let mut unclear = made.filter(|of| !is_determined(&of.name.name, &taken));
    let unclear = unclear.next()?;
    Some(format!(
        "nothing that it takes says what {} is",
        unclear.signature_text()
    ))
}

/// Whether the types of arguments say what a polymorphic type is.
fn is_determined(name: &str, taken: &[&str]) -> bool {
    const ONE: [&str; 6] = [
        "anyelement",
        "anyarray",
        "anynonarray",
        "anyenum",
        "anyrange",
        "anymultirange",
    ];
    const COMPATIBLE: [&str; 5] = [
        "anycompatible",
        "anycompatiblearray",
        "anycompatiblenonarray",
        "anycompatiblerange",
        "anycompatiblemultirange",
    ];
    let family: &[&str] = match name {
        "anyrange" | "anymultirange" => &ONE[4..],
        "anycompatiblerange" | "anycompatiblemultirange" => &COMPATIBLE[3..],
        _ if ONE.contains(&name) => &ONE,
        _ if COMPATIBLE.contains(&name) => &COMPATIBLE,
        _ => return true,
    };
    taken.iter().any(|t| family.contains(t))
}

fn against_options(routine: &Routine) -> Option<String> {
    let sql = routine.language == "sql";
    let standard = matches!(routine.body, RoutineBody::Standard(_));
    if standard && !sql {
        return Some(format!(
            "a body without quotes is none of language {}",
            routine.language
        ));
    }
    if routine.kind == RoutineKind::Procedure {
        let of_functions = routine.strict
            || routine.leakproof
            || routine.window
            || routine.volatility != Volatility::default()
            || routine.parallel != Parallel::default()
            || routine.cost.is_some()
            || routine.rows.is_some();
        return of_functions.then(|| "it has options that only functions have".to_owned());
    }
    let many = matches!(routine.returns, Some(Returns::SetOf(_) | Returns::Table));
    if routine.rows.is_some() && !many {
        return Some("it has ROWS and returns one".to_owned());
    }
    match &routine.returns {
        Some(Returns::Type(of)) if sql && (of.is("trigger") || of.is("event_trigger")) => {
            Some("no trigger is written in language sql".to_owned())
        }
        _ => None,
    }
}
