//! Writes the schema of the benchmarks: `cargo run --example generate -- 1000 > schema.sql`.

#[path = "../benches/generate.rs"]
mod generate;

use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    let tables = std::env::args()
        .nth(1)
        .and_then(|number| number.parse().ok())
        .unwrap_or(1000);
    io::stdout().write_all(generate::schema(tables).as_bytes())
}
