//! The `schemagen` program: hands the environment to [`schemagen::cli`].

fn main() -> std::process::ExitCode {
    schemagen::cli::main()
}
