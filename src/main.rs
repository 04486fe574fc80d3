//! The `schemagen` program: hands the environment to [`schemagen::cli`].

/// A large schema is millions of small texts, and half of the time went into allocating them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay` of mimalloc.h, in milliseconds.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

fn main() -> std::process::ExitCode {
    // What one stage leaves the next one would need while the first still waits to be given back:
    // a seventh of the peak of a large build. At once would be a tenth of the time of a small one,
    // which asks for the same pages again.
    #[expect(unsafe_code, reason = "the allocator's setting is a call into C")]
    // SAFETY: it stores a number in a table of the allocator's, and no other thread runs yet.
    unsafe {
        libmimalloc_sys::mi_option_set(PURGE_DELAY, 1);
    }
    schemagen::cli::main()
}
