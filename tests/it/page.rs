//! `schema.html` in headless Chromium: it asks for nothing, runs nothing but its own script, can be
//! used by keyboard alone, and answers at once.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::generate;
use crate::support::browser::{self, Browser};
use crate::support::program::Folder;

/// The most that scripts and style may take, and the whole page of 50 and 1,000 tables.
const MOST_SCRIPT: usize = 60_000;
const MOST_50: usize = 150_000;
const MOST_1000: usize = 2_000_000;

/// A page on disk.
struct Page {
    folder: Folder,
    text: String,
}

impl Page {
    /// What `build` makes of some SQL, with the findings of the rules.
    fn of(sql: &str) -> Self {
        let config = "dialect: postgres\nsources: [schema.sql]\noutputs: { html: {} }\n";
        let folder = Folder::with(&[("schema.sql", sql), ("schemagen.yaml", config)]);
        folder.run(&["build"]);
        let text = folder.read("generated/schema.html");
        Self { folder, text }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("generated/schema.html")
    }
}

fn example() -> PathBuf {
    PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/generated/schema.html"
    ))
}

#[test]
fn a_page_is_as_small_as_promised() {
    let fifty = Page::of(&generate::schema(50)).text;
    assert!(fifty.len() <= MOST_50, "50 tables: {}", fifty.len());
    let thousand = Page::of(&generate::schema(1000)).text;
    assert!(
        thousand.len() <= MOST_1000,
        "1,000 tables: {}",
        thousand.len()
    );
    let mut code = 0;
    for element in ["<style>", "<script>"] {
        for part in fifty.split(element).skip(1) {
            code += part.find("</s").unwrap();
        }
    }
    assert!(
        code <= MOST_SCRIPT && code > 10_000,
        "scripts and style: {code}"
    );
}

#[test]
fn nothing_is_asked_for() {
    let Some(browser) = Browser::start() else {
        return;
    };
    browser.open(&example());
    visit_all(&browser);
    let (requests, errors) = browser.traffic();
    let own = format!("file://{}", example().display());
    let others: Vec<&String> = requests
        .iter()
        .filter(|url| !url.starts_with(&own) && !url.starts_with("data:"))
        .collect();
    assert!(!requests.is_empty() && others.is_empty(), "{others:?}");
    assert_eq!(errors, Vec::<String>::new());
    // Were anything on the page to ask, the browser would refuse.
    let refused = browser.eval(
        "new Promise(r => { addEventListener('securitypolicyviolation', e => r(e.violatedDirective)); \
         new Image().src = 'https://example.invalid/x.png'; })",
    );
    assert_eq!(refused, "img-src");
}

/// Shows every section, one after the other.
fn visit_all(browser: &Browser) -> usize {
    let count = browser.eval(
        "(async () => { const all = [...document.querySelectorAll('main > section')]; \
         for (const s of all) { location.hash = '#' + s.id; await new Promise(r => setTimeout(r, 5)); \
         if (getComputedStyle(s).display === 'none') throw new Error(s.id + ' is not shown'); } \
         return all.length; })()",
    );
    usize::try_from(count.as_u64().unwrap()).unwrap()
}

#[test]
fn axe_finds_nothing() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let Some(axe) = browser::axe() else { return };
    let hashes = [
        "#overview",
        "#g=tasks",
        "#t=public.tasks",
        "#enums",
        "#functions",
        "#policies",
        "#views",
        "#history",
    ];
    for scheme in ["light", "dark"] {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        browser.send(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        );
        browser.open(&example());
        browser.eval(&axe);
        for hash in hashes {
            browser.eval(&format!("location.hash = '{hash}'"));
            browser.settle();
            violations(&browser, &format!("{scheme} {hash}"));
        }
        browser.press("/");
        browser.send("Input.insertText", json!({ "text": "user" }));
        browser.settle();
        violations(&browser, &format!("{scheme} search"));
    }
}

fn violations(browser: &Browser, place: &str) {
    let found = browser.eval(
        "axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).slice(0, 3).join(' | ')))",
    );
    assert_eq!(found, json!([]), "{place}");
}

#[test]
fn an_answer_comes_within_a_frame() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let page = Page::of(&generate::schema(1400));
    browser.open(&page.file());
    browser.press("/");
    // The first answers wait for the index, which is made when the page is idle.
    browser.eval("new Promise(r => setTimeout(r, 500))");
    let times = browser.eval(
        "(async () => { const q = document.getElementById('query'), times = []; \
         for (const text of ['a', 'ac', 'acc', 'account_5', 'ref_2', 'status open', 'made up', 'nothing at all']) { \
         const runs = []; \
         for (let n = 0; n < 15; n++) { q.value = text; const start = performance.now(); \
         q.dispatchEvent(new Event('input')); runs.push(performance.now() - start); \
         await new Promise(r => setTimeout(r, 20)); } \
         times.push([text, Math.min(...runs)]); } return times; })()",
    );
    // What else runs on the machine only adds to a time: the least one is the nearest to what the
    // search itself takes.
    for time in times.as_array().unwrap() {
        assert!(time[1].as_f64().unwrap() < 16.0, "{times}");
    }
    let found = browser.eval(
        "(() => { const q = document.getElementById('query'); q.value = 'account_528'; \
         q.dispatchEvent(new Event('input')); \
         return document.querySelector('.option .what').textContent; })()",
    );
    assert_eq!(found, "area_2.account_528");
}

#[test]
fn the_keyboard_reaches_everything() {
    let Some(browser) = Browser::start() else {
        return;
    };
    browser.open(&example());
    let hash = || browser.eval("location.hash");
    let focused = || browser.eval("document.activeElement.textContent.trim().slice(0, 40)");
    browser.press("Tab");
    assert_eq!(focused(), "Skip to the content");
    browser.press("/");
    browser.send("Input.insertText", json!({ "text": "assignee" }));
    browser.settle();
    browser.press("ArrowDown");
    browser.press("ArrowUp");
    browser.press("Enter");
    browser.settle();
    assert_eq!(hash(), "#t=public.tasks&c=assignee_id");
    assert_eq!(focused(), "tasks");
    let lit = browser.eval("document.querySelector('.hit').cells[0].textContent");
    assert_eq!(lit, "assignee_id");
    // On to the diagram, along it, into a neighbour.
    tab_to(&browser, ".stage");
    browser.press("Tab");
    browser.settle();
    assert_eq!(
        browser.eval("document.querySelectorAll('.sheet.lit').length"),
        1
    );
    let before = focused();
    for key in ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"] {
        browser.press(key);
        if focused() != before {
            break;
        }
    }
    let (table, title) = (focused(), before);
    assert_ne!(table, title);
    browser.press("Escape");
    browser.settle();
    assert_eq!(
        browser.eval("document.querySelectorAll('.sheet.lit').length"),
        0
    );
    browser.press("Enter");
    browser.settle();
    assert_eq!(
        browser.eval("document.querySelector('section.on h2').textContent"),
        table
    );
    // Everything that can be clicked has its turn.
    let unreachable = browser.eval(
        "[...document.querySelectorAll('a[href], button, summary')] \
         .filter(e => e.checkVisibility() && e.tabIndex < 0 && !e.closest('.sheet')).length",
    );
    assert_eq!(unreachable, 0);
}

fn tab_to(browser: &Browser, selector: &str) {
    for _ in 0..400 {
        browser.press("Tab");
        let there = browser.eval(&format!("document.activeElement.matches('{selector}')"));
        if there == true {
            return;
        }
    }
    panic!("{selector} is not reached");
}

/// Every place that a text of a schema has on the page, with every text that could break out.
pub(crate) fn hostile() -> (String, Vec<&'static str>) {
    let texts = vec![
        "</script><script>window.ran=1</script>",
        "<img src=x onerror=window.ran=1>",
        "\"><svg onload=window.ran=1>",
        "' onfocus=window.ran=1 autofocus x='",
        "]]>--><style>*{display:none}</style>",
        "`a` **b** [c](javascript:window.ran=1) | {{ 7 * 7 }} ${window.ran=1}",
        "\u{202e}right to left\u{2066}",
        "&lt;b&gt; &amp; &#60;",
        "\\u003c/script> \\",
    ];
    let mut sql = String::new();
    for (n, text) in texts.iter().enumerate() {
        let name: String = text.chars().take(50).collect();
        let name = name.replace('"', "\"\"");
        let quoted = text.replace('\'', "''");
        sql.push_str(&format!(
            "CREATE TYPE \"e{n} {name}\" AS ENUM ('{quoted}');\n\
             CREATE TABLE \"t{n} {name}\" (\"{name}\" text DEFAULT '{quoted}' PRIMARY KEY, \
             e \"e{n} {name}\", \"r {name}\" text REFERENCES \"t{n} {name}\", \
             CONSTRAINT \"c {name}\" CHECK (\"{name}\" <> '{quoted}'));\n\
             CREATE INDEX \"i{n} {name}\" ON \"t{n} {name}\" (lower(\"{name}\"));\n\
             ALTER TABLE \"t{n} {name}\" ENABLE ROW LEVEL SECURITY;\n\
             CREATE POLICY \"p {name}\" ON \"t{n} {name}\" USING (\"{name}\" = '{quoted}');\n\
             CREATE VIEW \"v{n} {name}\" AS SELECT '{quoted}'::text AS \"{name}\" FROM \"t{n} {name}\";\n\
             CREATE FUNCTION \"f{n} {name}\"() RETURNS text LANGUAGE sql AS $f$SELECT '{quoted}'$f$;\n\
             COMMENT ON TABLE \"t{n} {name}\" IS '{quoted}';\n\
             COMMENT ON COLUMN \"t{n} {name}\".\"{name}\" IS '{quoted}';\n"
        ));
    }
    (sql, texts)
}

#[test]
fn hostile_texts_are_texts() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let (sql, texts) = hostile();
    let page = Page::of(&sql);
    browser.open(&page.file());
    assert!(visit_all(&browser) > texts.len());
    let strange = browser.eval(
        "[window.ran ?? null, document.scripts.length, document.images.length, \
         document.querySelectorAll('style').length, \
         document.querySelectorAll('[onerror],[onload],[onfocus],[autofocus],a[href^=\"java\"]').length]",
    );
    assert_eq!(strange, json!([Value::Null, 3, 0, 1, 0]));
    let (_, errors) = browser.traffic();
    assert_eq!(errors, Vec::<String>::new());
    // Each comment stands there as it was written, white space aside.
    let said = browser.eval(
        "[...document.querySelectorAll('[id^=\"t=\"] .said')].map(p => p.textContent.trim())",
    );
    let mut said: Vec<&str> = said
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let mut wanted = texts.clone();
    said.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(said, wanted);
}

#[test]
fn a_telephone_shows_all_of_it() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let size = json!({ "width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": true });
    browser.send("Emulation.setDeviceMetricsOverride", size);
    browser.open(&example());
    // Nothing is wider than the screen but what scrolls by itself.
    let wide = browser.eval(
        "(async () => { const found = []; \
         for (const s of document.querySelectorAll('main > section')) { location.hash = '#' + s.id; \
         await new Promise(r => setTimeout(r, 20)); const wide = document.documentElement.scrollWidth; \
         if (wide > 390) found.push(s.id + ' ' + wide); \
         for (const e of s.querySelectorAll('h2, h3, p, summary, pre, table')) { \
         if (!e.checkVisibility()) continue; let box = e, scrolls = false; \
         while ((box = box.parentElement)) scrolls ||= /auto|scroll|hidden/.test(getComputedStyle(box).overflowX); \
         if (!scrolls && getComputedStyle(e).overflowX === 'visible' && e.getBoundingClientRect().right > 391) \
         found.push(s.id + ': ' + e.textContent.slice(0, 40)); } } return found.slice(0, 9); })()",
    );
    assert_eq!(wide, json!([]));
    let search = browser.eval(
        "(() => { const q = document.querySelector('.bar').getBoundingClientRect(); \
         return q.width > 200 && q.right <= 390; })()",
    );
    assert_eq!(search, true);
}

#[test]
fn paper_has_the_words_and_not_the_tools() {
    let Some(browser) = Browser::start() else {
        return;
    };
    browser.open(&example());
    browser.eval("location.hash = '#t=public.tasks'");
    browser.settle();
    browser.send("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    let shown = browser.eval(
        "['.bar', '#nav', '.tools'].filter(s => [...document.querySelectorAll(s)].some(e => e.checkVisibility()))",
    );
    assert_eq!(shown, json!([]));
    let there = browser.eval(
        "(() => { const s = document.getElementById('t=public.tasks'); \
         return s.checkVisibility() && s.querySelector('table.cols').checkVisibility(); })()",
    );
    assert_eq!(there, true);
    let params = json!({ "printBackground": true, "preferCSSPageSize": true });
    let pdf = browser.send("Page.printToPDF", params);
    assert!(pdf["data"].as_str().unwrap().len() > 20_000);
}

#[test]
fn without_scripts_every_table_is_there() {
    let Some(browser) = Browser::start() else {
        return;
    };
    browser.send(
        "Emulation.setScriptExecutionDisabled",
        json!({ "value": true }),
    );
    browser.open(&example());
    let document = browser.send("DOM.getDocument", json!({ "depth": 0 }));
    let root = document["root"]["nodeId"].clone();
    let of = |selector: &str| {
        let params = json!({ "nodeId": root, "selector": selector });
        let found = browser.send("DOM.querySelectorAll", params);
        found["nodeIds"].as_array().unwrap().clone()
    };
    let tables = of("main > section[id^='t='] table.cols");
    assert_eq!(tables.len(), 18);
    for table in tables {
        let shown = browser.send("DOM.getBoxModel", json!({ "nodeId": table }));
        assert!(shown["model"]["height"].as_u64().unwrap() > 20, "{shown}");
    }
}
