//! Mermaid: `erd.mmd`, and `erd/<group>.mmd` where one diagram cannot hold the schema.
//!
//! Invariants: a text that is emitted parses in its target version and stays within Mermaid's
//! limits, whatever the names are; it is a function of the catalog alone.

mod diagram;
mod entity;
mod overview;
mod selection;
pub(crate) mod text;

pub(crate) use diagram::{Selection, er_diagram};
pub(crate) use entity::Detail;
pub(crate) use overview::overview;
pub(crate) use selection::{around, part, whole};

use super::file_names::FileNames;
use super::grouping::{Groups, MAX_TABLES};
use super::relations::Relations;
use super::{Emitter, Files, RenderError, Report, erd};

/// The Mermaid version that a text is written for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    V10_9,
    V11_4,
    #[default]
    V11_6,
    V11_16,
}

impl Target {
    /// As the configuration spells it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "10.9" => Some(Self::V10_9),
            "11.4" => Some(Self::V11_4),
            "11.6" => Some(Self::V11_6),
            "11.16" => Some(Self::V11_16),
            _ => None,
        }
    }

    /// The target that the report's options name for `mermaid`.
    pub(crate) fn of(report: &Report<'_>) -> Result<Self, RenderError> {
        let Some(text) = report.options.get("mermaid").and_then(|o| o.get("target")) else {
            return Ok(Self::default());
        };
        Self::parse(text).ok_or_else(|| {
            RenderError::Unsupported(format!(
                "mermaid: target: {text:?} is no version that diagrams can be written for; \
                 use \"10.9\", \"11.4\", \"11.6\" or \"11.16\""
            ))
        })
    }

    /// Whether entity diagrams take `classDef` and `:::`; the parsers before 11.5 refuse them.
    fn has_classes(self) -> bool {
        self >= Self::V11_6
    }
}

/// The emitter of `erd.mmd`.
pub struct Mermaid;

impl Emitter for Mermaid {
    fn name(&self) -> &'static str {
        "mermaid"
    }

    fn emit(&self, report: &Report<'_>, files: &dyn Files) -> Result<(), RenderError> {
        let target = Target::of(report)?;
        let relations = Relations::new(report.catalog);
        let groups = Groups::new(report.catalog, &relations);
        let draw = |s: &Selection| er_diagram(s, &relations, report.dialect, target);
        let text = one(report, &relations, &groups, Detail::Columns, target);
        files.insert("erd.mmd".to_owned(), text);
        if fits(&groups) {
            return Ok(());
        }
        let mut names = FileNames::default();
        for group in &groups.parts {
            let path = format!("erd/{}.mmd", names.of_title(&group.title));
            files.insert(path, draw(&part(&relations, group, Detail::Columns, true)));
        }
        Ok(())
    }
}

/// The chosen tables as one diagram; the groups that they are in, where they are too many for one.
pub fn mermaid(
    report: &Report<'_>,
    selection: &erd::Selection,
    detail: erd::Detail,
) -> Result<String, RenderError> {
    let target = Target::of(report)?;
    let relations = Relations::new(report.catalog);
    let mut groups = Groups::new(report.catalog, &relations);
    groups.keep(|n| selection.tables.contains(relations.nodes[n].name));
    let detail = match detail {
        erd::Detail::Full => Detail::Columns,
        erd::Detail::Keys => Detail::Keys,
        erd::Detail::Names => Detail::Names,
    };
    Ok(one(report, &relations, &groups, detail, target))
}

/// One diagram of all that the groups hold.
fn one(
    report: &Report<'_>,
    relations: &Relations<'_>,
    groups: &Groups,
    detail: Detail,
    target: Target,
) -> String {
    if !fits(groups) {
        return overview(groups, relations);
    }
    let members = groups.parts.iter().flat_map(|part| &part.members);
    let selection = whole(relations, members.copied().collect(), detail, true);
    er_diagram(&selection, relations, report.dialect, target)
}

/// Whether one diagram can show all tables.
pub(crate) fn fits(groups: &Groups) -> bool {
    let tables: usize = groups.parts.iter().map(|part| part.members.len()).sum();
    tables <= MAX_TABLES
}

#[cfg(test)]
mod tests;
