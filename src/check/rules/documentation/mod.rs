//! What a schema says about itself.

pub(in crate::check) mod broken_link;
pub(in crate::check) mod table_comment;
