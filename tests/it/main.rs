//! The one integration test binary: a module a feature.

mod bad_databases;
mod bad_input;
mod catalog_columns;
mod command_line;
mod corpus;
mod coverage;
mod ddl;
mod diagrams;
mod diff;
mod diff_corpus;
mod documents;
mod example;
mod facts;
mod file_order;
mod mutations;
mod online;
mod properties;
mod readme;
mod renames;
mod review;
mod rule_cases;
mod rules;
mod rust_models;
mod safety_corpus;
mod strict;
mod support;
mod view_references;
mod yaml;
mod yaml_print;

#[path = "../../benches/generate.rs"]
mod generate;
mod generator;
mod hazards;
mod hostile;
mod house;
mod inspect;
mod load;
mod migrate_check;
mod migration_tools;
mod migrations;
mod normal_form;
mod page;
mod plan;
mod plan_sqlite;
mod plan_sqlite_pairs;
