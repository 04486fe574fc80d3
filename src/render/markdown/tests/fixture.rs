//! A small schema with one of everything that a page shows.

use crate::graph::Graph;
use crate::model::{
    AclItem, Catalog, Column, Constraint, ConstraintKind, DataType, EnumType, Expr, ForeignKey,
    Grantee, Ident, Index, IndexElement, Notes, ObjectId, ObjectKind, Policy, PolicyCommand,
    QualifiedName, Query, ReferentialAction, Routine, RoutineBody, Table, Trigger, View,
};

fn expr(text: &str) -> Expr {
    Expr::new(text, text)
}

fn column(name: &str, type_name: &str, comment: &str) -> Column {
    Column {
        name: name.into(),
        data_type: DataType::builtin(type_name),
        comment: Some(comment.into()),
        ..Column::default()
    }
}

fn key(name: &str, columns: &[&str]) -> Constraint {
    Constraint::new(
        name,
        ConstraintKind::PrimaryKey {
            columns: columns.iter().map(Ident::new).collect(),
            include: Vec::new(),
            storage: crate::model::Parameters::new(),
            tablespace: None,
            without_overlaps: false,
        },
    )
}

/// Two tables, an enum, a view, a function, and every section that a page can have; `x` stands in
/// every place that takes a name or a text.
pub(super) fn catalog(x: &str) -> Catalog {
    let name = |n: &str| QualifiedName::new("public", format!("{n}{x}"));
    let mut users = Table {
        name: name("users"),
        columns: vec![
            column("id", "uuid", x),
            column(&format!("email{x}"), "text", x),
        ],
        constraints: vec![key(&format!("users_pkey{x}"), &["id"])],
        ..Table::default()
    };
    users.facets.comment = Some(format!("Accounts {x}").into());
    let mut catalog = Catalog::default();
    catalog.tables.insert(users.name.clone(), users);
    let tasks = tasks(x);
    let column_id = ObjectId::column(&tasks.name, &format!("meta{x}").into());
    catalog.notes.insert(
        column_id,
        Notes {
            shape: Some(
                serde_json::json!({"properties": {format!("a{x}"): {"type": "string", "description": x}}})
                    .to_string()
                    .into(),
            ),
            sensitive: true,
            ..Notes::default()
        },
    );
    catalog.notes.insert(
        ObjectId::table(&tasks.name),
        Notes {
            retention: Some(format!("90 days {x}").into()),
            soft_delete: Some(format!("email{x}").into()),
            ..Notes::default()
        },
    );
    catalog.tables.insert(tasks.name.clone(), tasks);
    add_code(&mut catalog, x);
    catalog
}

fn tasks(x: &str) -> Table {
    let name = |n: &str| QualifiedName::new("public", format!("{n}{x}"));
    let mut status = column("status", "text", x);
    status.data_type.name = name("status");
    status.default = Some(expr(&format!("'todo{x}'")));
    let mut tasks = Table {
        name: name("tasks"),
        columns: vec![
            column("id", "bigint", x),
            column("user_id", "uuid", x),
            status,
            column(&format!("meta{x}"), "jsonb", x),
        ],
        constraints: vec![
            key("tasks_pkey", &["id"]),
            Constraint::new(
                format!("fk{x}"),
                ConstraintKind::ForeignKey(ForeignKey {
                    columns: vec!["user_id".into()],
                    target: name("users"),
                    target_columns: vec!["id".into()],
                    on_delete: ReferentialAction::Cascade,
                    ..ForeignKey::default()
                }),
            ),
            Constraint::new(
                format!("check{x}"),
                ConstraintKind::Check {
                    expression: expr(&format!("a || '{x}' = b")),
                },
            ),
        ],
        indexes: vec![Index {
            name: format!("i{x}").into(),
            elements: vec![IndexElement::column("user_id")],
            ..Index::default()
        }],
        triggers: vec![Trigger {
            name: format!("t{x}").into(),
            timing: "BEFORE".into(),
            events: vec!["UPDATE".into()],
            for_each_row: true,
            function: name("f"),
            comment: Some(x.into()),
            ..Trigger::default()
        }],
        policies: vec![Policy {
            name: format!("p{x}").into(),
            command: PolicyCommand::Select,
            roles: vec![format!("r{x}").into()],
            using: Some(expr(&format!("user_id = '{x}'"))),
            ..Policy::default()
        }],
        row_security: true,
        ..Table::default()
    };
    tasks.facets.acl.granted.insert(AclItem {
        grantee: Grantee::Role(format!("r{x}").into()),
        column: None,
        privilege: "SELECT".into(),
        grant_option: false,
    });
    tasks
}

fn add_code(catalog: &mut Catalog, x: &str) {
    let name = |n: &str| QualifiedName::new("public", format!("{n}{x}"));
    catalog.enums.insert(
        name("status"),
        EnumType {
            name: name("status"),
            values: vec![format!("todo{x}").into(), "done".into()],
            ..EnumType::default()
        },
    );
    catalog.views.insert(
        name("v"),
        View {
            name: name("v"),
            query: Query::new(
                format!("select id from public.\"tasks{}\"", x.replace('"', "\"\"")),
                x,
            ),
            ..View::default()
        },
    );
    let mut function = Routine {
        name: name("f"),
        language: "plpgsql".into(),
        body: RoutineBody::Source(format!("\n  begin\n    -- {x}\n  end\n").into()),
        ..Routine::default()
    };
    function.facets.comment = Some(format!("Said: {x}z").into());
    catalog.routines.insert((name("f"), "".into()), function);
}

pub(super) fn graph(catalog: &Catalog) -> Graph {
    let view = catalog.views.keys().next().unwrap();
    let table = catalog.tables.keys().next().unwrap();
    let view = ObjectId::new(ObjectKind::View, view.clone());
    Graph::new(Vec::new(), &[(view, ObjectId::column(table, &"id".into()))])
}
