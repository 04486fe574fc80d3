//! The `schemagen` program: hands the environment to [`schemagen::cli`].

fn main() {}
