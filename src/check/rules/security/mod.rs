//! Who can read and do what.

pub(in crate::check) mod definer_search_path;
pub(in crate::check) mod policy_always_true;
pub(in crate::check) mod policy_without_rls;
pub(in crate::check) mod rls_disabled;
pub(in crate::check) mod rls_no_policy;
pub(in crate::check) mod sensitive_plaintext;
