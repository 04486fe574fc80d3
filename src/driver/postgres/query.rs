//! The text of a query for one server: lines by version, and the phrases that queries share.
//!
//! A line that ends in `--@ 15..` stands in the query from major 15 on, `--@ ..14` up to it. `{own pg_class
//! c.oid}` and the like are phrases with arguments.

use super::areas::OWNED;

/// What decides how a query is spelled.
pub(super) struct Spelling {
    pub major: u16,
    pub passwords: bool,
    pub extension_versions: bool,
    pub own_owner: bool,
    pub superuser: bool,
}

/// Options that hold what nobody should read, as a regular expression over their names.
const SECRET: &str = "passw|passphrase|secret|token|credential|private_key|api_?key";

impl Spelling {
    /// The query as this server understands it.
    pub(super) fn write(&self, query: &str) -> String {
        let mut out = String::with_capacity(query.len() * 2);
        for line in query.lines() {
            let (text, versions) = line.split_once("--@").unwrap_or((line, ".."));
            if self.is_in(versions.trim()) {
                self.phrases(text, &mut out);
                out.push('\n');
            }
        }
        out
    }

    fn is_in(&self, versions: &str) -> bool {
        let (from, to) = versions.split_once("..").unwrap_or(("", ""));
        let bound = |text: &str, open: u16| text.parse().unwrap_or(open);
        (bound(from, 0)..=bound(to, u16::MAX)).contains(&self.major)
    }

    /// Copies text; every `{word ...}` becomes its phrase.
    fn phrases(&self, text: &str, out: &mut String) {
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            let (before, after) = rest.split_at(at);
            out.push_str(before);
            let inside = after.get(1..).unwrap_or_default();
            let is_phrase = inside.starts_with(|c: char| c.is_ascii_lowercase());
            match inside.split_once('}').filter(|_| is_phrase) {
                Some((phrase, more)) => {
                    let mut words = phrase.split(' ');
                    let name = words.next().unwrap_or_default();
                    let arguments: Vec<&str> = words.collect();
                    out.push_str(&self.phrase(name, &arguments));
                    rest = more;
                }
                None => {
                    out.push('{');
                    rest = inside;
                }
            }
        }
        out.push_str(rest);
    }

    fn phrase(&self, name: &str, arguments: &[&str]) -> String {
        let x = arguments.first().copied().unwrap_or_default();
        match (name, arguments) {
            ("own", [class, oid]) => format!(
                "NOT EXISTS (SELECT FROM pg_depend xd WHERE xd.classid = '{class}'::regclass AND xd.objid = {oid} AND xd.deptype = 'e')"
            ),
            ("owned", _) => self.write(OWNED),
            ("owner_wanted", _) if self.own_owner => "true".to_owned(),
            // Who lost privileges on what is theirs has to be named to lose them.
            ("owner_wanted", _) => format!(
                "(pg_get_userbyid(o.owner) <> current_user OR CASE WHEN o.acl IS NULL THEN false ELSE EXISTS (\
                 SELECT FROM aclexplode(acldefault(o.kind, o.owner)) xb WHERE xb.grantee = o.owner AND NOT EXISTS (\
                 SELECT FROM aclexplode({}) xa WHERE xa.grantee = o.owner AND xa.privilege_type = xb.privilege_type)) END)",
                phrase("list", "o.acl")
            ),
            ("for_role", _) if self.own_owner => format!("' FOR ROLE ' || {}", phrase("role", x)),
            ("for_role", _) => format!(
                "CASE WHEN pg_get_userbyid({x}) = current_user THEN '' ELSE ' FOR ROLE ' || {} END",
                phrase("role", x)
            ),
            ("default", [default, column]) => plain_default(default, column),
            ("major", _) => self.major.to_string(),
            ("superuser", _) => self.superuser.to_string(),
            ("extension_version", _) if self.extension_versions => {
                format!("' VERSION ' || quote_literal({x})")
            }
            ("extension_version", _) => "''".to_owned(),
            ("options", _) => self.options(x),
            ("connection", _) if self.passwords => x.to_owned(),
            ("connection", _) => format!(
                "regexp_replace(regexp_replace({x}, '(password\\s*=\\s*)(''([^''\\\\]|\\\\.)*''|\\S+)', '\\1********', 'gi'), '(://[^:/@?]*:)[^@]*@', '\\1********@')"
            ),
            _ => phrase(name, x),
        }
    }

    /// Generic options of foreign objects, passwords masked.
    fn options(&self, x: &str) -> String {
        let value = if self.passwords {
            "quote_literal(xo.option_value)".to_owned()
        } else {
            format!(
                "quote_literal(CASE WHEN xo.option_name ~* '{SECRET}' THEN '********' ELSE xo.option_value END)"
            )
        };
        format!(
            "(SELECT string_agg(quote_ident(xo.option_name) || ' ' || {value}, ', ') FROM pg_options_to_table({x}) xo)"
        )
    }
}

/// A default of a text or an enum; a literal without the cast to the column's own type, which the server prints and nobody
/// writes. OFFSET 0 keeps the planner from making the text once for each time that it is named.
fn plain_default(default: &str, column: &str) -> String {
    format!(
        "(SELECT CASE WHEN xd.text LIKE '''%' AND right(xd.text, length(xt.text)) = xt.text \
         AND left(xd.text, -length(xt.text)) ~ '^''([^'']|'''')*''$' \
         THEN left(xd.text, -length(xt.text)) ELSE xd.text END \
         FROM (SELECT pg_get_expr({default}.adbin, {default}.adrelid) OFFSET 0) xd(text), \
         (SELECT '::' || format_type({column}.atttypid, NULL) OFFSET 0) xt(text))"
    )
}

/// The phrases that are the same for every server.
fn phrase(name: &str, x: &str) -> String {
    let setting = "quote_ident(split_part(xo.o, '=', 1)) || '=' || quote_literal(substr(xo.o, strpos(xo.o, '=') + 1))";
    let settings = |prefix: &str, but: &str| {
        format!(
            "(SELECT string_agg({prefix}{setting}, ', ' ORDER BY xo.i) FROM unnest({x}) WITH ORDINALITY AS xo(o, i){but})"
        )
    };
    match name {
        "user_schema" => format!("({x}.nspname !~ '^pg_' AND {x}.nspname <> 'information_schema')"),
        "function" => format!(
            "(SELECT quote_ident(xn.nspname) || '.' || quote_ident(xp.proname) FROM pg_proc xp JOIN pg_namespace xn ON xn.oid = xp.pronamespace WHERE xp.oid = {x})"
        ),
        "signature" => format!("{x}::regprocedure::text"),
        "operator" => format!(
            "(SELECT 'OPERATOR(' || quote_ident(xn.nspname) || '.' || xp.oprname || ')' FROM pg_operator xp JOIN pg_namespace xn ON xn.oid = xp.oprnamespace WHERE xp.oid = {x})"
        ),
        "collation" => format!("{x}::regcollation::text"),
        "role" => format!("quote_ident(pg_get_userbyid({x}))"),
        // aclexplode refuses an empty list.
        "list" => format!("CASE WHEN cardinality({x}) > 0 THEN {x} END"),
        "modify" => {
            format!(
                "CASE {x} WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END"
            )
        }
        "persistence" => format!("CASE {x}.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END"),
        "parameters" => settings("", ""),
        "toast_parameters" => settings("'toast.' || ", ""),
        "view_parameters" => settings("", " WHERE xo.o NOT LIKE 'check_option=%'"),
        "least" => format!(
            "CASE {x} WHEN 'smallint'::regtype THEN -32768 WHEN 'integer'::regtype THEN -2147483648 ELSE -9223372036854775808 END"
        ),
        "greatest" => format!(
            "CASE {x} WHEN 'smallint'::regtype THEN 32767 WHEN 'integer'::regtype THEN 2147483647 ELSE 9223372036854775807 END"
        ),
        "family_operator" => format!(
            "'OPERATOR ' || {x}.amopstrategy || ' ' || {x}.amopopr::regoperator::text || CASE WHEN {x}.amopsortfamily <> 0 THEN ' FOR ORDER BY ' || (SELECT quote_ident(xn.nspname) || '.' || quote_ident(xf.opfname) FROM pg_opfamily xf JOIN pg_namespace xn ON xn.oid = xf.opfnamespace WHERE xf.oid = {x}.amopsortfamily) ELSE '' END"
        ),
        "family_function" => format!(
            "'FUNCTION ' || {x}.amprocnum || ' (' || format_type({x}.amproclefttype, NULL) || ', ' || format_type({x}.amprocrighttype, NULL) || ') ' || {x}.amproc::regprocedure::text"
        ),
        _ => format!("{{{name} {x}}}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::areas::{AREAS, LEFT_OUT};
    use super::*;

    fn spelling(major: u16) -> Spelling {
        Spelling {
            major,
            passwords: false,
            extension_versions: false,
            own_owner: true,
            superuser: true,
        }
    }

    #[test]
    fn lines_stand_for_versions() {
        let query = "a\nb --@ 15..\nc --@ ..14\nd --@ 14..15\n";
        assert_eq!(spelling(13).write(query), "a\nc \n");
        assert_eq!(spelling(14).write(query), "a\nc \nd \n");
        assert_eq!(spelling(16).write(query), "a\nb \n");
    }

    #[test]
    fn every_phrase_is_known() {
        for major in 13..=18 {
            let queries = AREAS.iter().map(|a| a.query).chain([LEFT_OUT]);
            for query in queries {
                let text = spelling(major).write(query);
                let left = text.find('{').map(|at| &text[at..]);
                let literal = left.is_none_or(|l| l.starts_with("{}") || l.starts_with("{0}"));
                assert!(literal, "{text}");
            }
        }
    }

    #[test]
    fn braces_of_literals_stay() {
        assert_eq!(spelling(15).write("'{}' '{0}'"), "'{}' '{0}'\n");
    }
}
