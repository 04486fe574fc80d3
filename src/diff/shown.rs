//! Values of properties as reports say them.

use crate::dialect::Dialect;
use crate::model::{
    ArgumentMode, CastContext, DataType, Deferral, ExclusionElement, Expr, Ident, IndexElement,
    MatchType, NullsOrder, Parallel, PartitionBound, PartitionBy, PartitionOf, Persistence,
    PolicyCommand, PublicationTable, QualifiedName, Query, ReferentialAction, ReplicaIdentity,
    Returns, RoutineBody, SortOrder, TriggerEnabled, Value, Volatility,
};

/// What can be the value of a property.
pub(super) trait Shown {
    /// Whether it is compared by more than its text: by the types of what it names. Of the same text it
    /// differs only because one of these does, which is a change of its own.
    const RESOLVED: bool = false;

    fn shown(&self, dialect: Dialect) -> Value;
}

fn text(text: impl Into<Box<str>>) -> Value {
    Value::Text(text.into())
}

impl<T: Shown + ?Sized> Shown for &T {
    const RESOLVED: bool = T::RESOLVED;

    fn shown(&self, dialect: Dialect) -> Value {
        (**self).shown(dialect)
    }
}

impl<T: Shown> Shown for Option<T> {
    const RESOLVED: bool = T::RESOLVED;

    fn shown(&self, dialect: Dialect) -> Value {
        self.as_ref().map_or(Value::Absent, |v| v.shown(dialect))
    }
}

impl<T: Shown> Shown for [T] {
    const RESOLVED: bool = T::RESOLVED;

    fn shown(&self, dialect: Dialect) -> Value {
        Value::List(self.iter().map(|v| v.shown(dialect)).collect())
    }
}

impl<T: Shown> Shown for Vec<T> {
    const RESOLVED: bool = T::RESOLVED;

    fn shown(&self, dialect: Dialect) -> Value {
        self.as_slice().shown(dialect)
    }
}

macro_rules! shown {
    ($($type:ty: |$value:ident| $shown:expr;)+) => {
        $(impl Shown for $type {
            fn shown(&self, _dialect: Dialect) -> Value {
                let $value = self;
                $shown
            }
        })+
    };
}

shown! {
    bool: |v| Value::Flag(*v);
    i32: |v| Value::Number(i64::from(*v));
    i64: |v| Value::Number(*v);
    u16: |v| Value::Number(i64::from(*v));
    Box<str>: |v| text(&**v);
    str: |v| text(v);
    Ident: |v| text(v.as_str());
    QualifiedName: |v| text(v.to_string());
    ReferentialAction: |v| text(v.as_sql().to_ascii_lowercase());
    PolicyCommand: |v| text(v.as_sql().to_ascii_lowercase());
    Deferral: |v| match v {
        Deferral::NotDeferrable => Value::Absent,
        Deferral::Immediate => text("deferrable"),
        Deferral::Deferred => text("deferrable initially deferred"),
    };
    MatchType: |v| text(match v {
        MatchType::Simple => "simple",
        MatchType::Full => "full",
        MatchType::Partial => "partial",
    });
    Persistence: |v| text(match v {
        Persistence::Permanent => "permanent",
        Persistence::Unlogged => "unlogged",
        Persistence::Temporary => "temporary",
    });
    ReplicaIdentity: |v| match v {
        ReplicaIdentity::Default => text("default"),
        ReplicaIdentity::Full => text("full"),
        ReplicaIdentity::Nothing => text("nothing"),
        ReplicaIdentity::Index(name) => text(format!("index {name}")),
    };
    TriggerEnabled: |v| text(match v {
        TriggerEnabled::Origin => "enabled",
        TriggerEnabled::Disabled => "disabled",
        TriggerEnabled::Replica => "replica",
        TriggerEnabled::Always => "always",
    });
    Volatility: |v| text(match v {
        Volatility::Volatile => "volatile",
        Volatility::Stable => "stable",
        Volatility::Immutable => "immutable",
    });
    Parallel: |v| text(match v {
        Parallel::Unsafe => "unsafe",
        Parallel::Restricted => "restricted",
        Parallel::Safe => "safe",
    });
    CastContext: |v| text(match v {
        CastContext::Explicit => "explicit",
        CastContext::Assignment => "assignment",
        CastContext::Implicit => "implicit",
    });
    RoutineBody: |v| match v {
        RoutineBody::Source(source) => text(&**source),
        RoutineBody::Object { file, symbol } => text(format!("{file}, {symbol}")),
        RoutineBody::Standard(body) => text(body.text()),
    };
    PublicationTable: |v| {
        let mut said = String::new();
        if v.only {
            said.push_str("only");
        }
        if !v.columns.is_empty() {
            said.push_str(&format!(" ({})", names(&v.columns)));
        }
        if let Some(filter) = &v.filter {
            said.push_str(&format!(" where {}", filter.text()));
        }
        match said.trim() {
            "" => text("published"),
            said => text(said),
        }
    };
}

impl Shown for Expr {
    const RESOLVED: bool = true;

    fn shown(&self, _dialect: Dialect) -> Value {
        text(self.text())
    }
}

/// `SELECT *` of the same text is another view where the table has other columns.
impl Shown for Query {
    fn shown(&self, _dialect: Dialect) -> Value {
        text(self.text())
    }
}

/// Names, comma separated.
pub(super) fn names(list: &[Ident]) -> String {
    let list: Vec<&str> = list.iter().map(Ident::as_str).collect();
    list.join(", ")
}

/// A type as people write it. SQLite's are what their author wrote.
pub(super) fn type_text(data_type: &DataType, dialect: Dialect) -> String {
    match dialect {
        Dialect::Postgres => dialect.short_type(data_type),
        Dialect::Sqlite => dialect.print_type(data_type),
    }
}

impl Shown for DataType {
    fn shown(&self, dialect: Dialect) -> Value {
        text(type_text(self, dialect))
    }
}

impl Shown for Returns {
    fn shown(&self, dialect: Dialect) -> Value {
        match self {
            Self::Type(t) => t.shown(dialect),
            Self::SetOf(t) => text(format!("setof {}", type_text(t, dialect))),
            Self::Table => text("table"),
        }
    }
}

fn element_text(element: &IndexElement) -> String {
    let mut said = match (&element.column, &element.expression) {
        (Some(column), _) => column.to_string(),
        (None, Some(expression)) => format!("({})", expression.text()),
        (None, None) => String::new(),
    };
    if let Some(collation) = &element.collation {
        said.push_str(&format!(" collate {collation}"));
    }
    if let Some(opclass) = &element.opclass {
        said.push_str(&format!(" {opclass}"));
    }
    if !element.opclass_parameters.is_empty() {
        let pairs = element.opclass_parameters.iter();
        let pairs: Vec<String> = pairs.map(|(n, v)| format!("{n}={v}")).collect();
        said.push_str(&format!(" ({})", pairs.join(", ")));
    }
    if element.order == SortOrder::Descending {
        said.push_str(" desc");
    }
    match element.nulls {
        Some(NullsOrder::First) => said.push_str(" nulls first"),
        Some(NullsOrder::Last) => said.push_str(" nulls last"),
        None => {}
    }
    said
}

impl Shown for IndexElement {
    const RESOLVED: bool = true;

    fn shown(&self, _dialect: Dialect) -> Value {
        text(element_text(self))
    }
}

impl Shown for ExclusionElement {
    const RESOLVED: bool = true;

    fn shown(&self, _dialect: Dialect) -> Value {
        text(format!(
            "{} with {}",
            element_text(&self.element),
            self.operator
        ))
    }
}

impl Shown for PartitionBy {
    fn shown(&self, _dialect: Dialect) -> Value {
        let keys: Vec<String> = self.keys.iter().map(element_text).collect();
        text(format!("{} ({})", self.strategy, keys.join(", ")))
    }
}

impl Shown for PartitionOf {
    fn shown(&self, _dialect: Dialect) -> Value {
        let list = |values: &[Expr]| {
            let values: Vec<&str> = values.iter().map(Expr::text).collect();
            values.join(", ")
        };
        let bound = match &self.bound {
            PartitionBound::Default => "default".to_owned(),
            PartitionBound::Range { from, to } => {
                format!("for values from ({}) to ({})", list(from), list(to))
            }
            PartitionBound::List(values) => format!("for values in ({})", list(values)),
            PartitionBound::Hash { modulus, remainder } => {
                format!("for values with (modulus {modulus}, remainder {remainder})")
            }
        };
        text(format!("{} {bound}", self.parent))
    }
}

/// An argument of a routine without its name.
impl Shown for (ArgumentMode, DataType) {
    fn shown(&self, dialect: Dialect) -> Value {
        let mode = match self.0 {
            ArgumentMode::In => "",
            ArgumentMode::Out => "out ",
            ArgumentMode::InOut => "inout ",
            ArgumentMode::Variadic => "variadic ",
            ArgumentMode::Table => "table ",
        };
        text(format!("{mode}{}", type_text(&self.1, dialect)))
    }
}
