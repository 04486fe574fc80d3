//! The theory of normal forms over one table: exact, from declared functional dependencies.
//!
//! Attributes are column numbers, so that every result follows the order of the columns and is a
//! function of its input alone. Everything here is polynomial but the candidate keys, of which a
//! relation can have exponentially many: they are counted up to [`MAX_KEYS`], and beyond it
//! what depends on them is unknown, never guessed.
//!
//! Sources: Armstrong 1974 (axioms); Codd 1971 (second and third normal form); Bernstein 1976
//! (synthesis); Lucchesi and Osborn 1978 (keys); Beeri and Bernstein 1979 (linear closure);
//! Biskup, Dayal and Bernstein 1979 (lossless synthesis); Aho, Beeri and Ullman 1979 (chase);
//! Maier 1980 (minimal covers); Zaniolo 1982 (third normal form).

mod attributes;
mod chase;
mod cover;
mod dependencies;
mod keys;
#[cfg(test)]
mod oracle;
mod synthesis;
mod violations;

pub use attributes::AttributeSet;
pub use chase::is_lossless;
pub use cover::{minimal_cover, redundant};
pub use dependencies::{Dependencies, Dependency};
pub use keys::{MAX_KEYS, candidate_keys, minimise};
pub use synthesis::{Component, Reference, Synthesis, synthesise};
pub use violations::Analysis;
