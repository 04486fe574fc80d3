//! What everything looks like: plain rules for light paper, overridden where the reader's screen is
//! dark. No custom properties: programs that only draw do not know them.

use std::fmt::Write as _;

/// Frames and their tables take these in turn: the tint of a title, the tint of a frame, both in
/// light and in dark, and the colour of the frame's own title.
const HUES: [[&str; 6]; 8] = [
    [
        "#dbeafe", "#f5f9ff", "#1d4ed8", "#1e3a5f", "#101a2b", "#93c5fd",
    ],
    [
        "#d9f2e3", "#f3fbf6", "#15803d", "#1c4532", "#0f1f18", "#86efac",
    ],
    [
        "#ffe8cc", "#fff9f0", "#b45309", "#573a17", "#211a10", "#fcd34d",
    ],
    [
        "#eadcfb", "#faf6ff", "#7e22ce", "#3f2a5c", "#1a1326", "#d8b4fe",
    ],
    [
        "#fbdce4", "#fff5f7", "#be185d", "#5a2438", "#251219", "#f9a8d4",
    ],
    [
        "#d3f1f4", "#f1fbfc", "#0e7490", "#164653", "#0d1f24", "#67e8f9",
    ],
    [
        "#ecf0c8", "#fbfcf0", "#4d7c0f", "#3c4a1a", "#191e0f", "#bef264",
    ],
    [
        "#e4e7ec", "#f8f9fb", "#475467", "#344054", "#171b22", "#cbd5e1",
    ],
];

/// The colours of lines, by their parent: in light and in dark.
const LINES: [[&str; 2]; 6] = [
    ["#5b7fb5", "#7ea6e0"],
    ["#5f9377", "#7cc4a0"],
    ["#b07d4f", "#d6a575"],
    ["#8a6fb0", "#b79be0"],
    ["#b0647c", "#e08fa8"],
    ["#4f8f9c", "#76c0ce"],
];

pub(super) const HUE_COUNT: usize = HUES.len();
pub(super) const LINE_COUNT: usize = LINES.len();

/// The style sheet and the symbols at the ends of lines.
pub(super) fn head() -> String {
    let mut out = String::from("<style>\n");
    out.push_str(LIGHT);
    for (n, [title, frame, name, ..]) in HUES.iter().enumerate() {
        let _ = writeln!(
            out,
            ".h{n} .head {{ fill: {title}; }} .h{n} .frame {{ fill: {frame}; stroke: {title}; }} .h{n} .label {{ fill: {name}; }}"
        );
    }
    for (n, [light, _]) in LINES.iter().enumerate() {
        let _ = writeln!(out, ".l{n} {{ stroke: {light}; }}");
    }
    out.push_str("@media (prefers-color-scheme: dark) {\n");
    out.push_str(DARK);
    for (n, [.., title, frame, name]) in HUES.iter().enumerate() {
        let _ = writeln!(
            out,
            ".h{n} .head {{ fill: {title}; }} .h{n} .frame {{ fill: {frame}; stroke: {title}; }} .h{n} .label {{ fill: {name}; }}"
        );
    }
    for (n, [_, dark]) in LINES.iter().enumerate() {
        let _ = writeln!(out, ".l{n} {{ stroke: {dark}; }}");
    }
    out.push_str("}\n</style>\n<defs>\n");
    for n in 0..LINE_COUNT {
        markers(&mut out, n);
    }
    out.push_str("</defs>\n");
    out
}

/// Four symbols in the colour of a line. The one next to the table is the maximum, the other one
/// the minimum. Lines run from the parent to the child.
fn markers(out: &mut String, n: usize) {
    let ends = [
        ("one", 1, "M7 2V12M12 2V12", None),
        ("maybe", 1, "M7 2V12", Some(14)),
        ("many", 24, "M12 7L24 1M12 7L24 13", Some(8)),
        ("single", 24, "M18 2V12", Some(10)),
    ];
    for (name, at, path, circle) in ends {
        let _ = write!(
            out,
            "<marker id=\"{name}{n}\" class=\"end l{n}\" markerUnits=\"userSpaceOnUse\" markerWidth=\"24\" markerHeight=\"14\" refX=\"{at}\" refY=\"7\" orient=\"auto\"><path d=\"{path}\"/>"
        );
        if let Some(x) = circle {
            let _ = write!(out, "<circle cx=\"{x}\" cy=\"7\" r=\"4\"/>");
        }
        out.push_str("</marker>\n");
    }
}

const LIGHT: &str = "\
text { font-family: Inter, \"Segoe UI\", Roboto, \"Helvetica Neue\", Arial, \"DejaVu Sans\", sans-serif; fill: #1f2933; }
.page { fill: #ffffff; }
.frame { stroke-width: 1; }
.label { font-size: 13px; font-weight: 600; }
.box { fill: #ffffff; stroke: #b8c2cc; stroke-width: 1; }
.outside .box { stroke-dasharray: 4 3; }
.name { font-size: 13px; font-weight: 600; }
.col { font-size: 12px; }
.pk { font-weight: 600; }
.key { font-size: 8px; font-weight: 700; fill: #8a6100; }
.type { font-size: 11px; fill: #6b7785; text-anchor: end; }
.ref { font-size: 11px; fill: #2563c9; text-anchor: end; }
.more, .note { font-size: 11px; fill: #6b7785; }
.rule, .bracket { fill: none; stroke: #b8c2cc; stroke-width: 1; }
.fk { fill: none; stroke-width: 1.4; stroke-linejoin: round; }
.weak { stroke-dasharray: 6 3; }
.fk:hover { stroke-width: 3; }
.end { fill: none; stroke-width: 1.4; overflow: visible; }
.end circle { fill: #ffffff; }
a:hover .name { text-decoration: underline; }
";

const DARK: &str = "\
text { fill: #e6edf3; }
.page { fill: #0d1117; }
.box { fill: #161b22; stroke: #3d4753; }
.key { fill: #e3b341; }
.type, .more, .note { fill: #8d97a3; }
.ref { fill: #79b8ff; }
.rule, .bracket { stroke: #3d4753; }
.end circle { fill: #0d1117; }
";
