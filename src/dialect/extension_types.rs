//! Types that well-known extensions bring, so that a missing CREATE EXTENSION is named as such.

/// Type and extension; sorted by type.
static TYPES: &[(&str, &str)] = &[
    ("box2d", "postgis"),
    ("box3d", "postgis"),
    ("citext", "citext"),
    ("cube", "cube"),
    ("dblink_pkey_results", "dblink"),
    ("ean13", "isn"),
    ("earth", "earthdistance"),
    ("gbtreekey16", "btree_gist"),
    ("gbtreekey2", "btree_gist"),
    ("gbtreekey32", "btree_gist"),
    ("gbtreekey4", "btree_gist"),
    ("gbtreekey8", "btree_gist"),
    ("gbtreekey_var", "btree_gist"),
    ("geography", "postgis"),
    ("geometry", "postgis"),
    ("ghstore", "hstore"),
    ("gtrgm", "pg_trgm"),
    ("halfvec", "vector"),
    ("hstore", "hstore"),
    ("intbig_gkey", "intarray"),
    ("isbn", "isn"),
    ("isbn13", "isn"),
    ("ismn", "isn"),
    ("ismn13", "isn"),
    ("issn", "isn"),
    ("issn13", "isn"),
    ("lo", "lo"),
    ("lquery", "ltree"),
    ("ltree", "ltree"),
    ("ltree_gist", "ltree"),
    ("ltxtquery", "ltree"),
    ("query_int", "intarray"),
    ("raster", "postgis_raster"),
    ("seg", "seg"),
    ("semver", "semver"),
    ("sparsevec", "vector"),
    ("tablefunc_crosstab_2", "tablefunc"),
    ("tablefunc_crosstab_3", "tablefunc"),
    ("tablefunc_crosstab_4", "tablefunc"),
    ("upc", "isn"),
    ("vector", "vector"),
];

/// The extension that brings a type of this name.
pub fn extension_of_type(name: &str) -> Option<&'static str> {
    let at = TYPES.binary_search_by_key(&name, |(t, _)| t).ok()?;
    Some(TYPES[at].1)
}

/// The shapes that PostGIS knows, as it prints them; a suffix says Z, M or both.
static SHAPES: &[&str] = &[
    "CircularString",
    "CompoundCurve",
    "CurvePolygon",
    "Geometry",
    "GeometryCollection",
    "LineString",
    "MultiCurve",
    "MultiLineString",
    "MultiPoint",
    "MultiPolygon",
    "MultiSurface",
    "Point",
    "Polygon",
    "PolyhedralSurface",
    "Tin",
    "Triangle",
];

/// The modifiers of a type of an extension as its output function prints them (PostGIS,
/// `postgis_typmod_out`); `None` where nothing is to be changed.
pub fn modifiers_of_extension(name: &str, modifiers: &[Box<str>]) -> Option<Vec<Box<str>>> {
    if !matches!(name, "geometry" | "geography") {
        return None;
    }
    let [written, reference @ ..] = modifiers else {
        return None;
    };
    let upper = written.to_ascii_uppercase();
    let shape = SHAPES.iter().find_map(|shape| {
        let suffix = upper.strip_prefix(&shape.to_ascii_uppercase())?;
        matches!(suffix, "" | "Z" | "M" | "ZM").then(|| format!("{shape}{suffix}"))
    })?;
    let mut all: Vec<Box<str>> = vec![shape.into()];
    all.extend(reference.iter().filter(|r| &***r != "0").cloned());
    if name == "geography" && all.len() == 1 {
        all.push("4326".into());
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_have_one_spelling() {
        let of = |name: &str, list: &[&str]| {
            let list: Vec<Box<str>> = list.iter().map(|m| Box::from(*m)).collect();
            modifiers_of_extension(name, &list).map(|list| list.join(","))
        };
        assert_eq!(
            of("geometry", &["POINT", "4326"]).as_deref(),
            Some("Point,4326")
        );
        assert_eq!(
            of("geometry", &["multipolygonz", "0"]).as_deref(),
            Some("MultiPolygonZ")
        );
        assert_eq!(of("geography", &["point"]).as_deref(), Some("Point,4326"));
        assert_eq!(of("geometry", &["blob"]), None);
        assert_eq!(of("vector", &["3"]), None);
    }

    #[test]
    fn the_list_is_sorted() {
        assert!(TYPES.is_sorted());
        assert_eq!(extension_of_type("citext"), Some("citext"));
        assert_eq!(extension_of_type("text"), None);
    }
}
