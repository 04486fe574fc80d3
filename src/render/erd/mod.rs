//! Entity diagrams before anybody draws them: which tables, rows and lines, in decided words.
//!
//! Invariants: a [`Picture`] is a function of the catalog and the selection; every foreign key
//! between tables of the picture is either a line or a reference in its row, never neither.

mod boxes;
mod choose;
mod dbml;
mod dot;
mod picture;
mod plantuml;
mod restrict;

pub use choose::{Choice, Selection};

pub(crate) use picture::{Line, Outline, Picture, Row, TableBox};

/// How much of a table is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// All columns.
    #[default]
    Full,
    /// The columns of keys.
    Keys,
    /// No columns.
    Names,
}

/// A language that other programs draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Dot,
    PlantUml,
    Dbml,
}

/// The chosen tables in another program's language.
pub fn source(
    report: &super::Report<'_>,
    selection: &Selection,
    detail: Detail,
    language: Language,
) -> String {
    // DBML has no table without columns.
    let detail = match (language, detail) {
        (Language::Dbml, Detail::Names) => Detail::Keys,
        (_, detail) => detail,
    };
    let picture = super::svg::picture(report, selection, detail, usize::MAX);
    match language {
        Language::Dot => dot::dot(&picture),
        Language::PlantUml => plantuml::plantuml(&picture),
        Language::Dbml => dbml::dbml(&picture),
    }
}
