//! One statement of a source, or what a YAML key says, in the terms of the model.

use std::sync::Arc;

use super::{Condition, Statistics};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::{
    AclItem, Argument, Column, Constraint, DataType, Expr, Ident, KeptStatement, Notes, Object,
    ObjectKind, PartitionBound, QualifiedName, ReplicaIdentity, SequenceOptions, TriggerEnabled,
};

/// The schemas that an unqualified name is looked up in, first match wins; the first one is where
/// an unqualified CREATE goes. Empty in SQLite and after `set_config('search_path', '')`.
pub type SearchPath = Arc<[Ident]>;

/// What a source says, in its order.
#[derive(Clone, Debug)]
pub struct Declaration {
    pub statement: Statement,
    /// The whole statement (or YAML value), without comments around it.
    pub span: Span,
    pub search_path: SearchPath,
    /// Who runs it, where SET ROLE has said so: the owner of what it creates.
    pub role: Option<Ident>,
    /// Positions of parts, for diagnostics.
    pub parts: Vec<(Part, Span)>,
    /// Annotations of the object or of a part of it.
    pub notes: Vec<(Part, Notes)>,
    /// Positions of `Notes::allow` and `Notes::dependencies`, as (part, is a dependency, n, span).
    pub note_spans: Vec<(Part, bool, u16, Span)>,
    /// From a file whose objects belong to others (`--setup`).
    pub external: bool,
    /// From a migration: what it drops or changes may stand in any migration before it.
    pub in_order: bool,
    /// The statement verbatim, where it changes an object that may belong to others (an
    /// extension's function): it is kept as it is then.
    pub text: Option<Box<str>>,
    /// Of a statement of a `DO` block: it runs where all of these hold.
    pub conditions: Vec<Condition>,
    /// Whether `check_function_bodies` is off.
    pub bodies_unread: bool,
}

impl Declaration {
    pub fn new(statement: Statement, span: Span, search_path: SearchPath) -> Self {
        Self {
            statement,
            span,
            search_path,
            role: None,
            parts: Vec::new(),
            notes: Vec::new(),
            note_spans: Vec::new(),
            external: false,
            in_order: false,
            text: None,
            conditions: Vec::new(),
            bodies_unread: false,
        }
    }
}

/// A part of the declared object that has a position or notes of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The object itself.
    Object,
    /// The object's name.
    Name,
    Column(Ident),
    ColumnType(Ident),
    ColumnDefault(Ident),
    /// What is said about the object or a column, where it links to something.
    Comment,
    ColumnComment(Ident),
    /// A constraint of a table or domain by its name.
    NamedConstraint(Ident),
    /// The n-th of the table's constraints as declared, or of an ALTER's actions.
    Constraint(u16),
    /// A reference to another object by name: the target of a foreign key, a function, a type.
    Reference(QualifiedName),
}

/// The declarations of one source with what was said while reading it.
#[derive(Clone, Debug, Default)]
pub struct Declarations {
    pub declarations: Vec<Declaration>,
    pub diagnostics: Vec<Diagnostic>,
    pub statistics: Statistics,
}

/// What a statement does to the catalog.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "most statements are CREATE, the largest; a box would cost each of them an allocation"
)]
pub enum Statement {
    Create {
        object: Object,
        or_replace: bool,
        if_not_exists: bool,
        /// `LIKE` clauses of a table.
        like: Vec<LikeClause>,
    },
    Alter {
        target: Target,
        if_exists: bool,
        /// `ALTER TABLE ONLY`.
        only: bool,
        actions: Vec<AlterAction>,
    },
    Drop {
        targets: Vec<Target>,
        if_exists: bool,
        cascade: bool,
    },
    /// `COMMENT ON`; `None` removes it.
    Comment {
        target: Target,
        text: Option<Box<str>>,
    },
    Grant {
        targets: Vec<Target>,
        /// `ALL` stands as such; one item a grantee, privilege and column.
        items: Vec<AclItem>,
        revoke: bool,
        /// `REVOKE GRANT OPTION FOR`.
        only_option: bool,
        /// `ON ALL TABLES IN SCHEMA`: the schemas; `targets` then holds only the kind.
        all_in_schemas: Vec<Ident>,
    },
    DefaultPrivileges {
        roles: Vec<Ident>,
        schemas: Vec<Ident>,
        /// `Table`, `Sequence`, `Function`, `ShellType` (types) or `Schema`.
        kind: ObjectKind,
        items: Vec<AclItem>,
        revoke: bool,
        /// `REVOKE GRANT OPTION FOR`.
        only_option: bool,
    },
    /// A verbatim change to an object that is itself opaque.
    AlterOpaque {
        kind: Box<str>,
        name: QualifiedName,
        text: Box<str>,
    },
    Kept(KeptStatement),
    /// A `setval`: numbers are no part of a schema, but what has them has to be there.
    SetValue(Box<str>),
}

/// `LIKE source INCLUDING ...`, and the place among the columns where it stands.
#[derive(Clone, Debug)]
pub struct LikeClause {
    pub source: QualifiedName,
    /// Upper case words: `DEFAULTS`, `CONSTRAINTS`, `INDEXES`, `ALL`, ...; exclusions already
    /// taken out.
    pub including: Vec<Box<str>>,
    /// The number of declared columns before it.
    pub position: usize,
}

/// What ALTER, DROP, COMMENT and GRANT name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// `Table` stands for any relation where the statement does not care (GRANT, ALTER TABLE).
    pub kind: ObjectKind,
    pub name: QualifiedName,
    pub member: Option<Ident>,
    /// The arguments of a routine; `None` where not given.
    pub arguments: Option<Vec<Argument>>,
    /// What else tells it apart: an access method, a text search kind, an opaque kind.
    pub detail: Option<Box<str>>,
}

impl Target {
    pub fn new(kind: ObjectKind, name: QualifiedName) -> Self {
        Self {
            kind,
            name,
            member: None,
            arguments: None,
            detail: None,
        }
    }
}

/// What ALTER TYPE does to an attribute, with its type and collation.
#[derive(Clone, Debug)]
pub enum AttributeChange {
    Add(Ident, DataType, Option<QualifiedName>),
    Drop { name: Ident, if_exists: bool },
    Alter(Ident, DataType, Option<QualifiedName>),
    Rename { from: Ident, to: Ident },
}

/// One action of an ALTER statement.
#[derive(Clone, Debug)]
pub enum AlterAction {
    AddColumn {
        column: Box<Column>,
        constraints: Vec<Constraint>,
        if_not_exists: bool,
    },
    DropColumn {
        name: Ident,
        if_exists: bool,
        cascade: bool,
    },
    Column {
        name: Ident,
        action: ColumnAction,
    },
    AddConstraint(Box<Constraint>),
    /// `ADD CONSTRAINT name UNIQUE | PRIMARY KEY USING INDEX index`; the constraint has no columns.
    AddConstraintUsingIndex {
        constraint: Box<Constraint>,
        index: Ident,
    },
    DropConstraint {
        name: Ident,
        if_exists: bool,
        cascade: bool,
    },
    /// The constraint, its deferral and validity as ALTER CONSTRAINT gives them.
    AlterConstraint {
        name: Ident,
        deferral: Option<crate::model::Deferral>,
        enforced: Option<bool>,
    },
    ValidateConstraint(Ident),
    Rename(Ident),
    RenameColumn {
        from: Ident,
        to: Ident,
    },
    RenameConstraint {
        from: Ident,
        to: Ident,
    },
    /// `ALTER TYPE ... RENAME VALUE`, `RENAME ATTRIBUTE`.
    RenameValue {
        from: Box<str>,
        to: Box<str>,
    },
    SetSchema(Ident),
    Owner(Ident),
    SetStorage(Vec<(Box<str>, Box<str>)>),
    ResetStorage(Vec<Box<str>>),
    SetLogged(bool),
    SetAccessMethod(Ident),
    SetTablespace(Ident),
    ClusterOn(Option<Ident>),
    ReplicaIdentity(ReplicaIdentity),
    RowSecurity(bool),
    ForceRowSecurity(bool),
    Trigger {
        name: Option<Ident>,
        user: bool,
        enabled: TriggerEnabled,
    },
    Rule {
        name: Ident,
        enabled: TriggerEnabled,
    },
    AttachPartition {
        partition: QualifiedName,
        bound: Option<PartitionBound>,
    },
    DetachPartition {
        partition: QualifiedName,
        /// In two transactions of its own, or their end (`FINALIZE`).
        concurrently: bool,
    },
    Inherit(QualifiedName),
    NoInherit(QualifiedName),
    OfType(Option<QualifiedName>),
    /// `OPTIONS (ADD|SET|DROP ...)`: the verb, name, value.
    Options(Vec<(Box<str>, Box<str>, Box<str>)>),
    /// Types.
    AddValue {
        value: Box<str>,
        before: Option<Box<str>>,
        after: Option<Box<str>>,
        if_not_exists: bool,
    },
    DomainDefault(Option<Expr>),
    DomainNotNull(bool),
    /// Of a composite type; with CASCADE the tables of the type follow.
    Attribute {
        change: AttributeChange,
        cascade: bool,
    },
    /// Sequences; only the options named are in the list of words.
    Sequence {
        options: Box<SequenceOptions>,
        given: Vec<&'static str>,
    },
    OwnedBy(Option<(QualifiedName, Ident)>),
    /// Routines: the altered attributes as a routine, with the words that were given (`volatility`,
    /// `strict`, `leakproof`, `security`, `parallel`, `cost`, `rows`, `support`, `set`) and the
    /// settings that were reset (`all` for all of them).
    Routine {
        routine: Box<crate::model::Routine>,
        given: Vec<&'static str>,
        reset: Vec<Box<str>>,
    },
    DependsOnExtension {
        extension: Ident,
        remove: bool,
    },
    /// Extensions.
    Version(Option<Box<str>>),
    /// Policies.
    Policy {
        roles: Option<Vec<Ident>>,
        using: Option<Expr>,
        with_check: Option<Expr>,
    },
    /// Publications: `ADD`, `SET`, `DROP` of the publication's tables and schemas.
    Publication {
        verb: Box<str>,
        publication: Box<crate::model::Publication>,
    },
    /// Text search: mapping changes, `ADD`, `ALTER`, `DROP`, `REPLACE`.
    Mapping {
        verb: Box<str>,
        tokens: Vec<Box<str>>,
        dictionaries: Vec<QualifiedName>,
        replaced: Option<QualifiedName>,
    },
    /// Text search dictionary and operator options: name and value, `None` removes.
    Definition(Vec<(Box<str>, Option<Expr>)>),
    /// Operator families.
    AddItems(Vec<Expr>),
    DropItems(Vec<Expr>),
    /// Event triggers.
    EventTriggerEnabled(TriggerEnabled),
    /// Statistics target of extended statistics.
    StatisticsTarget(i32),
    /// Foreign servers; `None` is `VERSION NULL`.
    ServerVersion(Option<Box<str>>),
    Handler {
        word: &'static str,
        function: Option<QualifiedName>,
    },
    Connection(Box<str>),
    /// Subscriptions: `ADD`, `SET`, `DROP` of the publications it follows.
    SubscriptionPublications {
        verb: Box<str>,
        names: Vec<Ident>,
    },
    /// Understood, and without effect on the catalog (`REFRESH VERSION`).
    Nothing,
}

/// `ALTER COLUMN`.
#[derive(Clone, Debug)]
pub enum ColumnAction {
    Type {
        data_type: DataType,
        collation: Option<QualifiedName>,
        using: Option<Expr>,
    },
    Default(Option<Expr>),
    NotNull(bool),
    /// `ADD NOT NULL column NOT VALID`: rows that are there already are not looked at.
    NotNullNotValid,
    /// `ADD GENERATED ... AS IDENTITY`.
    AddIdentity(crate::model::Identity),
    SetIdentity {
        always: Option<bool>,
        options: Box<SequenceOptions>,
        given: Vec<&'static str>,
    },
    DropIdentity {
        if_exists: bool,
    },
    SetExpression(Expr),
    DropExpression {
        if_exists: bool,
    },
    Statistics(Option<i32>),
    Storage(Option<Box<str>>),
    Compression(Option<Box<str>>),
    SetOptions(Vec<(Box<str>, Box<str>)>),
    ResetOptions(Vec<Box<str>>),
    /// What becomes of each option: the verb, the name and the value.
    ForeignOptions(Vec<(Box<str>, Box<str>, Box<str>)>),
}
