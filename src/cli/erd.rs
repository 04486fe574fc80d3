//! What `schemagen render erd` takes: a format, a choice of tables, a level of detail.

use clap::ValueEnum;

use super::failure::Failure;
use crate::render::erd::{Choice, Detail, Selection};
use crate::render::{Report, svg};

/// The options of `render erd`.
#[derive(Debug, clap::Args)]
pub(super) struct DiagramArgs {
    /// The language of the diagram.
    #[arg(long, value_enum, default_value = "mermaid", help_heading = "Diagrams")]
    format: Format,
    /// Only tables whose name matches; `*` is any text. May be repeated.
    #[arg(long, value_name = "GLOB", help_heading = "Diagrams")]
    only: Vec<String>,
    /// Only the tables of a group. May be repeated.
    #[arg(long, value_name = "NAME", help_heading = "Diagrams")]
    group: Vec<String>,
    /// Only a table and its neighbours. May be repeated.
    #[arg(long, value_name = "TABLE", help_heading = "Diagrams")]
    around: Vec<String>,
    /// How many foreign keys away a neighbour may be.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        help_heading = "Diagrams",
        requires = "around"
    )]
    depth: usize,
    /// How much of each table is shown.
    #[arg(long, value_enum, default_value = "full", help_heading = "Diagrams")]
    detail: DetailName,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Svg,
    Mermaid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DetailName {
    Full,
    Keys,
    Names,
}

impl From<DetailName> for Detail {
    fn from(name: DetailName) -> Self {
        match name {
            DetailName::Full => Self::Full,
            DetailName::Keys => Self::Keys,
            DetailName::Names => Self::Names,
        }
    }
}

impl DiagramArgs {
    /// The diagram; `mermaid` makes the one that `build` writes.
    pub(super) fn render(
        &self,
        report: &Report<'_>,
        mermaid: impl Fn(&Report<'_>) -> Result<String, Failure>,
    ) -> Result<String, Failure> {
        let choice = Choice {
            only: self.only.clone(),
            groups: self.group.clone(),
            around: self.around.clone(),
            depth: self.depth,
        };
        let selection = Selection::new(report.catalog, &choice)?;
        let detail = Detail::from(self.detail);
        match self.format {
            Format::Mermaid => mermaid(report),
            Format::Svg => Ok(svg::svg(report, &selection, detail)),
        }
    }
}
