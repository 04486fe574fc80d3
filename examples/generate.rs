//! Writes the schema of the benchmarks: `cargo run --example generate -- 1000 > schema.sql`; with a
//! second number N, one table in N has changed.

#[path = "../benches/generate.rs"]
mod generate;

use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    let mut numbers = std::env::args().skip(1).map_while(|word| word.parse().ok());
    let tables = numbers.next().unwrap_or(1000);
    let text = match numbers.next() {
        None => generate::schema(tables),
        Some(every) => generate::changed(tables, every),
    };
    io::stdout().write_all(text.as_bytes())
}
