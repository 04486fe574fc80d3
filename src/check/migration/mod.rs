//! Migrations as the rules of `migration-safety/` see them: statements in their order, each over the
//! catalog that those before it left.
//!
//! Invariants: a statement is judged by what it does to this catalog ([`crate::facts`]), not by its words
//! alone; what the same migration created is exempt, as nobody uses it yet; where the catalog is not
//! all of the database, what it does not know is taken to be there.

mod about;
mod act;
mod allows;
mod hazards;
mod run;
mod session;

pub use about::About;
pub use act::{Act, At, Migration};
pub use run::{MigrationInput, MigrationOutcome, Script, Sent, check_migration};
pub use session::Timeouts;
