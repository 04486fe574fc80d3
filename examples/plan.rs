use schemagen::diagnostic::FileId;
use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::model::Pair;
use schemagen::source::{SourceFile, SourceKind};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let version = TargetVersion::default_of(Dialect::Postgres);
    let load = |p: &str, setup: Option<&String>| {
        let mut files = vec![SourceFile {
            id: FileId(0),
            path: p.to_owned(),
            kind: SourceKind::Sql,
            text: std::fs::read_to_string(p).unwrap(),
            external: false,
        }];
        if let Some(s) = setup {
            files.push(SourceFile {
                id: FileId(1),
                path: s.to_owned(),
                kind: SourceKind::Sql,
                text: std::fs::read_to_string(s).unwrap(),
                external: true,
            });
        }
        schemagen::pipeline::load(&files, version)
    };
    let (b, a) = (load(&args[1], args.get(3)), load(&args[2], args.get(3)));
    for d in b.diagnostics.iter().chain(&a.diagnostics) {
        if d.severity == schemagen::diagnostic::Severity::Error {
            eprintln!("{}", d.headline);
        }
    }
    let plan = schemagen::plan::plan(
        Pair {
            before: &b.catalog,
            after: &a.catalog,
        },
        version,
    );
    print!("{}", plan.sql());
    for d in &plan.diagnostics {
        eprintln!("PLAN {}", d.headline);
    }
    for r in &plan.remaining {
        eprintln!("REMAINS {r}");
    }
}
