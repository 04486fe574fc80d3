//! What a schema declares, as the analysis looks it up.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::reads::Reads;
use super::respell::{Edits, Names};
use super::types::Type;
use super::unknown::UnknownColumn;
use crate::expr::builtin::builtins;
use crate::expr::tree::TypeName;
use crate::model::{ArgumentMode, Catalog, DataType, QualifiedName, Returns, Routine, Volatility};

/// A column of a relation or of a query.
#[derive(Clone, Debug)]
pub(super) struct Output {
    pub(super) name: String,
    pub(super) data_type: Option<Type>,
}

/// A routine of the schema as the choice of functions sees it.
#[derive(Clone, Debug)]
pub(super) struct Signature {
    pub(super) result: Option<Type>,
    pub(super) variadic: bool,
    /// Whether it may give another value of the same arguments.
    pub(super) mutable: bool,
    pub(super) defaults: usize,
    pub(super) arguments: Vec<Type>,
    /// The columns of its rows.
    pub(super) columns: Vec<Output>,
    /// Its name and signature, where the schema has it.
    pub(super) routine: Option<(QualifiedName, Box<str>)>,
}

/// A catalog, with what was found out about it on the way.
pub(in crate::expr) struct World<'c> {
    pub(super) catalog: &'c Catalog,
    /// The columns of views by name; `None` while one is looked at, so that circles end.
    pub(super) views: RefCell<HashMap<QualifiedName, Option<Rc<Vec<Output>>>>>,
    /// How deep views of views are being looked at.
    pub(super) depth: Cell<u32>,
    /// What the text at hand reads, where that is asked for.
    pub(super) reads: RefCell<Option<Reads>>,
    /// What it names and is not there.
    pub(super) unknown: RefCell<Vec<UnknownColumn>>,
    /// What it uses and is not IMMUTABLE.
    pub(super) mutable: RefCell<Vec<String>>,
    /// Whether the text at hand reads what others own: of that a schema may declare a part.
    pub(super) open: Cell<bool>,
    /// Views that do.
    pub(super) open_views: RefCell<HashSet<QualifiedName>>,
    /// What is called otherwise, where texts are written anew, and what that changes in the text at hand.
    pub(super) names: Option<Names<'c>>,
    pub(super) edits: RefCell<Edits>,
}

impl<'c> World<'c> {
    pub(in crate::expr) fn new(catalog: &'c Catalog) -> Self {
        Self {
            catalog,
            views: RefCell::new(HashMap::new()),
            depth: Cell::new(0),
            reads: RefCell::new(None),
            unknown: RefCell::default(),
            mutable: RefCell::default(),
            open: Cell::default(),
            open_views: RefCell::default(),
            names: None,
            edits: RefCell::default(),
        }
    }

    pub(in crate::expr) fn catalog(&self) -> &'c Catalog {
        self.catalog
    }

    /// The same, to be asked what texts read.
    pub(in crate::expr) fn recording(catalog: &'c Catalog) -> Self {
        let world = Self::new(catalog);
        world.reads.replace(Some(Reads::default()));
        world
    }

    /// The type that a column or argument was declared with.
    pub(super) fn declared_type(&self, found: &DataType) -> Type {
        let schema = found.name.schema.as_deref();
        let mut name = self.type_name(schema, &found.name.name);
        if found.dimensions > 0 {
            name.push_str("[]");
        }
        let modifier = match found.modifiers.as_slice() {
            // `character` is one character, `bpchar` any number of them.
            [] => None,
            modifiers => {
                let mut text = modifiers.join(",").to_lowercase();
                if name != "interval" {
                    text = text.replace(' ', "");
                }
                if let Some(precision) = text.strip_suffix(",0") {
                    text.truncate(precision.len());
                }
                Some(text)
            }
        };
        Type { name, modifier }
    }

    /// The type that a text names by itself.
    pub(in crate::expr) fn type_named(&self, text: &str) -> Option<DataType> {
        let written = crate::expr::tree::type_name(text)?;
        Some(self.written_type(&written).data_type())
    }

    /// The type that an expression names.
    pub(super) fn written_type(&self, written: &TypeName) -> Type {
        let mut name = self.type_name(written.schema.as_deref(), &written.name);
        self.record_type(&name);
        if written.array {
            name.push_str("[]");
        }
        Type {
            name,
            modifier: written.modifier.clone(),
        }
    }

    /// One name for a type, whichever way it was qualified: those of extensions have no schema.
    fn type_name(&self, schema: Option<&str>, name: &str) -> String {
        let builtin = builtins().types.contains_key(name);
        match schema {
            None | Some("pg_catalog") if builtin => name.to_owned(),
            None => match self.declares_type(&QualifiedName::new("public", name)) {
                true => format!("public.{name}"),
                false => name.to_owned(),
            },
            Some(schema) => {
                let declared = self.declares_type(&QualifiedName::new(schema, name));
                match !declared && (builtin || schema == "public") {
                    true => name.to_owned(),
                    false => format!("{schema}.{name}"),
                }
            }
        }
    }

    fn declares_type(&self, name: &QualifiedName) -> bool {
        let c = self.catalog;
        c.enums.contains_key(name)
            || c.domains.contains_key(name)
            || c.composites.contains_key(name)
            || c.ranges.contains_key(name)
            || c.shell_types.contains_key(name)
            || c.tables.contains_key(name)
            || c.views.contains_key(name)
    }

    pub(super) fn declared_category(&self, name: &str) -> char {
        let Some(name) = qualified(name) else {
            return 'U';
        };
        let c = self.catalog;
        if c.enums.contains_key(&name) {
            'E'
        } else if let Some(domain) = c.domains.get(&name) {
            let base = self.declared_type(&domain.base);
            if base.name.starts_with(&name.to_string()) {
                'U'
            } else {
                self.base_category(&base)
            }
        } else if c.ranges.contains_key(&name) {
            'R'
        } else if c.composites.contains_key(&name)
            || c.tables.contains_key(&name)
            || c.views.contains_key(&name)
        {
            'C'
        } else {
            'U'
        }
    }

    fn base_category(&self, found: &Type) -> char {
        let base = self.base(found);
        match self.domain_base(&base) {
            Some(_) => 'U',
            None => self.category(&base.name),
        }
    }

    pub(super) fn domain_base(&self, found: &Type) -> Option<Type> {
        let domain = self.catalog.domains.get(&qualified(&found.name)?)?;
        Some(self.declared_type(&domain.base))
    }

    pub(super) fn declared_range_element(&self, found: &Type) -> Option<Type> {
        let range = self.catalog.ranges.get(&qualified(&found.name)?)?;
        Some(self.declared_type(&range.subtype))
    }

    /// Whether a CREATE CAST ... AS IMPLICIT of the schema leads from one to the other.
    pub(super) fn declared_implicit(&self, pair: &(&str, &str)) -> bool {
        self.catalog.casts.values().any(|cast| {
            cast.context == crate::model::CastContext::Implicit
                && self.declared_type(&cast.source).name == pair.0
                && self.declared_type(&cast.target).name == pair.1
        })
    }

    /// The full name of the relation that an expression names, where the schema has it.
    pub(super) fn relation(&self, parts: &[String]) -> Option<QualifiedName> {
        let name = match parts {
            [name] => QualifiedName::new("public", name.as_str()),
            [.., schema, name] => QualifiedName::new(schema.as_str(), name.as_str()),
            [] => return None,
        };
        if self.catalog.relation(&name).is_some() {
            return Some(name);
        }
        // SQLite's relations have no schema.
        let bare = QualifiedName::bare(name.name);
        (parts.len() == 1 && self.catalog.relation(&bare).is_some()).then_some(bare)
    }

    /// One text for a relation, whichever way it was qualified.
    pub(super) fn relation_key(&self, parts: &[String]) -> String {
        if let Some(name) = self.relation(parts) {
            return name.to_string();
        }
        match parts {
            [schema, name] if schema == "public" || schema == "pg_catalog" => name.clone(),
            parts => parts.join("."),
        }
    }

    /// The routines of the schema that a call may mean, and their full name.
    pub(super) fn routines(&self, parts: &[String]) -> Option<(String, Vec<Signature>)> {
        let name = match parts {
            [name] => QualifiedName::new("public", name.as_str()),
            [.., schema, name] => QualifiedName::new(schema.as_str(), name.as_str()),
            [] => return None,
        };
        let from = (name.clone(), Box::<str>::from(""));
        let routines = self.catalog.routines.range(from.clone()..);
        let mut found: Vec<Signature> = routines
            .take_while(|((n, _), _)| *n == name)
            .map(|(key, routine)| Signature {
                routine: Some(key.clone()),
                ..self.signature(routine)
            })
            .collect();
        let aggregates = self.catalog.aggregates.range(from..);
        for (key, aggregate) in aggregates.take_while(|((n, _), _)| *n == name) {
            found.push(Signature {
                result: None,
                variadic: false,
                mutable: false,
                defaults: 0,
                arguments: aggregate
                    .arguments
                    .iter()
                    .map(|a| self.declared_type(&a.data_type))
                    .collect(),
                columns: Vec::new(),
                routine: Some(key.clone()),
            });
        }
        (!found.is_empty()).then(|| (name.to_string(), found))
    }

    fn signature(&self, routine: &Routine) -> Signature {
        let input = |mode| !matches!(mode, ArgumentMode::Out | ArgumentMode::Table);
        let inputs = || routine.arguments.iter().filter(|a| input(a.mode));
        let outputs = routine
            .arguments
            .iter()
            .filter(|a| !matches!(a.mode, ArgumentMode::In | ArgumentMode::Variadic));
        let columns: Vec<Output> = outputs
            .map(|a| Output {
                name: a
                    .name
                    .as_ref()
                    .map_or_else(String::new, ToString::to_string),
                data_type: Some(self.declared_type(&a.data_type)),
            })
            .collect();
        let result = match &routine.returns {
            Some(Returns::Type(found) | Returns::SetOf(found)) => Some(self.declared_type(found)),
            _ if columns.len() == 1 => columns[0].data_type.clone(),
            _ => Some(Type::new("record")),
        };
        Signature {
            result,
            // The planner writes out what is in SQL, and looks at that.
            mutable: routine.volatility != Volatility::Immutable && routine.language != "sql",
            variadic: inputs().any(|a| a.mode == ArgumentMode::Variadic),
            defaults: inputs().filter(|a| a.default.is_some()).count(),
            arguments: inputs().map(|a| self.declared_type(&a.data_type)).collect(),
            columns,
            routine: None,
        }
    }
}

/// The name of a declared type: built-in ones and arrays are none.
pub(super) fn qualified(name: &str) -> Option<QualifiedName> {
    if name.ends_with("[]") {
        return None;
    }
    let (schema, name) = name.split_once('.')?;
    Some(QualifiedName::new(schema, name))
}
