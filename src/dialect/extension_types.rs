//! Types that well-known extensions bring, so that a missing CREATE EXTENSION is named as such.

/// Type and extension; sorted by type.
static TYPES: &[(&str, &str)] = &[
    ("box2d", "postgis"),
    ("box3d", "postgis"),
    ("citext", "citext"),
    ("cube", "cube"),
    ("ean13", "isn"),
    ("earth", "earthdistance"),
    ("geography", "postgis"),
    ("geometry", "postgis"),
    ("halfvec", "vector"),
    ("hstore", "hstore"),
    ("isbn", "isn"),
    ("isbn13", "isn"),
    ("ismn", "isn"),
    ("issn", "isn"),
    ("lo", "lo"),
    ("lquery", "ltree"),
    ("ltree", "ltree"),
    ("ltxtquery", "ltree"),
    ("query_int", "intarray"),
    ("raster", "postgis_raster"),
    ("seg", "seg"),
    ("semver", "semver"),
    ("sparsevec", "vector"),
    ("upc", "isn"),
    ("vector", "vector"),
];

/// The extension that brings a type of this name.
pub fn extension_of_type(name: &str) -> Option<&'static str> {
    let at = TYPES.binary_search_by_key(&name, |(t, _)| t).ok()?;
    Some(TYPES[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(TYPES.is_sorted());
        assert_eq!(extension_of_type("citext"), Some("citext"));
        assert_eq!(extension_of_type("text"), None);
    }
}
