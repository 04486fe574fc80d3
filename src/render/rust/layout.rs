//! Lays out the constructs of generated Rust whose width depends on a schema's names, as rustfmt
//! would.
//!
//! Invariants: what these functions return stays byte for byte under `rustfmt --edition 2024` with
//! its default configuration. The widths below are its defaults. Everything else in the generated
//! code has a fixed width and stands in the templates.

use super::name_order::version_order;

/// `max_width`.
const WIDTH: usize = 100;
/// `fn_call_width` and `array_width`: wider arguments and elements stand one a line.
const LIST_WIDTH: usize = 60;
/// `attr_fn_like_width`.
const ATTRIBUTE_WIDTH: usize = 70;
/// `struct_lit_width`.
const STRUCT_WIDTH: usize = 18;
/// `short_array_element_width_threshold`: arrays of shorter elements are filled line by line.
const SHORT_ELEMENT: usize = 10;

/// Lists of names to import stay two columns short of the width.
const USE_WIDTH: usize = WIDTH - 2;

/// Columns that a text takes, wide letters of East Asian scripts counted twice.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}')
}

fn pad(indent: usize) -> String {
    " ".repeat(indent)
}

fn fits(indent: usize, text: &str) -> bool {
    indent + width(text) <= WIDTH
}

/// `head`, the items one a line with a comma after each, `tail`.
fn vertical(indent: usize, head: &str, items: &[String], tail: &str) -> String {
    let (outer, inner) = (pad(indent), pad(indent + 4));
    let mut text = format!("{outer}{head}\n");
    for item in items {
        text.push_str(&format!("{inner}{item},\n"));
    }
    text.push_str(&outer);
    text.push_str(tail);
    text
}

/// As many items to a line as fit, each with a comma after it.
///
/// No line is wider than `limit`, the last comma aside.
fn filled(indent: usize, head: &str, items: &[String], tail: &str, limit: usize) -> String {
    let inner = pad(indent + 4);
    let mut text = format!("{}{head}\n", pad(indent));
    let mut column = 0;
    for (i, item) in items.iter().enumerate() {
        let last = i + 1 == items.len();
        let needed = width(item) + 1;
        // Of the last item, rustfmt does not count the comma.
        let end = if last { limit + 1 } else { limit };
        if column > 0 && column + 1 + needed > end {
            text.push('\n');
            column = 0;
        }
        if column == 0 {
            text.push_str(&inner);
            column = indent + 4;
        } else {
            text.push(' ');
            column += 1;
        }
        text.push_str(item);
        text.push(',');
        column += needed;
    }
    text.push('\n');
    text.push_str(&pad(indent));
    text.push_str(tail);
    text
}

/// `#[name(a, b)]`.
pub(super) fn attribute(indent: usize, name: &str, items: &[String]) -> String {
    let inner = items.join(", ");
    let line = format!("#[{name}({inner})]");
    if (items.len() == 1 || width(&inner) <= ATTRIBUTE_WIDTH) && fits(indent, &line) {
        return pad(indent) + &line;
    }
    let inner = items.join(&format!(",\n{}", pad(indent + 4)));
    let (outer, deeper) = (pad(indent), pad(indent + 4));
    format!("{outer}#[{name}(\n{deeper}{inner}\n{outer})]")
}

/// `#[derive(A, B)]`.
pub(super) fn derive(traits: &[&str]) -> String {
    let line = format!("#[derive({})]", traits.join(", "));
    if fits(0, &line) {
        return line;
    }
    let traits: Vec<String> = traits.iter().map(|t| (*t).to_owned()).collect();
    filled(0, "#[derive(", &traits, ")]", WIDTH)
}

/// `use path::{A, b};`, the names in rustfmt's order; no line where there are none.
pub(super) fn use_list(head: &str, names: impl IntoIterator<Item = String>) -> String {
    let mut names: Vec<String> = names.into_iter().collect();
    names.sort_by(|a, b| version_order(a, b));
    names.dedup();
    let line = match names.as_slice() {
        [] => return String::new(),
        [one] => return format!("{head}::{one};\n"),
        many => format!("{head}::{{{}}};", many.join(", ")),
    };
    if width(&line) <= USE_WIDTH {
        line + "\n"
    } else {
        filled(0, &format!("{head}::{{"), &names, "};", USE_WIDTH + 1) + "\n"
    }
}

/// `pub name: Type,`.
pub(super) fn field(indent: usize, name: &str, data_type: &str) -> String {
    let line = format!("pub {name}: {data_type},");
    if fits(indent, &line) {
        return pad(indent) + &line;
    }
    let (outer, inner) = (pad(indent), pad(indent + 4));
    format!("{outer}pub {name}:\n{inner}{data_type},")
}

/// `pub struct Name(pub Type);`.
pub(super) fn newtype(name: &str, data_type: &str) -> String {
    let line = format!("pub struct {name}(pub {data_type});");
    if fits(0, &line) {
        line
    } else {
        format!("pub struct {name}(\n    pub {data_type},\n);")
    }
}

/// The head of a function, up to its opening brace. `head` is `pub async fn name`; `output` is a
/// type, of which the outermost generic is broken where it does not fit.
pub(super) fn signature(indent: usize, head: &str, arguments: &[String], output: &str) -> String {
    let line = format!("{head}({}) -> {output} {{", arguments.join(", "));
    if fits(indent, &line) {
        return pad(indent) + &line;
    }
    let open = format!("{head}(");
    let tail = format!(") -> {output}");
    let (outer, inner) = (pad(indent), pad(indent + 4));
    // Of a head on several lines, rustfmt takes the brace for one level deeper.
    if fits(indent + 4, &format!("{tail} {{")) {
        return vertical(indent, &open, arguments, &format!("{tail} {{"));
    }
    if fits(indent, &tail) {
        return vertical(indent, &open, arguments, &format!("{tail}\n{outer}{{"));
    }
    let ok = output
        .strip_prefix("Result<")
        .and_then(|o| o.strip_suffix(", Error>"));
    let broken = match ok {
        Some(ok) => format!(") -> Result<\n{inner}{ok},\n{inner}Error,\n{outer}> {{"),
        None => format!("{tail} {{"),
    };
    vertical(indent, &open, arguments, &broken)
}

/// `callee(a, b)tail`.
pub(super) fn call(indent: usize, callee: &str, arguments: &[String], tail: &str) -> String {
    let inner = arguments.join(", ");
    let line = format!("{callee}({inner}){tail}");
    // A single argument may take the whole line.
    if (arguments.len() == 1 || width(&inner) <= LIST_WIDTH) && fits(indent, &line) {
        return pad(indent) + &line;
    }
    vertical(
        indent,
        &format!("{callee}("),
        arguments,
        &format!("){tail}"),
    )
}

/// `head[a, b]tail`.
pub(super) fn array(indent: usize, head: &str, elements: &[String], tail: &str) -> String {
    let inner = elements.join(", ");
    let line = format!("{head}[{inner}]{tail}");
    // Only literals and single names count as short, not paths and calls.
    let simple = |e: &String| !e.contains("::") && !e.contains('(');
    let short = elements
        .iter()
        .all(|e| width(e) <= SHORT_ELEMENT && (e.starts_with('"') || simple(e)));
    if (short || width(&inner) <= LIST_WIDTH) && fits(indent, &line) {
        return pad(indent) + &line;
    }
    // On a line of its own, behind the equals sign, it may fit after all.
    if let Some((name, reference)) = head.split_once(" = ") {
        let second = format!("{reference}[{inner}]{tail}");
        if (short || width(&inner) <= LIST_WIDTH) && fits(indent + 4, &second) {
            let (outer, deeper) = (pad(indent), pad(indent + 4));
            return format!("{outer}{name} =\n{deeper}{second}");
        }
    }
    let (head, tail) = (format!("{head}["), format!("]{tail}"));
    if short {
        filled(indent, &head, elements, &tail, WIDTH)
    } else {
        vertical(indent, &head, elements, &tail)
    }
}

/// An array of calls, some of which may be broken themselves; those were laid out four deeper.
pub(super) fn array_of_calls(indent: usize, calls: &[String]) -> String {
    if calls.iter().any(|c| c.contains('\n')) {
        vertical(indent, "[", calls, "]")
    } else {
        array(indent, "", calls, "")
    }
}

/// `head { a, b: c }tail`.
pub(super) fn struct_literal(indent: usize, head: &str, fields: &[String], tail: &str) -> String {
    let inner = fields.join(", ");
    let line = format!("{head} {{ {inner} }}{tail}");
    if width(&inner) <= STRUCT_WIDTH && fits(indent, &line) {
        return pad(indent) + &line;
    }
    let inner = pad(indent + 8);
    let broken = |field: &String| match field.split_once(": ") {
        Some((name, value)) if !fits(indent + 4, &format!("{field},")) => {
            match value.split_once('.') {
                Some((root, rest)) if fits(indent + 5, &format!("{name}: {root}")) => {
                    format!("{name}: {root}\n{inner}.{rest}")
                }
                _ => format!("{name}:\n{inner}{value}"),
            }
        }
        _ => field.clone(),
    };
    let fields: Vec<String> = fields.iter().map(broken).collect();
    vertical(indent, &format!("{head} {{"), &fields, &format!("}}{tail}"))
}

/// An arm of a match: `pattern => value,`. A tuple pattern is given as its elements.
pub(super) fn arm(indent: usize, pattern: &[String], value: &str) -> String {
    let tuple = match pattern {
        [one] => one.clone(),
        many => format!("({})", many.join(", ")),
    };
    let line = format!("{tuple} => {value},");
    if fits(indent, &line) {
        return pad(indent) + &line;
    }
    let (outer, inner) = (pad(indent), pad(indent + 4));
    if fits(indent, &format!("{tuple} => {{")) || pattern.len() == 1 {
        return format!("{outer}{tuple} => {{\n{inner}{value}\n{outer}}}");
    }
    vertical(indent, "(", pattern, &format!(") => {value},"))
}

/// `name: row.try_get("column")?,` where `name` and `column` may be as long as PostgreSQL has them.
/// `column` is a Rust literal.
pub(super) fn read(indent: usize, name: &str, column: &str) -> String {
    let line = format!("{name}: row.try_get({column})?,");
    let (outer, inner) = (pad(indent), pad(indent + 4));
    // Of a chain with a question mark, rustfmt keeps two columns in hand.
    if fits(indent + 2, &line) {
        return outer + &line;
    }
    let second = format!(".try_get({column})?,");
    if fits(indent + 4, &second) {
        return format!("{outer}{name}: row\n{inner}{second}");
    }
    format!("{outer}{name}: row.try_get(\n{inner}{column},\n{outer})?,")
}

/// `path::function(client, key).await`, as the last expression of a block.
pub(super) fn awaited(indent: usize, path: &str, arguments: &str) -> String {
    let line = format!("{path}({arguments}).await");
    let (outer, inner) = (pad(indent), pad(indent + 4));
    if fits(indent, &line) {
        outer + &line
    } else if fits(indent, &format!("{path}({arguments})")) {
        format!("{outer}{path}({arguments})\n{inner}.await")
    } else {
        format!("{outer}{path}(\n{inner}{arguments},\n{outer})\n{outer}.await")
    }
}

/// `Ok(group(rows, |row: &Self| &row.field))`.
pub(super) fn grouped(indent: usize, field: &str) -> String {
    let call = format!("group(rows, |row: &Self| &row.{field})");
    let line = format!("Ok({call})");
    let (outer, inner) = (pad(indent), pad(indent + 4));
    if width(&call) <= LIST_WIDTH && fits(indent, &line) {
        outer + &line
    } else {
        format!("{outer}Ok(group(rows, |row: &Self| {{\n{inner}&row.{field}\n{outer}}}))")
    }
}

/// `head self.field tail`, cloned where its type asks for it.
pub(super) fn own_field(
    indent: usize,
    head: &str,
    field: &str,
    cloned: bool,
    tail: &str,
) -> String {
    let clone = if cloned { ".clone()" } else { "" };
    let value = format!("self.{field}{clone}");
    let line = format!("{head}{value}{tail}");
    let (outer, inner) = (pad(indent), pad(indent + 4));
    if fits(indent, &line) && (!cloned || width(&value) <= LIST_WIDTH) {
        return outer + &line;
    }
    if head.is_empty() {
        return format!("{outer}self.{field}\n{inner}.clone(){tail}");
    }
    let clone = if cloned {
        format!("\n{inner}.clone()")
    } else {
        String::new()
    };
    format!("{outer}{head}self\n{inner}.{field}{clone}{tail}")
}

/// `let sql = format!("...");` (or the literal alone) from pieces of SQL that stand on lines of
/// their own where they do not fit on one. The pieces are escaped for a Rust literal already.
pub(super) fn sql(indent: usize, formatted: bool, pieces: &[String]) -> String {
    let literal = format!("\"{}\"", pieces.join(" "));
    let value = if formatted {
        format!("format!({literal})")
    } else {
        literal.clone()
    };
    let (outer, inner) = (pad(indent), pad(indent + 4));
    if fits(indent, &format!("let sql = {value};")) {
        return format!("{outer}let sql = {value};");
    }
    if fits(indent + 4, &format!("{value};")) {
        return format!("{outer}let sql =\n{inner}{value};");
    }
    let one = fits(indent + 4, &literal);
    let literal = if one {
        literal
    } else {
        format!("\"{}\"", pieces.join(&format!(" \\\n{inner} ")))
    };
    if formatted {
        format!("{outer}let sql = format!(\n{inner}{literal}\n{outer});")
    } else {
        format!("{outer}let sql = {literal};")
    }
}

/// `head "a, b, c";`, the list broken with backslashes where it is long.
pub(super) fn list_constant(head: &str, items: &[String]) -> String {
    let line = format!("{head} = \"{}\";", items.join(", "));
    if fits(0, &line) {
        return line;
    }
    let second = format!("    \"{}\";", items.join(", "));
    if fits(0, &second) {
        return format!("{head} =\n{second}");
    }
    let mut text = format!("{head} = \"");
    let mut column = width(&text);
    for (i, item) in items.iter().enumerate() {
        let last = i + 1 == items.len();
        let needed = width(item) + if last { 2 } else { 3 };
        if i > 0 && column + needed > WIDTH {
            text.push_str("\\\n    ");
            column = 4;
        }
        text.push_str(item);
        text.push_str(if last { "\";" } else { ", " });
        column += width(item) + 2;
    }
    text
}
