//! The canonical SQL of a schema: as one file, or spread over several.

mod emitter;
mod files;

pub(super) use emitter::Sql;
pub use files::files;
