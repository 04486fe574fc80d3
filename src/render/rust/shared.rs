//! View models of the modules that the tables share: enums, composites, constraints, the list.

use serde::Serialize;

use super::escape::{code, doc, rust_ident, rust_str};
use super::names::Unique;
use super::table::doc_block;
use super::words::{pascal, snake};
use super::{BANNER, Models, layout};
use crate::model::{Constraint, ConstraintKind, Facets, QualifiedName, Table};

#[derive(Debug, Serialize)]
pub(super) struct EnumsView {
    banner: &'static str,
    enums: Vec<EnumView>,
}

#[derive(Debug, Serialize)]
struct EnumView {
    doc: String,
    name: String,
    postgres: String,
    count: usize,
    variants: Vec<VariantView>,
    all: String,
}

#[derive(Debug, Serialize)]
struct VariantView {
    doc: String,
    attributes: Vec<String>,
    name: String,
    arm: String,
}

fn described(models: &Models<'_>, what: &str, name: &QualifiedName, facets: &Facets) -> String {
    let mut lines = vec![format!("{what} {}.", code(&models.sql_name(name)))];
    if let Some(comment) = &facets.comment {
        lines.push(String::new());
        lines.extend(doc(comment));
    }
    doc_block(0, "///", &lines)
}

/// `None` where the schema has no enum.
pub(super) fn enums(models: &Models<'_>) -> Option<EnumsView> {
    let mut enums = Vec::new();
    for (name, rust) in &models.types.names.enums {
        let Some(declared) = models.catalog().enums.get(name) else {
            continue;
        };
        let mut taken = Unique::new(["ALL"]);
        let variants: Vec<VariantView> = declared
            .values
            .iter()
            .map(|label| {
                let name = taken.claim(&pascal(label));
                let literal = rust_str(label);
                let attribute = |path: &str, key: &str| {
                    layout::attribute(4, path, &[format!("{key} = {literal}")])
                };
                VariantView {
                    doc: doc_block(4, "///", &[format!("{}.", code(&format!("'{label}'")))]),
                    attributes: vec![attribute("postgres", "name"), attribute("serde", "rename")],
                    arm: layout::arm(12, &[format!("Self::{name}")], &literal),
                    name,
                }
            })
            .collect();
        let names: Vec<String> = variants
            .iter()
            .map(|v| format!("Self::{}", v.name))
            .collect();
        let head = format!("pub const ALL: [Self; {}] = ", names.len());
        let items = [
            format!("name = {}", rust_str(&name.name)),
            "allow_mismatch".to_owned(),
        ];
        enums.push(EnumView {
            doc: described(models, "Enum type", name, &declared.facets),
            name: rust.clone(),
            postgres: layout::attribute(0, "postgres", &items),
            count: names.len(),
            all: layout::array(4, &head, &names, ";"),
            variants,
        });
    }
    (!enums.is_empty()).then_some(EnumsView {
        banner: BANNER,
        enums,
    })
}

#[derive(Debug, Serialize)]
pub(super) struct CompositesView {
    banner: &'static str,
    imports: String,
    composites: Vec<CompositeView>,
}

#[derive(Debug, Serialize)]
struct CompositeView {
    doc: String,
    name: String,
    postgres: String,
    fields: Vec<CompositeField>,
}

#[derive(Debug, Serialize)]
struct CompositeField {
    doc: String,
    attribute: String,
    line: String,
}

/// `None` where the schema has no composite type that can have a struct.
pub(super) fn composites(models: &Models<'_>) -> Option<CompositesView> {
    let mut paths: std::collections::BTreeMap<&str, Vec<String>> =
        std::collections::BTreeMap::new();
    for (path, name) in [
        ("postgres_types", "FromSql"),
        ("postgres_types", "ToSql"),
        ("serde", "Deserialize"),
        ("serde", "Serialize"),
    ] {
        paths.entry(path).or_default().push(name.to_owned());
    }
    let mut composites = Vec::new();
    for composite in models.catalog().composites.values() {
        let Some(rust) = models.types.composite_struct(composite) else {
            continue;
        };
        let mut taken = Unique::default();
        let mut fields = Vec::new();
        for (name, data_type, _) in &composite.attributes {
            let resolved = models.types.resolve(data_type);
            let own = |u: &&super::types::Use| {
                u.path != "super" || !models.types.names.composites.values().any(|c| *c == u.name)
            };
            for used in resolved.uses.iter().filter(own) {
                paths.entry(used.path).or_default().push(used.name.clone());
            }
            let ident = rust_ident(&taken.claim(&snake(name)));
            let mut lines = composite
                .attribute_comments
                .get(name)
                .map(|c| doc(c))
                .unwrap_or_default();
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.push(format!("{}.", code(&models.types.print(data_type))));
            fields.push(CompositeField {
                doc: doc_block(4, "///", &lines),
                attribute: layout::attribute(
                    4,
                    "postgres",
                    &[format!("name = {}", rust_str(name))],
                ),
                line: layout::field(4, &ident, &format!("Option<{}>", resolved.name)),
            });
        }
        composites.push(CompositeView {
            doc: described(models, "Composite type", &composite.name, &composite.facets),
            postgres: layout::attribute(
                0,
                "postgres",
                &[format!("name = {}", rust_str(&composite.name.name))],
            ),
            name: rust.name,
            fields,
        });
    }
    let sets = paths
        .into_iter()
        .map(|(path, names)| (path, names.into_iter().collect()))
        .collect();
    (!composites.is_empty()).then(|| CompositesView {
        banner: BANNER,
        imports: super::imports::layout_imports(sets),
        composites,
    })
}

#[derive(Debug, Serialize)]
pub(super) struct ConstraintsView {
    banner: &'static str,
    constraints: Vec<ConstraintView>,
    several_schemas: bool,
}

#[derive(Debug, Serialize)]
struct ConstraintView {
    doc: String,
    name: String,
    arm: String,
}

/// The constraints and unique indexes of every table with a module, by table and name.
pub(super) fn constraints(models: &Models<'_>) -> ConstraintsView {
    let tables: Vec<&Table> = models.tables().map(|(table, _)| table).collect();
    let several_schemas = tables
        .windows(2)
        .any(|w| w[0].name.schema != w[1].name.schema);
    let mut taken = Unique::default();
    let mut all = Vec::new();
    for table in tables {
        let declared = table
            .constraints
            .iter()
            .map(|c| (c.name.as_str(), definition(models, c)));
        let indexes = table.indexes.iter().filter(|i| i.unique);
        let indexes = indexes.map(|i| (i.name.as_str(), "UNIQUE INDEX".to_owned()));
        let mut named: Vec<(&str, String)> = declared.chain(indexes).collect();
        named.sort();
        for (name, definition) in named {
            let prefixed = name.starts_with(table.name.name.as_str());
            let full = if prefixed {
                name.to_owned()
            } else {
                format!("{}_{name}", table.name.name)
            };
            let variant = taken.claim(&pascal(&full));
            let mut pattern = vec![rust_str(&table.name.name), rust_str(name)];
            if several_schemas {
                pattern.insert(0, rust_str(table.name.schema_str()));
            }
            let line = format!(
                "{}: {}.",
                code(&models.sql_name(&table.name)),
                code(&definition)
            );
            all.push(ConstraintView {
                doc: doc_block(4, "///", &[line]),
                arm: layout::arm(12, &pattern, &format!("Self::{variant}")),
                name: variant,
            });
        }
    }
    ConstraintsView {
        banner: BANNER,
        constraints: all,
        several_schemas,
    }
}

/// A constraint as its definition reads, for a doc comment.
fn definition(models: &Models<'_>, constraint: &Constraint) -> String {
    let columns = |columns: &[crate::model::Ident]| {
        let quoted: Vec<_> = columns
            .iter()
            .map(|c| models.types.dialect.quote(c))
            .collect();
        quoted.join(", ")
    };
    match &constraint.kind {
        ConstraintKind::PrimaryKey { columns: c, .. } => format!("PRIMARY KEY ({})", columns(c)),
        ConstraintKind::Unique { columns: c, .. } => format!("UNIQUE ({})", columns(c)),
        ConstraintKind::Exclusion { .. } => "EXCLUDE".to_owned(),
        ConstraintKind::ForeignKey(fk) => format!(
            "FOREIGN KEY ({}) REFERENCES {} ({})",
            columns(&fk.columns),
            models.sql_name(&fk.target),
            columns(&fk.target_columns)
        ),
        ConstraintKind::Check { expression } => format!("CHECK ({})", expression.text()),
    }
}

impl CompositesView {
    pub(super) fn names(&self) -> Vec<String> {
        self.composites.iter().map(|c| c.name.clone()).collect()
    }
}

#[derive(Debug, Serialize)]
pub(super) struct ListView {
    banner: &'static str,
    modules: String,
    exports: String,
}

/// `mod.rs`: the modules and what they export. `tables` are the modules of tables with their types.
pub(super) fn list(
    models: &Models<'_>,
    enums: bool,
    composites: Option<Vec<String>>,
    tables: Vec<(String, Vec<String>)>,
) -> ListView {
    let mut modules = vec![
        (
            "constraints".to_owned(),
            false,
            vec!["Constraint".to_owned()],
        ),
        (
            "support".to_owned(),
            false,
            vec!["Error".to_owned(), "Violation".to_owned()],
        ),
    ];
    if enums {
        modules.push((
            "enums".to_owned(),
            false,
            models.types.names.enums.values().cloned().collect(),
        ));
    }
    if let Some(names) = composites {
        modules.push(("composites".to_owned(), false, names));
    }
    modules.extend(tables.into_iter().map(|(name, types)| (name, true, types)));
    modules.sort_by(|a, b| super::name_order::version_order(&a.0, &b.0));
    let module = |(name, public, _): &(String, bool, Vec<String>)| {
        format!("{}mod {name};\n", if *public { "pub " } else { "" })
    };
    let export = |(name, _, names): &(String, bool, Vec<String>)| {
        layout::use_list(&format!("pub use {name}"), names.clone())
    };
    ListView {
        banner: BANNER,
        modules: modules
            .iter()
            .map(module)
            .collect::<String>()
            .trim_end()
            .to_owned(),
        exports: modules
            .iter()
            .map(export)
            .collect::<String>()
            .trim_end()
            .to_owned(),
    }
}
