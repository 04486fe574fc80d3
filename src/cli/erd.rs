//! What `schemagen render erd` takes: a format, a choice of tables, a level of detail.

use clap::ValueEnum;

use super::failure::Failure;
use crate::render::erd::{self, Choice, Detail, Language, Selection};
use crate::render::text::{self, Style};
use crate::render::{RenderError, Report, mermaid, png, svg};

/// The options of `render erd`.
#[derive(Debug, clap::Args)]
pub(super) struct DiagramArgs {
    /// The language of the diagram.
    #[arg(long, value_enum, default_value = "mermaid", help_heading = "Diagrams")]
    format: Format,
    /// Only tables whose name matches; `*` is any text. May be repeated.
    #[arg(long, value_name = "GLOB", help_heading = "Diagrams and documents")]
    only: Vec<String>,
    /// Only the tables of a group. May be repeated.
    #[arg(long, value_name = "NAME", help_heading = "Diagrams and documents")]
    group: Vec<String>,
    /// Only a table and its neighbours. May be repeated.
    #[arg(long, value_name = "TABLE", help_heading = "Diagrams and documents")]
    around: Vec<String>,
    /// How many foreign keys away a neighbour may be.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        help_heading = "Diagrams and documents",
        requires = "around"
    )]
    depth: usize,
    /// How much of each table is shown.
    #[arg(long, value_enum, default_value = "full", help_heading = "Diagrams")]
    detail: DetailName,
    /// The most characters on a line of text, instead of the terminal's width or 100.
    #[arg(long, value_name = "CHARACTERS", help_heading = "Diagrams")]
    width: Option<usize>,
    /// Show the comments of columns, in text.
    #[arg(long, help_heading = "Diagrams")]
    comments: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Box-drawing characters, for a terminal.
    Text,
    /// The same in ASCII, for comments in SQL.
    Ascii,
    Svg,
    /// The same as pixels; needs a schemagen that was built with the feature `png`.
    Png,
    Mermaid,
    Dot,
    Plantuml,
    Dbml,
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
    /// The tables that are asked for.
    pub(super) fn choice(&self) -> Choice {
        Choice {
            only: self.only.clone(),
            groups: self.group.clone(),
            around: self.around.clone(),
            depth: self.depth,
        }
    }

    /// Whether the diagram is no text.
    pub(super) fn is_png(&self) -> bool {
        self.format == Format::Png
    }

    /// The diagram as pixels.
    pub(super) fn png(&self, report: &Report<'_>) -> Result<Vec<u8>, Failure> {
        let selection = Selection::new(report.catalog, &self.choice())?;
        let drawn = svg::svg(report, &selection, Detail::from(self.detail));
        png::png(&drawn).map_err(|e| {
            Failure::request(
                e.to_string(),
                "`--format svg` is the same picture; docs/documents.md says more of PNG",
            )
        })
    }

    /// The diagram.
    pub(super) fn render(&self, report: &Report<'_>) -> Result<String, Failure> {
        let selection = Selection::new(report.catalog, &self.choice())?;
        let detail = Detail::from(self.detail);
        let language = |language| erd::source(report, &selection, detail, language);
        Ok(match self.format {
            Format::Mermaid => mermaid::mermaid(report, &selection, detail)?,
            Format::Svg | Format::Png => svg::svg(report, &selection, detail),
            Format::Text => text::text(report, &selection, detail, self.style(false)?),
            Format::Ascii => text::text(report, &selection, detail, self.style(true)?),
            Format::Dot => language(Language::Dot),
            Format::Plantuml => language(Language::PlantUml),
            Format::Dbml => language(Language::Dbml),
        })
    }

    fn style(&self, ascii: bool) -> Result<Style, Failure> {
        let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let width = match self.width {
            Some(width) if width < text::MIN_WIDTH => {
                return Err(RenderError::Unsupported(format!(
                    "--width {width} is too narrow for a table; it takes at least {}",
                    text::MIN_WIDTH
                ))
                .into());
            }
            Some(width) => width,
            None => terminal().unwrap_or(100).max(text::MIN_WIDTH),
        };
        Ok(Style {
            width,
            ascii,
            comments: self.comments,
        })
    }
}
