//! The minijinja environment: embedded templates, overridable by a user's folder.

use std::collections::BTreeMap;

use minijinja::Environment;
use minijinja::syntax::SyntaxConfig;

use super::RenderError;

/// Templates by name (`markdown/table.md.j2`): the user's own first, then the embedded ones.
///
/// `@builtin/NAME` always names the embedded one, so that a user's file can extend it.
pub struct Templates {
    environment: Environment<'static>,
}

/// The embedded templates: name and text.
static BUILTIN: &[(&str, &str)] = &[
    (
        "markdown/index.md.j2",
        include_str!("../../templates/markdown/index.md.j2"),
    ),
    (
        "markdown/group.md.j2",
        include_str!("../../templates/markdown/group.md.j2"),
    ),
    (
        "markdown/table.md.j2",
        include_str!("../../templates/markdown/table.md.j2"),
    ),
    (
        "markdown/virtual_table.md.j2",
        include_str!("../../templates/markdown/virtual_table.md.j2"),
    ),
    (
        "markdown/enums.md.j2",
        include_str!("../../templates/markdown/enums.md.j2"),
    ),
    (
        "markdown/types.md.j2",
        include_str!("../../templates/markdown/types.md.j2"),
    ),
    (
        "markdown/views.md.j2",
        include_str!("../../templates/markdown/views.md.j2"),
    ),
    (
        "markdown/functions.md.j2",
        include_str!("../../templates/markdown/functions.md.j2"),
    ),
    (
        "markdown/roles.md.j2",
        include_str!("../../templates/markdown/roles.md.j2"),
    ),
    (
        "markdown/findings.md.j2",
        include_str!("../../templates/markdown/findings.md.j2"),
    ),
    (
        "markdown/history.md.j2",
        include_str!("../../templates/markdown/history.md.j2"),
    ),
    (
        "html/page.html.j2",
        include_str!("../../templates/html/page.html.j2"),
    ),
    (
        "html/overview.html.j2",
        include_str!("../../templates/html/overview.html.j2"),
    ),
    (
        "html/group.html.j2",
        include_str!("../../templates/html/group.html.j2"),
    ),
    (
        "html/review.html.j2",
        include_str!("../../templates/html/review.html.j2"),
    ),
    (
        "html/table.html.j2",
        include_str!("../../templates/html/table.html.j2"),
    ),
    (
        "html/lists.html.j2",
        include_str!("../../templates/html/lists.html.j2"),
    ),
    (
        "rust/mod.rs.j2",
        include_str!("../../templates/rust/mod.rs.j2"),
    ),
    (
        "rust/support.rs.j2",
        include_str!("../../templates/rust/support.rs.j2"),
    ),
    (
        "rust/constraints.rs.j2",
        include_str!("../../templates/rust/constraints.rs.j2"),
    ),
    (
        "rust/enums.rs.j2",
        include_str!("../../templates/rust/enums.rs.j2"),
    ),
    (
        "rust/composites.rs.j2",
        include_str!("../../templates/rust/composites.rs.j2"),
    ),
    (
        "rust/table.rs.j2",
        include_str!("../../templates/rust/table.rs.j2"),
    ),
    (
        "rust/table/key.rs.j2",
        include_str!("../../templates/rust/table/key.rs.j2"),
    ),
    (
        "rust/table/row.rs.j2",
        include_str!("../../templates/rust/table/row.rs.j2"),
    ),
    (
        "rust/table/new.rs.j2",
        include_str!("../../templates/rust/table/new.rs.j2"),
    ),
    (
        "rust/table/patch.rs.j2",
        include_str!("../../templates/rust/table/patch.rs.j2"),
    ),
    (
        "rust/table/read.rs.j2",
        include_str!("../../templates/rust/table/read.rs.j2"),
    ),
    (
        "rust/table/write.rs.j2",
        include_str!("../../templates/rust/table/write.rs.j2"),
    ),
    (
        "rust/table/parents.rs.j2",
        include_str!("../../templates/rust/table/parents.rs.j2"),
    ),
];

impl Templates {
    /// `overrides` are the files of the user's `templates/` folder, by relative path.
    pub fn new(overrides: BTreeMap<String, String>) -> Self {
        let mut environment = Environment::new();
        let syntax = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build()
            .expect("the default delimiters are valid");
        environment.set_syntax(syntax);
        environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.add_filter("html", |text: String| super::html::inline(&text));
        environment.add_filter("bare", |text: String| super::html::bare(&text));
        environment.add_filter("said", |text: String| super::html::said(&text));
        environment.add_filter("blocks", |text: String| super::html::blocks(&text));
        environment.add_filter("rust_str", |text: String| super::rust::rust_str(&text));
        environment.add_filter("rust_ident", |text: String| super::rust::rust_ident(&text));
        environment.add_filter("rust_doc", |text: String| super::rust::doc(&text));
        environment.set_loader(move |name| {
            let builtin = |name: &str| {
                let found = BUILTIN.iter().find(|(n, _)| *n == name);
                found.map(|(_, text)| (*text).to_owned())
            };
            Ok(match name.strip_prefix("@builtin/") {
                Some(name) => builtin(name),
                None => overrides.get(name).cloned().or_else(|| builtin(name)),
            })
        });
        Self { environment }
    }

    /// Renders one template with a serializable view model.
    pub fn render(&self, name: &str, view: impl serde::Serialize) -> Result<String, RenderError> {
        let failed = |e: minijinja::Error| RenderError::Template {
            name: name.to_owned(),
            message: format!("{e:#}"),
        };
        let template = self.environment.get_template(name).map_err(failed)?;
        template
            .render(minijinja::value::Value::from(minijinja::value::Serde(view)))
            .map_err(failed)
    }
}

impl Default for Templates {
    fn default() -> Self {
        Self::new(BTreeMap::new())
    }
}
