//! The `schemagen` program: hands the environment to [`schemagen::cli`].

/// A large schema is millions of small texts, and half of the time went into allocating them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay` of mimalloc.h.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

fn main() -> std::process::ExitCode {
    // What one stage leaves the next one needs while the first still waits to be given back, a
    // seventh of the peak of a large build; a small one asks for the same pages again, and would
    // spend a tenth of its time on that.
    purge_after(1);
    schemagen::cli::main(|| purge_after(0))
}

/// After how many milliseconds memory that nobody uses is given back to the system.
fn purge_after(milliseconds: std::ffi::c_long) {
    #[expect(unsafe_code, reason = "the allocator's setting is a call into C")]
    // SAFETY: it stores a number in a table of the allocator's, which reads no other than whole ones.
    unsafe {
        libmimalloc_sys::mi_option_set(PURGE_DELAY, milliseconds);
    }
}
