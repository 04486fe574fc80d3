//! The `schemagen` program: hands the environment to [`schemagen::cli`].

/// A large schema is millions of small texts, and half of the time went into allocating them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    schemagen::cli::main()
}
