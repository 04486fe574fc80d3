//! Types as the analysis sees them, and what converts to what by itself.
//!
//! Source: PostgreSQL manual, chapter 10; src/backend/parser/parse_coerce.c (`can_coerce_type`,
//! `TypeCategory`, `check_generic_type_consistency`, `select_common_type`).

use super::World;
use super::world::qualified;
use crate::expr::builtin::builtins;
use crate::model::DataType;

/// A type: its name as `format_type` prints it, qualified where it is one of the schema, with `[]`
/// where it is an array. Equality sees no modifier: `varchar(10)` is `varchar`.
#[derive(Clone, Debug)]
pub(in crate::expr) struct Type {
    pub(super) name: String,
    pub(super) modifier: Option<String>,
}

impl PartialEq for Type {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Type {
    pub(super) fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            modifier: None,
        }
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name
    }

    pub(super) fn element(&self) -> Option<Self> {
        let name = match self.name.as_str() {
            "oidvector" => "oid",
            "int2vector" => "smallint",
            name => name.strip_suffix("[]")?,
        };
        Some(Self {
            name: name.to_owned(),
            modifier: self.modifier.clone(),
        })
    }

    pub(super) fn array(&self) -> Self {
        match self.name.ends_with("[]") {
            true => self.clone(),
            false => Self {
                name: format!("{}[]", self.name),
                modifier: self.modifier.clone(),
            },
        }
    }

    /// With its modifier, as a cast names it.
    pub(super) fn full(&self) -> String {
        match &self.modifier {
            Some(modifier) => format!("{}({modifier})", self.name),
            None => self.name.clone(),
        }
    }

    /// As a column is declared: the modifier of an array is its elements'.
    pub(super) fn declared(&self) -> String {
        match self.name.strip_suffix("[]") {
            Some(_) if self.modifier.is_some() => {
                let element = self.element().map(|e| e.full());
                element.unwrap_or_default() + "[]"
            }
            _ => self.full(),
        }
    }

    /// As a type that a declaration names.
    pub(super) fn data_type(&self) -> DataType {
        let (name, dimensions) = match self.name.strip_suffix("[]") {
            Some(element) => (element, 1),
            None => (self.name.as_str(), 0),
        };
        let mut found = match qualified(name) {
            Some(name) => DataType {
                name,
                ..DataType::default()
            },
            None => DataType::builtin(name),
        };
        let modifiers = self.modifier.iter().flat_map(|m| m.split(','));
        found.modifiers = modifiers.map(Into::into).collect();
        found.dimensions = dimensions;
        found
    }

    pub(super) fn without_modifier(&self) -> Self {
        Self::new(self.name.clone())
    }
}

/// What an argument is: of a type, a literal without one yet, or nothing that we can tell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Given {
    Known(Type),
    Literal,
    Unclear,
}

pub(super) fn is_polymorphic(name: &str) -> bool {
    name.starts_with("any") && name != "any" || matches!(name, "anyelement")
}

impl World<'_> {
    pub(super) fn category(&self, name: &str) -> char {
        if name.ends_with("[]") || matches!(name, "oidvector" | "int2vector") {
            return 'A';
        }
        if let Some(found) = builtins().types.get(name) {
            return found.category;
        }
        self.declared_category(name)
    }

    pub(super) fn is_preferred(&self, category: char, name: &str) -> bool {
        builtins()
            .types
            .get(name)
            .is_some_and(|t| t.preferred && t.category == category)
    }

    /// The type under a domain, or under a domain over a domain.
    pub(super) fn base(&self, found: &Type) -> Type {
        let mut base = found.clone();
        for _ in 0..16 {
            match self.domain_base(&base) {
                Some(next) => base = next,
                None => break,
            }
        }
        base
    }

    /// Whether a value of one type is taken where the other is wanted, without a cast being written.
    pub(super) fn coercible(&self, from: &Type, to: &str) -> bool {
        if from.name == to || matches!(to, "\"any\"" | "any") {
            return true;
        }
        if is_polymorphic(to) {
            return self.fits_polymorphic(from, to);
        }
        let pair = (from.name.as_str(), to);
        if builtins().casts.get(&pair).is_some_and(|c| c.implicit) || self.declared_implicit(&pair)
        {
            return true;
        }
        if to == "record" && self.category(&from.name) == 'C' {
            return true;
        }
        let base = self.base(from);
        if base != *from {
            return self.coercible(&base, to);
        }
        match (from.element(), to.strip_suffix("[]")) {
            (Some(element), Some(to)) if from.name.ends_with("[]") => self.coercible(&element, to),
            _ => false,
        }
    }

    fn fits_polymorphic(&self, from: &Type, to: &str) -> bool {
        let base = self.base(from);
        let category = self.category(&base.name);
        match to {
            "anyarray" | "anycompatiblearray" => category == 'A',
            "anynonarray" | "anycompatiblenonarray" => category != 'A',
            "anyenum" => category == 'E',
            "anyrange" | "anycompatiblerange" => {
                category == 'R' && !base.name.contains("multirange")
            }
            "anymultirange" | "anycompatiblemultirange" => base.name.contains("multirange"),
            _ => true,
        }
    }

    /// The subtype of a range type.
    pub(super) fn range_element(&self, found: &Type) -> Option<Type> {
        let base = self.base(found);
        match builtins().types.get(base.name.as_str()) {
            Some(builtin) if !builtin.element.is_empty() => {
                let element = Type::new(builtin.element);
                // Of a multirange the range is the element, and its subtype is meant.
                Some(self.range_element(&element).unwrap_or(element))
            }
            _ => self.declared_range_element(&base),
        }
    }

    /// The type that several expressions agree on (UNION, CASE, COALESCE, ARRAY, IN); `None` where that
    /// cannot be told. Literals without a type take part in nothing; of literals alone it is text.
    pub(super) fn common_type(&self, given: &[Given]) -> Option<Type> {
        let mut common: Option<Type> = None;
        for one in given {
            let found = match one {
                Given::Unclear => return None,
                Given::Literal => continue,
                Given::Known(found) => found,
            };
            let Some(current) = &common else {
                common = Some(found.clone());
                continue;
            };
            if current == found {
                if current.modifier != found.modifier {
                    common = Some(found.without_modifier());
                }
                continue;
            }
            let (current, found) = (self.base(current), self.base(found));
            if current == found {
                common = Some(current);
                continue;
            }
            let category = self.category(&current.name);
            if category != self.category(&found.name) {
                return None;
            }
            let takes_over = !self.is_preferred(category, &current.name)
                && self.coercible(&current, &found.name)
                && !self.coercible(&found, &current.name);
            common = Some(if takes_over { found } else { current }.without_modifier());
        }
        Some(common.unwrap_or_else(|| Type::new("text")))
    }
}
