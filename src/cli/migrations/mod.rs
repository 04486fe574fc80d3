//! The migrations folder: history that is read, and only ever added to.

mod layout;

pub(super) use layout::Layout;
