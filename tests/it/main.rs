//! The one integration test binary: a module a feature.

mod bad_input;
mod command_line;
mod corpus;
mod documents;
mod properties;
mod rule_cases;
mod readme;
mod rules;
mod support;

#[path = "../../benches/generate.rs"]
mod generate;
mod generator;
mod house;
