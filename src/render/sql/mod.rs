//! Canonical DDL of a catalog.
