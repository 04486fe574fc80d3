//! schemagen: schema-first migrations, checks, documents and models for PostgreSQL and SQLite.
//!
//! Data moves one way: `source -> resolve -> Catalog -> graph -> diff, check -> render`, and `cli` is
//! the only room that reads the environment, prints and writes. `ARCHITECTURE.md` has the map.

pub mod check;
pub mod cli;
pub mod ddl;
pub mod diagnostic;
pub mod dialect;
pub mod diff;
pub mod driver;
pub mod expr;
pub mod facts;
pub mod graph;
pub mod layout;
pub mod migration;
pub mod model;
mod parallel;
pub mod pipeline;
pub mod plan;
pub mod prose;
pub mod render;
pub mod resolve;
pub mod review;
pub mod source;
