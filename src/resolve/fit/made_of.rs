//! The functions that operators, casts, aggregates and event triggers are made of: there is one that takes
//! their types, and it returns what is needed.
//!
//! Invariant: functions of the server and of extensions may be overloaded in ways that are not known here, so
//! that only those of the schema are looked at.
//!
//! Source: `CreateCast` in src/backend/commands/functioncmds.c, `DefineOperator` in operatorcmds.c,
//! `DefineAggregate` in aggregatecmds.c, `CreateEventTrigger` in event_trigger.c, `lookup_agg_function` in
//! src/backend/catalog/pg_aggregate.c.

use crate::diagnostic::Diagnostic;
use crate::dialect::is_builtin_type;
use crate::expr::{Reader, is_builtin_function, name_of};
use crate::model::{
    Aggregate, Argument, ArgumentMode, Cast, CastMethod, DataType, EventTrigger, Expr, Operator,
    QualifiedName, Returns, Routine,
};
use crate::resolve::fold::Fold;

/// The events that the server knows, `login` since version 17.
const EVENTS: [&str; 5] = [
    "ddl_command_start",
    "ddl_command_end",
    "table_rewrite",
    "sql_drop",
    "login",
];

impl Fold {
    pub(super) fn unfit_cast(&self, cast: &Cast) -> Option<Diagnostic> {
        let (from, to) = (self.known_type(&cast.source), self.known_type(&cast.target));
        let told = |why: &str| {
            let (from, to) = (from.signature_text(), to.signature_text());
            self.cannot(
                format!("a cast from {from} to {to} cannot be: {why}"),
                "write a function that takes the one type and returns the other",
            )
        };
        match &cast.method {
            CastMethod::WithoutFunction | CastMethod::InOut if from == to => {
                told("both types are the same")
            }
            CastMethod::WithoutFunction => {
                let own = |of: &DataType| of.is_array() || !self.is_stored_plainly(of);
                let one = [&from, &to].into_iter().find(|of| own(of))?;
                let of = one.signature_text();
                told(&format!("values of {of} are stored in a way of their own"))
            }
            CastMethod::InOut => None,
            CastMethod::Function(name, types) => {
                let given: Vec<DataType> = types.iter().map(|t| self.known_type(t)).collect();
                let (name, routine) = self.declared_routine(name, &given)?;
                let Some(routine) = routine else {
                    return Some(self.not_yet("function", &name));
                };
                if !given
                    .first()
                    .is_some_and(|first| self.is_same(&from, first))
                {
                    return told("its function takes another type");
                }
                match &routine.returns {
                    Some(Returns::Type(of)) if self.is_same(of, &to) => None,
                    Some(Returns::Type(_)) => told("its function returns another type"),
                    _ => None,
                }
            }
        }
    }

    pub(super) fn unfit_operator(&self, operator: &Operator) -> Option<Diagnostic> {
        let of = |key: &str| operator.options.get(key).and_then(Option::as_ref);
        let told = |why: &str| {
            self.cannot(
                format!("operator `{}` cannot be: {why}", operator.name.name),
                "name the function, and the types that it takes",
            )
        };
        let Some(function) = of("function").or(of("procedure")) else {
            return told("it names no function");
        };
        if operator.right.is_none() {
            return told("it has no right side");
        }
        let sides = [&operator.left, &operator.right].into_iter().flatten();
        let sides: Vec<DataType> = sides.map(|t| self.known_type(t)).collect();
        self.lacking(function, &sides)
    }

    pub(super) fn unfit_aggregate(&self, aggregate: &Aggregate) -> Option<Diagnostic> {
        let of = |key: &str| aggregate.options.get(key).and_then(Option::as_ref);
        let Some(step) = of("sfunc").or(of("sfunc1")) else {
            return self.cannot(
                format!("aggregate `{}` has no SFUNC", aggregate.name),
                "name the function that adds a value to the state",
            );
        };
        let plain = |a: &Argument| a.mode == ArgumentMode::In;
        let whole = aggregate.order_by.is_none() && aggregate.arguments.iter().all(plain);
        let state = of("stype").or(of("stype1")).filter(|_| whole)?;
        let state = self.known_type(&Reader::new(&self.catalog).type_named(state.text())?);
        let values = aggregate.arguments.iter();
        let mut steps = vec![state.clone()];
        steps.extend(values.map(|a| self.known_type(&a.data_type)));
        let extra = aggregate.options.contains_key("finalfunc_extra");
        self.lacking(step, &steps)
            .or_else(|| self.lacking(of("combinefunc")?, &[state.clone(), state.clone()]))
            .or_else(|| {
                self.lacking(
                    of("finalfunc").filter(|_| !extra)?,
                    std::slice::from_ref(&state),
                )
            })
    }

    pub(super) fn unfit_event_trigger(&self, trigger: &EventTrigger) -> Option<Diagnostic> {
        if !EVENTS.contains(&trigger.event.as_str()) {
            return self.cannot(
                format!("there is no event `{}`", trigger.event),
                "the events are ddl_command_start, ddl_command_end, table_rewrite and sql_drop",
            );
        }
        let (name, routine) = self.declared_routine(&trigger.function, &[])?;
        let Some(routine) = routine else {
            return Some(self.not_yet("function", &name));
        };
        let fits = matches!(&routine.returns, Some(Returns::Type(of)) if of.is("event_trigger"));
        (!fits).then_some(())?;
        self.cannot(
            format!("`{name}` is no function of event triggers"),
            "let it return event_trigger",
        )
    }

    /// A function of the schema that does not take these types.
    fn lacking(&self, function: &Expr, given: &[DataType]) -> Option<Diagnostic> {
        let name = name_of(function.text(), self.dialect())?;
        let (name, routine) = self.declared_routine(&name, given)?;
        if routine.is_some() {
            return None;
        }
        let types: Vec<String> = given.iter().map(DataType::signature_text).collect();
        let called = name.sibling(format!("{}({})", name.name, types.join(", ")));
        Some(self.not_yet("function", &called))
    }

    /// The function that a name means among those that the schema declares, by the types that it takes;
    /// nothing where others may have one, too.
    fn declared_routine(
        &self,
        name: &QualifiedName,
        given: &[DataType],
    ) -> Option<(QualifiedName, Option<&Routine>)> {
        let full = self.names.routine(name, &self.now.path)?;
        if is_builtin_function(&name.name) || self.is_mentioned(&name.name) {
            return None;
        }
        let all = self
            .catalog
            .routines
            .range((full.clone(), Box::default())..);
        let mut all = all.take_while(|((found, _), _)| *found == full);
        let found = all.find(|(_, routine)| self.takes(routine, given));
        Some((full, found.map(|(_, routine)| routine)))
    }

    fn takes(&self, routine: &Routine, given: &[DataType]) -> bool {
        let is_input = |a: &&Argument| !matches!(a.mode, ArgumentMode::Out | ArgumentMode::Table);
        let inputs: Vec<&Argument> = routine.arguments.iter().filter(is_input).collect();
        let open = inputs.iter().any(|a| a.mode == ArgumentMode::Variadic);
        let mut pairs = inputs.iter().zip(given);
        open || inputs.len() == given.len() && pairs.all(|(a, of)| self.is_same(of, &a.data_type))
    }

    /// Whether a value of one type is one of the other as it is stored; what is not known may be.
    fn is_same(&self, given: &DataType, wanted: &DataType) -> bool {
        const STRINGS: [&str; 3] = ["text", "character varying", "character"];
        let (given, wanted) = (self.known_type(given), self.known_type(wanted));
        let (a, b) = (&given.name, &wanted.name);
        let string = |of: &DataType| STRINGS.iter().any(|s| of.name.name == *s);
        let open = |of: &DataType| {
            let name = of.name.name.as_str();
            name.starts_with("any") || matches!(name, "internal" | "record" | "cstring" | "oid")
        };
        let known = |of: &DataType| {
            let catalog = &self.catalog;
            catalog.enums.contains_key(&of.name)
                || catalog.composites.contains_key(&of.name)
                || of.name.schema.is_none() && is_builtin_type(&of.name.name)
        };
        a == b && given.is_array() == wanted.is_array()
            || string(&given) && string(&wanted)
            || open(&given)
            || open(&wanted)
            || !known(&given)
            || !known(&wanted)
    }

    /// Whether values of a type are stored as those of another may be: not rows, enums and ranges.
    fn is_stored_plainly(&self, of: &DataType) -> bool {
        let catalog = &self.catalog;
        !(catalog.enums.contains_key(&of.name)
            || catalog.composites.contains_key(&of.name)
            || catalog.domains.contains_key(&of.name)
            || catalog.relation(&of.name).is_some())
    }
}
