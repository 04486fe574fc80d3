//! URLs as libpq reads them, and what may be printed of them.

use super::*;

fn environment(pairs: &[(&str, &str)]) -> Environment {
    let variables = pairs
        .iter()
        .map(|(n, v)| ((*n).to_owned(), Secret::new(*v)));
    Environment {
        variables: variables.collect(),
        user: Some("somebody".to_owned()),
        ..Environment::default()
    }
}

fn parse(url: &str, pairs: &[(&str, &str)]) -> Location {
    Location::parse(url, &environment(pairs)).unwrap()
}

#[test]
fn a_url_says_everything() {
    let url = "postgresql://us%40er:p%2Fw@db.example:6543/name?sslmode=require&connect_timeout=3";
    let location = parse(url, &[("PGUSER", "other"), ("PGSSLMODE", "disable")]);
    assert_eq!(location.config.get_user(), Some("us@er"));
    assert_eq!(location.config.get_password(), Some(&b"p/w"[..]));
    assert_eq!(location.config.get_ports(), [6543]);
    assert_eq!(location.config.get_dbname(), Some("name"));
    assert_eq!(location.ssl.mode, SslMode::Require);
    assert_eq!(location.shown(), "postgresql://db.example:6543/name");
}

#[test]
fn the_environment_fills_what_the_url_leaves_open() {
    let set = [
        ("PGHOST", "h"),
        ("PGPORT", "1"),
        ("PGUSER", "u"),
        ("PGPASSWORD", "secret"),
        ("PGSSLMODE", "verify-full"),
    ];
    let location = parse("postgresql:///d", &set);
    assert_eq!(location.config.get_user(), Some("u"));
    assert_eq!(location.config.get_ports(), [1]);
    assert_eq!(location.ssl.mode, SslMode::VerifyFull);
    assert_eq!(location.shown(), "postgresql://h:1/d");
    let bare = parse("postgres://h", &[]);
    assert_eq!(bare.config.get_dbname(), Some("somebody"));
}

#[test]
fn several_hosts_and_addresses_are_read() {
    let location = parse("postgresql://a:1,[::1]:2/d", &[]);
    assert_eq!(location.config.get_hosts().len(), 2);
    assert_eq!(location.config.get_ports(), [1, 2]);
}

#[test]
fn the_password_file_is_searched_in_order() {
    let mut env = environment(&[]);
    env.password_file = Some(Secret::new(
        "# comment\nother:*:*:*:no\n*:5432:d:so\\:me:p\\\\w:d\n*:*:*:*:last\n",
    ));
    let location = Location::parse("postgresql://so%3Ame@h/d", &env).unwrap();
    assert_eq!(location.config.get_password(), Some(&b"p\\w:d"[..]));
    let location = Location::parse("postgresql://u@h/e", &env).unwrap();
    assert_eq!(location.config.get_password(), Some(&b"last"[..]));
}

#[test]
fn a_malformed_url_is_not_told() {
    let env = environment(&[("PGPASSWORD", "hunter2")]);
    for url in [
        "postgresql://u:hunter2%@h/d",
        "postgresql://u:hunter2/x@h:port/d",
        "postgresql://u:a?hunter2@h/d",
        "postgresql://u:a?hunter2=x@h/d",
        "postgresql://h:hunter2/d",
        "postgresql://u:p@h/d?sslmode=hunter2",
        "postgresql://u:p@h/d?connect_timeout=hunter2",
    ] {
        match Location::parse(url, &env) {
            Ok(location) => assert!(!location.shown().contains("hunter2"), "{url}"),
            Err(error) => {
                let told = format!("{error} {error:?} {}", error.help());
                assert!(!told.contains("hunter2"), "{told}");
            }
        }
    }
    let location = parse("postgresql://u:hunter2@h/d", &[]);
    assert!(!format!("{location:?}").contains("hunter2"));
    assert!(!format!("{env:?}").contains("hunter2"));
}
