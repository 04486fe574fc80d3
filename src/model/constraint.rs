//! Table constraints.

use super::{Expr, Ident, IndexElement, Parameters, QualifiedName};

/// A constraint of a table. `NOT NULL` is a fact of the column, not one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// Empty in a declaration where the server would choose the name.
    pub name: Ident,
    pub kind: ConstraintKind,
    pub deferral: Deferral,
    pub not_valid: bool,
    /// `NOT ENFORCED`: of checks and foreign keys, never valid.
    pub not_enforced: bool,
    pub no_inherit: bool,
    /// Of a key of a partitioned table, made with `ONLY`: its index is invalid until every partition has
    /// attached its own.
    pub only: bool,
    pub comment: Option<Box<str>>,
    /// The comment on the index that the server keeps for it, which is an object of its own.
    pub index_comment: Option<Box<str>>,
}

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deferral {
    #[default]
    NotDeferrable,
    /// `DEFERRABLE INITIALLY IMMEDIATE`
    Immediate,
    /// `DEFERRABLE INITIALLY DEFERRED`
    Deferred,
}

/// What a constraint demands. The order is the order in which constraints are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    PrimaryKey {
        columns: Vec<Ident>,
        include: Vec<Ident>,
        storage: Parameters,
        tablespace: Option<Ident>,
        /// PostgreSQL 18: the last column is `WITHOUT OVERLAPS`.
        without_overlaps: bool,
    },
    Unique {
        columns: Vec<Ident>,
        include: Vec<Ident>,
        nulls_not_distinct: bool,
        storage: Parameters,
        tablespace: Option<Ident>,
        without_overlaps: bool,
    },
    Exclusion {
        method: Ident,
        elements: Vec<ExclusionElement>,
        include: Vec<Ident>,
        predicate: Option<Expr>,
        storage: Parameters,
        tablespace: Option<Ident>,
    },
    ForeignKey(ForeignKey),
    Check {
        expression: Expr,
    },
}

/// An element of an exclusion constraint: what is compared, and by which operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExclusionElement {
    pub element: IndexElement,
    /// `=`, `&&`, or `OPERATOR(schema.op)`.
    pub operator: Box<str>,
}

/// A foreign key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForeignKey {
    pub columns: Vec<Ident>,
    pub target: QualifiedName,
    /// The referenced columns; empty in a declaration that leaves them to the primary key, filled
    /// once resolved where the target is known.
    pub target_columns: Vec<Ident>,
    pub match_type: MatchType,
    pub on_delete: ReferentialAction,
    pub on_update: ReferentialAction,
    /// The columns of `ON DELETE SET NULL (columns)`.
    pub on_delete_columns: Vec<Ident>,
    /// PostgreSQL 18: the last column is `PERIOD`.
    pub period: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchType {
    #[default]
    Simple,
    Full,
    Partial,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReferentialAction {
    #[default]
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

impl ReferentialAction {
    pub fn as_sql(self) -> &'static str {
        match self {
            Self::NoAction => "NO ACTION",
            Self::Restrict => "RESTRICT",
            Self::Cascade => "CASCADE",
            Self::SetNull => "SET NULL",
            Self::SetDefault => "SET DEFAULT",
        }
    }
}

impl Constraint {
    pub fn new(name: impl Into<Ident>, kind: ConstraintKind) -> Self {
        Self {
            name: name.into(),
            kind,
            deferral: Deferral::default(),
            not_valid: false,
            not_enforced: false,
            no_inherit: false,
            only: false,
            comment: None,
            index_comment: None,
        }
    }

    pub fn is_primary_key(&self) -> bool {
        matches!(self.kind, ConstraintKind::PrimaryKey { .. })
    }

    pub fn is_unique(&self) -> bool {
        matches!(self.kind, ConstraintKind::Unique { .. })
    }

    pub fn as_foreign_key(&self) -> Option<&ForeignKey> {
        match &self.kind {
            ConstraintKind::ForeignKey(fk) => Some(fk),
            _ => None,
        }
    }

    pub fn as_check(&self) -> Option<&Expr> {
        match &self.kind {
            ConstraintKind::Check { expression } => Some(expression),
            _ => None,
        }
    }

    /// The columns a key or foreign key constrains; empty for checks and exclusions.
    pub fn columns(&self) -> &[Ident] {
        match &self.kind {
            ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => {
                columns
            }
            ConstraintKind::ForeignKey(fk) => &fk.columns,
            ConstraintKind::Exclusion { .. } | ConstraintKind::Check { .. } => &[],
        }
    }

    /// Whether it is a key that a plain unique index can stand for: rows are told apart by equal values.
    pub fn is_plain_key(&self) -> bool {
        match &self.kind {
            ConstraintKind::PrimaryKey {
                without_overlaps, ..
            }
            | ConstraintKind::Unique {
                without_overlaps, ..
            } => !without_overlaps,
            _ => false,
        }
    }

    /// The condition of a check; the keys and the predicate of an exclusion.
    pub fn expressions(&self) -> Vec<&Expr> {
        match &self.kind {
            ConstraintKind::Check { expression } => vec![expression],
            ConstraintKind::Exclusion {
                elements,
                predicate,
                ..
            } => {
                let keys = elements
                    .iter()
                    .filter_map(|e| e.element.expression.as_ref());
                keys.chain(predicate).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The plain columns that an exclusion compares.
    pub fn compared(&self) -> Vec<&Ident> {
        match &self.kind {
            ConstraintKind::Exclusion { elements, .. } => {
                let elements = elements.iter();
                elements.filter_map(|e| e.element.column.as_ref()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The columns that its index holds beside the key.
    pub fn included(&self) -> &[Ident] {
        match &self.kind {
            ConstraintKind::PrimaryKey { include, .. }
            | ConstraintKind::Unique { include, .. }
            | ConstraintKind::Exclusion { include, .. } => include,
            ConstraintKind::ForeignKey(_) | ConstraintKind::Check { .. } => &[],
        }
    }

    /// Whether the server keeps an index of the constraint's name for it.
    pub fn has_index(&self) -> bool {
        matches!(
            self.kind,
            ConstraintKind::PrimaryKey { .. }
                | ConstraintKind::Unique { .. }
                | ConstraintKind::Exclusion { .. }
        )
    }

    /// Rank of the kind in listings: keys, exclusions, foreign keys, checks.
    pub fn rank(&self) -> u8 {
        match self.kind {
            ConstraintKind::PrimaryKey { .. } => 0,
            ConstraintKind::Unique { .. } => 1,
            ConstraintKind::Exclusion { .. } => 2,
            ConstraintKind::ForeignKey(_) => 3,
            ConstraintKind::Check { .. } => 4,
        }
    }
}
