//! Every property of every kind of object is compared: a catalog with one property changed has that
//! change, and no other.

use schemagen::dialect::Dialect;
use schemagen::diff::{Options, compare};
use schemagen::model::*;

fn name(text: &str) -> QualifiedName {
    QualifiedName::new("public", text)
}

fn text(text: &str) -> Option<Box<str>> {
    Some(text.into())
}

fn expr(text: &str) -> Expr {
    Expr::new(text, text)
}

fn one(name: &str) -> Parameters {
    Parameters::from([(name.into(), "1".into())])
}

/// The properties that a change of one object has.
fn properties(before: Object, after: Object) -> Vec<String> {
    let catalog = |object: Object| {
        let mut catalog = Catalog::default();
        catalog.insert(object);
        catalog
    };
    told(&catalog(before), &catalog(after))
}

fn told(before: &Catalog, after: &Catalog) -> Vec<String> {
    let options = Options::new(Dialect::Postgres);
    let nothing = compare(Pair::new(before, before), &options);
    assert_eq!(nothing.changes, []);
    let comparison = compare(Pair::new(before, after), &options);
    let back = compare(Pair::new(after, before), &options);
    assert_eq!(comparison.changes.len(), back.changes.len());
    let mut told = Vec::new();
    for change in &comparison.changes {
        match &change.kind {
            ChangeKind::Create => told.push(format!("+{}", change.id.path())),
            ChangeKind::Drop => told.push(format!("-{}", change.id.path())),
            ChangeKind::Rename { .. } => told.push(format!(">{}", change.id.path())),
            ChangeKind::Alter(list) => told.extend(list.iter().map(|d| d.property.to_string())),
        }
    }
    told
}

/// Changes of an object, each with what is to be told.
macro_rules! mutations {
    ($base:expr, $wrap:expr, |$o:ident| { $($what:literal: $change:expr;)+ }) => {{
        $({
            let before = $base;
            let mut $o = before.clone();
            $change;
            let before_object = $wrap(before);
            assert_eq!(properties(before_object, $wrap($o)), [$what]);
        })+
    }};
}

fn facets() -> Facets {
    Facets::default()
}

fn table() -> Table {
    let column = |name: &str| Column {
        name: name.into(),
        data_type: DataType::builtin("integer"),
        ..Column::default()
    };
    let key = ConstraintKind::PrimaryKey {
        columns: vec!["a".into()],
        include: Vec::new(),
        storage: Parameters::new(),
        tablespace: None,
        without_overlaps: false,
    };
    let index = Index {
        name: "i".into(),
        method: "btree".into(),
        elements: vec![IndexElement::column("a")],
        ..Index::default()
    };
    Table {
        name: name("t"),
        columns: vec![column("a"), column("b")],
        constraints: vec![
            Constraint::new("k", key),
            Constraint::new("f", ConstraintKind::ForeignKey(ForeignKey::default())),
            Constraint::new(
                "c",
                ConstraintKind::Check {
                    expression: expr("a > 0"),
                },
            ),
        ],
        indexes: vec![index],
        triggers: vec![Trigger {
            name: "g".into(),
            ..Trigger::default()
        }],
        rules: vec![Rule {
            name: "r".into(),
            ..Rule::default()
        }],
        policies: vec![Policy {
            name: "p".into(),
            ..Policy::default()
        }],
        ..Table::default()
    }
}

fn boxed(table: Table) -> Object {
    Object::Table(Box::new(table))
}

#[test]
fn properties_of_tables() {
    mutations!(table(), boxed, |t| {
        "persistence": t.persistence = Persistence::Unlogged;
        "partition by": t.partition_by = Some(PartitionBy { strategy: "list".into(), keys: Vec::new() });
        "partition of": t.partition_of = Some(PartitionOf { parent: name("p"), bound: PartitionBound::Default });
        "inherits public.p": t.inherits.push(name("p"));
        "of type": t.of_type = Some(name("ty"));
        "parameter fillfactor": t.storage = one("fillfactor");
        "access method": t.access_method = Some("columnar".into());
        "tablespace": t.tablespace = Some("fast".into());
        "replica identity": t.replica_identity = ReplicaIdentity::Full;
        "row security": t.row_security = true;
        "force row security": t.force_row_security = true;
        "cluster on": t.cluster_on = Some("i".into());
        "kind": t.foreign = Some(ForeignTableSpec::default());
        "strict": t.strict = true;
        "without rowid": t.without_rowid = true;
        "owner": t.facets.owner = Some("boss".into());
        "comment": t.facets.comment = text("said");
        "SELECT to PUBLIC": { t.facets.acl.granted.insert(AclItem { grantee: Grantee::Public, column: None, privilege: "SELECT".into(), grant_option: false }); };
        "+public.t.x": t.columns.push(Column { name: "x".into(), ..Column::default() });
        "-public.t.b": { t.columns.pop(); };
        "-public.t.c": { t.constraints.pop(); };
        "-public.i": { t.indexes.pop(); };
        "-public.t.g": { t.triggers.pop(); };
        "-public.t.r": { t.rules.pop(); };
        "-public.t.p": { t.policies.pop(); };
    });
    let mut turned = table();
    turned.columns.reverse();
    turned.constraints.reverse();
    assert_eq!(properties(boxed(table()), boxed(turned)), [""; 0]);
}

#[test]
fn properties_of_columns() {
    mutations!(table(), boxed, |t| {
        "type": t.columns[0].data_type.modifiers.push("3".into());
        "collation": t.columns[0].collation = Some(name("c"));
        "not null": t.columns[0].not_null = true;
        "default": t.columns[0].default = Some(expr("1"));
        "identity": t.columns[0].identity = Some(Box::default());
        "storage": t.columns[0].storage = text("plain");
        "compression": t.columns[0].compression = text("lz4");
        "statistics target": t.columns[0].statistics_target = Some(5);
        "parameter n_distinct": t.columns[0].options = one("n_distinct");
        "option column_name": t.columns[0].foreign_options = one("column_name");
        "inherited": t.columns[0].inherited = true;
        "autoincrement": t.columns[0].autoincrement = true;
        "comment": t.columns[0].comment = text("said");
    });
    let mut generated = table();
    generated.columns[0].generated = Some(Generated {
        expression: expr("b"),
        stored: true,
    });
    mutations!(generated.clone(), boxed, |t| {
        "generated": t.columns[0].generated = Some(Generated { expression: expr("b + 1"), stored: true });
        "generated kind": t.columns[0].generated = Some(Generated { expression: expr("b"), stored: false });
    });
    let mut identity = table();
    identity.columns[0].identity = Some(Box::default());
    let identity_of = |t: &mut Table, change: &dyn Fn(&mut Identity)| {
        change(t.columns[0].identity.as_mut().expect("it has one"));
    };
    mutations!(identity.clone(), boxed, |t| {
        "identity": identity_of(&mut t, &|i| i.always = true);
        "identity sequence": identity_of(&mut t, &|i| i.sequence = Some(name("s")));
        "increment": identity_of(&mut t, &|i| i.options.increment = Some(2));
    });
}

#[test]
fn properties_of_constraints() {
    fn key(
        t: &mut Table,
        change: impl Fn(
            &mut Vec<Ident>,
            &mut Vec<Ident>,
            &mut Parameters,
            &mut Option<Ident>,
            &mut bool,
        ),
    ) {
        if let ConstraintKind::PrimaryKey {
            columns,
            include,
            storage,
            tablespace,
            without_overlaps,
        } = &mut t.constraints[0].kind
        {
            change(columns, include, storage, tablespace, without_overlaps);
        }
    }
    fn foreign(t: &mut Table) -> &mut ForeignKey {
        match &mut t.constraints[1].kind {
            ConstraintKind::ForeignKey(fk) => fk,
            _ => unreachable!("the second is a foreign key"),
        }
    }
    mutations!(table(), boxed, |t| {
        "deferral": t.constraints[0].deferral = Deferral::Deferred;
        "validated": t.constraints[2].not_valid = true;
        "no inherit": t.constraints[2].no_inherit = true;
        "comment": t.constraints[0].comment = text("said");
        "index comment": t.constraints[0].index_comment = text("said");
        "columns": key(&mut t, |columns, _, _, _, _| columns.push("b".into()));
        "include": key(&mut t, |_, include, _, _, _| include.push("b".into()));
        "parameter fillfactor": key(&mut t, |_, _, storage, _, _| *storage = one("fillfactor"));
        "tablespace": key(&mut t, |_, _, _, tablespace, _| *tablespace = Some("fast".into()));
        "without overlaps": key(&mut t, |_, _, _, _, overlaps| *overlaps = true);
        "expression": t.constraints[2].kind = ConstraintKind::Check { expression: expr("a > 1") };
        "kind": t.constraints[2].kind = ConstraintKind::ForeignKey(ForeignKey::default());
        "columns": foreign(&mut t).columns.push("a".into());
        "target": foreign(&mut t).target = name("other");
        "target columns": foreign(&mut t).target_columns.push("a".into());
        "match": foreign(&mut t).match_type = MatchType::Full;
        "on delete": foreign(&mut t).on_delete = ReferentialAction::Cascade;
        "on delete columns": foreign(&mut t).on_delete_columns.push("a".into());
        "on update": foreign(&mut t).on_update = ReferentialAction::Cascade;
        "period": foreign(&mut t).period = true;
    });
    let exclusion = |predicate: Option<Expr>, method: &str, elements: Vec<ExclusionElement>| {
        let mut t = table();
        t.constraints[0].kind = ConstraintKind::Exclusion {
            method: method.into(),
            elements,
            include: Vec::new(),
            predicate,
            storage: Parameters::new(),
            tablespace: None,
        };
        t
    };
    let element = ExclusionElement {
        element: IndexElement::column("a"),
        operator: "=".into(),
    };
    let base = exclusion(None, "gist", Vec::new());
    for (what, changed) in [
        ("method", exclusion(None, "spgist", Vec::new())),
        ("elements", exclusion(None, "gist", vec![element])),
        (
            "predicate",
            exclusion(Some(expr("a > 0")), "gist", Vec::new()),
        ),
    ] {
        assert_eq!(properties(boxed(base.clone()), boxed(changed)), [what]);
    }
}

#[test]
fn properties_of_indexes_triggers_rules_and_policies() {
    mutations!(table(), boxed, |t| {
        "unique": t.indexes[0].unique = true;
        "method": t.indexes[0].method = "hash".into();
        "elements": t.indexes[0].elements[0].order = SortOrder::Descending;
        "elements": t.indexes[0].elements[0].nulls = Some(NullsOrder::First);
        "elements": t.indexes[0].elements[0].opclass = Some(name("ops"));
        "elements": t.indexes[0].elements[0].opclass_parameters = one("siglen");
        "elements": t.indexes[0].elements[0].collation = Some(name("c"));
        "include": t.indexes[0].include.push("b".into());
        "nulls not distinct": t.indexes[0].nulls_not_distinct = true;
        "predicate": t.indexes[0].predicate = Some(expr("a > 0"));
        "parameter fillfactor": t.indexes[0].storage = one("fillfactor");
        "tablespace": t.indexes[0].tablespace = Some("fast".into());
        "only": t.indexes[0].only = true;
        "attached to": t.indexes[0].parent = Some(name("pi"));
        "expression statistics 1": { t.indexes[0].statistics.insert(1, 100); };
        "comment": t.indexes[0].comment = text("said");
        "timing": t.triggers[0].timing = "AFTER".into();
        "events": t.triggers[0].events.push("INSERT".into());
        "update of": t.triggers[0].update_of.push("a".into());
        "for each row": t.triggers[0].for_each_row = true;
        "constraint trigger": t.triggers[0].constraint = true;
        "from": t.triggers[0].from = Some(name("o"));
        "deferral": t.triggers[0].deferral = Deferral::Immediate;
        "old table": t.triggers[0].old_table = Some("o".into());
        "new table": t.triggers[0].new_table = Some("n".into());
        "when": t.triggers[0].when = Some(expr("true"));
        "function": t.triggers[0].function = name("f");
        "arguments": t.triggers[0].arguments.push("x".into());
        "enabled": t.triggers[0].enabled = TriggerEnabled::Always;
        "extension": t.triggers[0].extension = Some("e".into());
        "comment": t.triggers[0].comment = text("said");
        "events": t.rules[0].event = "INSERT".into();
        "when": t.rules[0].condition = Some(expr("true"));
        "instead": t.rules[0].instead = true;
        "action": t.rules[0].action = expr("NOTHING");
        "enabled": t.rules[0].enabled = TriggerEnabled::Disabled;
        "comment": t.rules[0].comment = text("said");
        "restrictive": t.policies[0].restrictive = true;
        "command": t.policies[0].command = PolicyCommand::Select;
        "roles": t.policies[0].roles.push("r".into());
        "using": t.policies[0].using = Some(expr("true"));
        "with check": t.policies[0].with_check = Some(expr("true"));
        "comment": t.policies[0].comment = text("said");
    });
}

#[test]
fn properties_of_types_and_sequences() {
    let o = EnumType {
        name: name("e"),
        values: vec!["a".into(), "b".into()],
        facets: facets(),
    };
    mutations!(o.clone(), Object::Enum, |e| {
        "+public.e.c": e.values.insert(1, "c".into());
        "-public.e.b": { e.values.pop(); };
        "value order": e.values.reverse();
        "comment": e.facets.comment = text("said");
    });
    let check = DomainCheck {
        name: "c".into(),
        expression: expr("true"),
        not_valid: false,
        comment: None,
    };
    let o = Domain {
        name: name("d"),
        checks: vec![check],
        ..Domain::default()
    };
    mutations!(o.clone(), Object::Domain, |d| {
        "type": d.base = DataType::builtin("text");
        "collation": d.collation = Some(name("c"));
        "default": d.default = Some(expr("1"));
        "not null": d.not_null = true;
        "expression": d.checks[0].expression = expr("false");
        "validated": d.checks[0].not_valid = true;
        "comment": d.checks[0].comment = text("said");
        "-public.d.c": { d.checks.pop(); };
        "owner": d.facets.owner = Some("boss".into());
    });
    let attribute = |name: &str| (Ident::from(name), DataType::builtin("text"), None);
    let o = CompositeType {
        name: name("c"),
        attributes: vec![attribute("a"), attribute("b")],
        ..CompositeType::default()
    };
    mutations!(o.clone(), Object::Composite, |c| {
        "type": c.attributes[0].1 = DataType::builtin("integer");
        "collation": c.attributes[0].2 = Some(name("x"));
        "comment": { c.attribute_comments.insert("a".into(), "said".into()); };
        "+public.c.x": c.attributes.push(attribute("x"));
        "attribute order": c.attributes.reverse();
    });
    let o = RangeType {
        name: name("r"),
        ..RangeType::default()
    };
    mutations!(o.clone(), Object::Range, |r| {
        "type": r.subtype = DataType::builtin("date");
        "parameter canonical": { r.options.insert("canonical".into(), expr("f")); };
    });
    let o = Sequence {
        name: name("s"),
        ..Sequence::default()
    };
    mutations!(o.clone(), Object::Sequence, |s| {
        "sequence type": s.options.data_type = Some(DataType::builtin("smallint"));
        "start": s.options.start = Some(3);
        "increment": s.options.increment = Some(3);
        "min value": s.options.min_value = Some(3);
        "max value": s.options.max_value = Some(3);
        "cache": s.options.cache = Some(3);
        "cycle": s.options.cycle = true;
        "owned by": s.owned_by = Some((name("t"), "a".into()));
        "persistence": s.persistence = Persistence::Unlogged;
    });
    let o = ShellType {
        name: name("b"),
        ..ShellType::default()
    };
    mutations!(o.clone(), Object::ShellType, |b| {
        "parameter input": { b.options.insert("input".into(), expr("f")); };
    });
    let o = Collation {
        name: name("co"),
        ..Collation::default()
    };
    mutations!(o.clone(), Object::Collation, |c| {
        "parameter locale": { c.options.insert("locale".into(), expr("'de'")); };
        "from": c.from = Some(name("x"));
    });
}

#[test]
fn properties_of_routines_and_views() {
    let argument = Argument {
        name: Some("a".into()),
        data_type: DataType::builtin("integer"),
        ..Argument::default()
    };
    let o = Routine {
        name: name("f"),
        arguments: vec![argument.clone()],
        ..Routine::default()
    };
    let wrap = |o: Routine| Object::Routine(Box::new(o));
    mutations!(o.clone(), wrap, |f| {
        "argument names": f.arguments[0].name = Some("b".into());
        "argument types": f.arguments[0].mode = ArgumentMode::InOut;
        "argument defaults": f.arguments[0].default = Some(expr("1"));
        "returns": f.returns = Some(Returns::SetOf(DataType::builtin("text")));
        "language": f.language = "plpgsql".into();
        "window": f.window = true;
        "volatility": f.volatility = Volatility::Stable;
        "strict on null": f.strict = true;
        "security definer": f.security_definer = true;
        "leakproof": f.leakproof = true;
        "parallel": f.parallel = Parallel::Safe;
        "cost": f.cost = text("5");
        "rows": f.rows = text("5");
        "support": f.support = Some(name("s"));
        "transforms": f.transforms.push(DataType::builtin("jsonb"));
        "setting search_path": f.settings = one("search_path");
        "body": f.body = RoutineBody::Source("x".into());
        "comment": f.facets.comment = text("said");
    });
    let o = Aggregate {
        name: name("a"),
        arguments: vec![argument],
        ..Aggregate::default()
    };
    let wrap = |o: Aggregate| Object::Aggregate(Box::new(o));
    mutations!(o.clone(), wrap, |a| {
        "direct arguments": a.order_by = Some(1);
        "parameter sfunc": { a.options.insert("sfunc".into(), Some(expr("f"))); };
    });
    let o = View {
        name: name("v"),
        materialized: true,
        ..View::default()
    };
    let wrap = |o: View| Object::View(Box::new(o));
    mutations!(o.clone(), wrap, |v| {
        "query": v.query = Query::new("SELECT 1", "select 1");
        "parameter fillfactor": v.options = one("fillfactor");
        "check option": v.check_option = text("local");
        "no data": v.no_data = true;
        "access method": v.access_method = Some("m".into());
        "tablespace": v.tablespace = Some("fast".into());
        "column default a": { v.defaults.insert("a".into(), expr("1")); };
        "column statistics a": { v.column_statistics.insert("a".into(), 1); };
        "column comment a": { v.column_comments.insert("a".into(), "said".into()); };
        "cluster on": v.cluster_on = Some("i".into());
        "+public.i": v.indexes.push(Index { name: "i".into(), ..Index::default() });
        "+public.v.g": v.triggers.push(Trigger { name: "g".into(), ..Trigger::default() });
        "+public.v.r": v.rules.push(Rule { name: "r".into(), ..Rule::default() });
        "owner": v.facets.owner = Some("boss".into());
    });
    let plain = View {
        name: name("v"),
        ..View::default()
    };
    assert_eq!(properties(wrap(o), wrap(plain)), ["-public.v", "+public.v"]);
}

#[test]
fn properties_of_the_rest() {
    let o = Extension {
        name: "e".into(),
        ..Extension::default()
    };
    mutations!(o.clone(), Object::Extension, |e| {
        "in schema": e.schema = Some("s".into());
        "version": e.version = text("2");
        "comment": e.comment = text("said");
    });
    let o = Language {
        name: "l".into(),
        ..Language::default()
    };
    mutations!(o.clone(), Object::Language, |l| {
        "trusted": l.trusted = true;
        "handler of HANDLER": { l.handlers.insert("HANDLER".into(), name("f")); };
    });
    let o = Operator {
        name: name("+"),
        ..Operator::default()
    };
    mutations!(o.clone(), Object::Operator, |p| {
        "parameter hashes": { p.options.insert("hashes".into(), None); };
        "comment": p.facets.comment = text("said");
    });
    let o = OperatorClass {
        name: name("oc"),
        ..OperatorClass::default()
    };
    mutations!(o.clone(), Object::OperatorClass, |c| {
        "default for type": c.default = true;
        "type": c.data_type = DataType::builtin("text");
        "family": c.family = Some(name("f"));
        "items": c.items.push(expr("STORAGE text"));
    });
    let o = Conversion {
        name: name("cv"),
        ..Conversion::default()
    };
    mutations!(o.clone(), Object::Conversion, |c| {
        "default for type": c.default = true;
        "source encoding": c.source = "UTF8".into();
        "target encoding": c.target = "UTF8".into();
        "function": c.function = name("f");
    });
    let o = ForeignServer {
        name: "s".into(),
        ..ForeignServer::default()
    };
    mutations!(o.clone(), Object::ForeignServer, |s| {
        "type": s.server_type = text("x");
        "version": s.version = text("x");
        "wrapper": s.wrapper = "w".into();
        "option host": s.options = one("host");
    });
    let o = Statistics {
        name: name("st"),
        ..Statistics::default()
    };
    mutations!(o.clone(), Object::Statistics, |s| {
        "on table": s.table = name("t");
        "kinds": s.kinds.push("mcv".into());
        "elements": s.elements.push(expr("a"));
        "statistics target": s.target = Some(3);
    });
    let o = EventTrigger {
        name: "et".into(),
        ..EventTrigger::default()
    };
    mutations!(o.clone(), Object::EventTrigger, |e| {
        "events": e.event = "sql_drop".into();
        "tags": e.tags.push("DROP TABLE".into());
        "function": e.function = name("f");
        "enabled": e.enabled = TriggerEnabled::Replica;
    });
    let published = PublicationTable {
        name: name("t"),
        ..PublicationTable::default()
    };
    let o = Publication {
        name: "p".into(),
        tables: vec![published.clone()],
        ..Publication::default()
    };
    mutations!(o.clone(), Object::Publication, |p| {
        "all tables": p.all_tables = true;
        "schema s": p.schemas.push("s".into());
        "table public.t": { p.tables.pop(); };
        "table public.t": p.tables[0].columns.push("a".into());
        "table public.t": p.tables[0].filter = Some(expr("a > 0"));
        "parameter publish": p.options = one("publish");
    });
    let o = Subscription {
        name: "s".into(),
        connection: "password=secret".into(),
        ..Subscription::default()
    };
    mutations!(o.clone(), Object::Subscription, |s| {
        "connection": s.connection = "password=other".into();
        "publications": s.publications.push("p".into());
        "parameter slot_name": s.options = one("slot_name");
    });
    let o = Opaque {
        kind: "thing".into(),
        name: name("x"),
        statements: vec!["CREATE THING x".into()],
        depends_on: Vec::new(),
    };
    mutations!(o.clone(), Object::Opaque, |x| {
        "statements": x.statements.push("ALTER THING x".into());
    });
}

/// Every kind that stands in a map of its own, dropped and created by its identity.
#[test]
fn objects_come_and_go_by_their_identity() {
    let objects = [
        Object::Schema(Schema {
            name: "s".into(),
            ..Schema::default()
        }),
        Object::Extension(Extension {
            name: "e".into(),
            ..Extension::default()
        }),
        Object::AccessMethod(AccessMethod {
            name: "am".into(),
            ..AccessMethod::default()
        }),
        Object::Cast(Cast {
            source: DataType::builtin("text"),
            target: DataType::builtin("date"),
            method: CastMethod::InOut,
            context: CastContext::Explicit,
            comment: None,
        }),
        Object::OperatorFamily(OperatorFamily {
            name: name("of"),
            ..OperatorFamily::default()
        }),
        Object::ForeignDataWrapper(ForeignDataWrapper {
            name: "w".into(),
            ..ForeignDataWrapper::default()
        }),
        Object::UserMapping(UserMapping {
            user: Grantee::Public,
            server: "s".into(),
            options: one("password"),
        }),
        Object::VirtualTable(VirtualTable {
            name: name("vt"),
            ..VirtualTable::default()
        }),
        boxed(table()),
    ];
    for object in objects {
        let (empty, mut full) = (Catalog::default(), Catalog::default());
        let id = object.id().expect("it stands in a map of its own");
        full.insert(object);
        assert_eq!(told(&empty, &full), [format!("+{}", id.path())]);
        assert_eq!(told(&full, &empty), [format!("-{}", id.path())]);
    }
}
