//! Every layout, written and found again.

use super::*;

#[test]
fn every_layout_finds_what_it_writes() {
    for layout in Layout::ALL {
        let files = layout.files(
            "20260101000000",
            "initial",
            Way::new("up"),
            Way::new("down"),
        );
        let files = files.unwrap();
        let up: Vec<UpFile> = files
            .iter()
            .filter_map(|(p, _)| layout.up_file(p))
            .collect();
        assert_eq!(up.len(), 1, "{layout:?}");
        assert_eq!(up[0].version, [20_260_101_000_000], "{layout:?}");
        assert_eq!(Layout::parse(layout.as_str()), Some(layout));
        let (_, text) = files.iter().find(|(p, _)| *p == up[0].path).unwrap();
        let part = layout.up_part(text);
        assert!(part.contains("up") && !part.contains("down"), "{layout:?}");
    }
}

#[test]
fn ways_are_read_as_they_are_written() {
    for layout in Layout::without_transactions() {
        let (up, down) = (Way::new("up 1;\n"), Way::new("down 1;\n"));
        let alone = Way {
            transaction: false,
            ..up.clone()
        };
        for up in [up, alone] {
            let files = layout.files("1", "a_b", up.clone(), down.clone()).unwrap();
            let file = layout.up_file(&files[0].0).unwrap();
            assert_eq!((file.number(), file.name()), ("1", "a_b"), "{layout:?}");
            let read = |path: &str| files.iter().find(|f| f.0 == path).map(|f| f.1.clone());
            let (there, back) = layout.ways(&file, read);
            assert_eq!(there.text.trim(), up.text.trim(), "{layout:?}");
            assert_eq!(there.transaction, up.transaction, "{layout:?}");
            assert_eq!(back.text, down.text, "{layout:?}");
            let known = layout.companions(&file);
            assert!(files.iter().all(|(p, _)| known.contains(p)), "{layout:?}");
        }
    }
}

#[test]
fn marks_of_dbmate_begin_a_line() {
    let text = "-- migrate:up\nSELECT '-- migrate:down';\n--migrate:down transaction:false\nx";
    let up = Layout::Dbmate.up_part(text);
    assert!(up.ends_with("down';\n"), "{up}");
    // One of Supabase's has no marks.
    assert_eq!(
        Layout::Supabase.up_part("-- migrate:down\n"),
        "-- migrate:down\n"
    );
}

#[test]
fn versions_are_numbers() {
    let version = |p| Layout::Flyway.up_file(p);
    assert!(version("V1.9__a.sql") < version("V1.10__a.sql"));
    assert_eq!(version("V__a.sql"), None);
    assert_eq!(Layout::Sqlx.up_file("notes.sql"), None);
    assert_eq!(Layout::Sqlx.up_file("1_a.down.sql"), None);
}

#[test]
fn layouts_are_told_apart() {
    let detect = |paths: &[&str]| {
        let paths: Vec<String> = paths.iter().map(|p| (*p).to_owned()).collect();
        Layout::detect(&paths)
    };
    assert_eq!(detect(&["1_a.up.sql", "1_a.down.sql"]), Some(Layout::Sqlx));
    assert_eq!(
        detect(&["2_a/up.sql", "2_a/down.sql"]),
        Some(Layout::Diesel)
    );
    assert_eq!(detect(&["V1__a.sql", "U1__a.sql"]), Some(Layout::Flyway));
    assert_eq!(detect(&["20240101120000_a.sql"]), Some(Layout::Supabase));
    assert_eq!(detect(&["01_tables.sql", "02_views.sql"]), None);
    assert_eq!(detect(&["20240101120000_a.sql", "tables.sql"]), None);
    assert_eq!(detect(&[]), None);
}
