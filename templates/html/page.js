// One section at a time, diagrams, search. Everything that is shown comes from the tables of the
// page and is inserted as text; the data beside them hold positions.
(() => {
  "use strict";

  const root = document.documentElement;
  const main = document.getElementById("main");
  const data = JSON.parse(document.getElementById("data").textContent);
  const heading = document.title;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const HEAD = 30;
  const ROW = 20;

  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

  // An element with a class and children; strings become texts.
  function make(tag, name, ...children) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    element.append(...children);
    return element;
  }

  function svg(tag, attributes, ...children) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  function button(label, text, act, name = "icon") {
    const element = make("button", name, text);
    element.type = "button";
    element.setAttribute("aria-label", label);
    element.title = label;
    element.addEventListener("click", act);
    return element;
  }

  // ---- Tables, as the page has them ----

  const known = new Map();

  // The rows of a table without its heading.
  const body = (table) => (table ? [...table.rows].slice(table.rows[0].cells[1]?.localName === "th" ? 1 : 0) : []);
  const columns = (section) => body($("table.cols", section));
  const typeOf = (row) => row.cells[1].textContent.trim().replace(/ null$/, "");

  // The name, the columns and the marks of a table by its number.
  function table(number) {
    if (known.has(number)) return known.get(number);
    const entry = data.tables[number];
    let found;
    if (typeof entry === "string") {
      const section = sections.get(number);
      const rows = columns(section).map((row, n) => ({
        name: row.cells[0].textContent,
        type: typeOf(row).replace(/^[^("]*\./, ""),
        mark: parseInt(entry[n] ?? "0", 16),
      }));
      found = { name: $("h2", section).textContent, href: "#" + section.id, rows };
    } else {
      const rows = entry.rows.map((name) => ({ name, type: "", mark: 0 }));
      found = { name: entry.name, href: null, rows, outside: true };
    }
    known.set(number, found);
    return found;
  }

  // Sections of tables by their number: both stand in the same order.
  const sections = new Map();
  const numbers = new Map();

  function number() {
    const all = $$('main > section[id^="t="]').values();
    for (const [n, entry] of data.tables.entries()) {
      if (typeof entry !== "string") continue;
      const section = all.next().value;
      sections.set(n, section);
      numbers.set(section, n);
    }
  }

  const keyWords = (mark) =>
    [mark & 1 && "PK", mark & 2 && "FK", mark & 4 && !(mark & 1) && "UK"].filter(Boolean).join(" ");

  // ---- Diagrams ----

  const COLOURS = 6;

  // By parent: the colour of the lines to it, another one than those of parents that share a child.
  function colours(pairs, name) {
    const hues = new Map(), near = new Map();
    for (const [child, parent] of pairs) near.set(child, (near.get(child) ?? new Set([child])).add(parent));
    for (const parent of new Set(pairs.map((pair) => pair[1]))) {
      const taken = new Set();
      for (const some of near.values()) if (some.has(parent)) for (const n of some) taken.add(hues.get(n));
      let hue = 0;
      for (const c of name(parent)) hue = (hue * 31 + c.codePointAt(0)) >>> 0;
      for (let n = 0; n < COLOURS && taken.has(hue % COLOURS); n++) hue++;
      hues.set(parent, hue % COLOURS);
    }
    return hues;
  }

  // The symbols at the ends of lines: next to the table the maximum, then the minimum.
  function symbols() {
    const ends = [
      ["one", 1, "M7 2V12M12 2V12", 0],
      ["maybe", 1, "M7 2V12", 14],
      ["many", 24, "M12 7L24 1M12 7L24 13", 8],
      ["single", 24, "M18 2V12", 10],
    ];
    const defs = svg("defs", {});
    for (let n = 0; n < COLOURS; n++) {
      for (const [name, at, d, circle] of ends) {
        const marker = svg("marker", {
          id: name + n, class: "end l" + n, markerUnits: "userSpaceOnUse", markerWidth: 24,
          markerHeight: 14, refX: at, refY: 7, orient: "auto", overflow: "visible",
        }, svg("path", { d }));
        if (circle) marker.append(svg("circle", { cx: circle, cy: 7, r: 4 }));
        defs.append(marker);
      }
    }
    document.body.append(svg("svg", { class: "defs", width: 0, height: 0, "aria-hidden": true }, defs));
  }

  // A line with round corners.
  function path(points) {
    const toward = (a, b, by) => [a[0] + Math.sign(b[0] - a[0]) * by, a[1] + Math.sign(b[1] - a[1]) * by];
    const far = (a, b) => Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);
    return points.map((p, n) => {
      if (n === 0) return "M" + p;
      if (n === points.length - 1) return "L" + p;
      const [before, next] = [points[n - 1], points[n + 1]];
      const round = Math.min(6, far(before, p) / 2, far(p, next) / 2);
      return "L" + toward(p, before, round) + "Q" + p + " " + toward(p, next, round);
    }).join("");
  }

  class Diagram {
    // The diagram of a table shows the columns of keys only.
    constructor(shape, label, keys) {
      this.shape = shape;
      this.keys = keys;
      [this.width, this.height] = [0, 0];
      this.boxes = new Map();
      this.lines = [];
      this.pointers = new Map();
      this.sheet = make("div", "sheet");
      this.stage = make("div", "stage", this.sheet);
      this.stage.tabIndex = 0;
      this.stage.setAttribute("role", "group");
      this.stage.setAttribute("aria-label", label + ". Arrow keys move, plus and minus zoom, 0 fits.");
      const expand = button("Fill the window", "⤢", () => this.fill());
      const tools = make("div", "tools",
        button("Zoom out", "−", () => this.zoom(1 / 1.3)),
        button("Zoom in", "+", () => this.zoom(1.3)),
        button("Fit", "Fit", () => this.fit(), "icon text"), expand);
      this.element = make("figure", "erd", this.stage, tools);
      if (shape.out) {
        this.element.classList.add("cut");
        const tables = shape.out === 1 ? " more table is" : " more tables are";
        this.element.append(make("figcaption", "", shape.out + tables + " not drawn; the lists below have all."));
      }
      this.draw();
      this.listen();
    }

    draw() {
      const { shape, sheet } = this;
      for (const [n, [title, x, y, width, height]] of (shape.frames ?? []).entries()) {
        const frame = make("div", "frame h" + (n % 8), make("span", "", title));
        this.place(frame, ...[x, y, width, height].map(pixels));
        sheet.append(frame);
      }
      const layer = svg("svg", { class: "lines", width: 1, height: 1, "aria-hidden": true });
      sheet.append(layer);
      const drawn = new Set(shape.groups ? [] : shape.l.map((line) => line[0]));
      for (let n = 0; n < shape.b.length; n += 4) {
        const [number, ...at] = shape.b.slice(n, n + 4);
        const box = shape.groups ? this.group(shape.groups[number]) : this.table(number, drawn);
        const [x, y, width] = at.map(pixels);
        const rows = box.children.length - 1;
        const height = HEAD + (rows ? ROW * rows : 10);
        this.place(box, x, y, width, height);
        this.boxes.set(number, { element: box, x, y, width, height, near: new Set() });
        sheet.append(box);
      }
      if (!shape.groups) this.tint();
      this.connect(layer);
      const first = $("a.name", sheet);
      for (const link of $$("a", sheet)) link.tabIndex = link === first ? 0 : -1;
    }

    place(element, x, y, width, height) {
      Object.assign(element.style, { left: x + "px", top: y + "px", width: width + "px", height: height + "px" });
      this.cover(x + width, y + height);
    }

    // The drawing is as large as what is in it.
    cover(x, y) {
      this.width = Math.max(this.width, x);
      this.height = Math.max(this.height, y);
    }

    // The colours of frames are those of the groups in them.
    tint() {
      const hued = (this.shape.frames ?? []).map(([title, ...at]) => [title, ...at.map(pixels)]);
      for (const { element, x, y } of this.boxes.values()) {
        const n = hued.findIndex(([, fx, fy, w, h]) => x >= fx && y >= fy && x < fx + w && y < fy + h);
        element.classList.add("h" + (n < 0 ? 0 : n % 8));
      }
    }

    table(number, drawn) {
      const { name, href, rows, outside } = table(number);
      const title = make(href ? "a" : "span", "name", name);
      if (href) title.href = href;
      const box = make("div", outside ? "box outside" : "box", title);
      const references = new Map();
      for (const [n, [child, parent, columns]] of data.edges.entries()) {
        if (child === number && !drawn.has(n) && columns.length) references.set(columns[0], parent);
      }
      let hidden = 0;
      for (const [n, row] of rows.entries()) {
        if (this.keys && !outside && !(row.mark & 7)) {
          hidden++;
          continue;
        }
        const right = make("span", "type", row.type + (row.mark & 8 ? "?" : ""));
        if (references.has(n)) {
          const parent = table(references.get(n));
          right.textContent = "";
          const link = make(parent.href ? "a" : "span", "", "→ " + parent.name);
          if (parent.href) link.href = parent.href;
          right.append(link);
        }
        const line = make("div", row.mark & 1 ? "row pk" : "row");
        if (rows.some((r) => r.mark & 7)) line.append(make("small", "", keyWords(row.mark)));
        line.append(make("span", "", row.name), right);
        box.append(line);
      }
      if (hidden && box.children.length > 1) box.append(make("div", "row more", hidden + " more"));
      return box;
    }

    group({ name, anchor, rows, more }) {
      const title = make("a", "name", name);
      title.href = "#" + anchor;
      const box = make("div", "box h" + (this.boxes.size % 8), title);
      for (const [left, right] of rows) {
        box.append(make("div", "row", make("span", "", left), make("span", "type", right)));
      }
      if (more) box.append(make("div", "row more", more + " more"));
      return box;
    }

    connect(layer) {
      const { shape } = this;
      const edge = (n) => (shape.groups ? [...shape.pairs[n], [], 4] : data.edges[n]);
      const start = (line) => line[1] + "," + line[2];
      const optional = new Set(shape.l.filter((line) => edge(line[0])[3] & 1).map(start));
      const named = (n) => (shape.groups ? shape.groups[n].name : table(n).name);
      const hues = colours(shape.l.map((line) => edge(line[0])), named);
      for (const line of shape.l) {
        const [child, parent, columns, flags] = edge(line[0]);
        const points = corners(line.slice(1).map(pixels));
        for (const [x, y] of points) this.cover(x, y);
        const name = named(parent);
        const hue = hues.get(parent);
        const element = svg("path", {
          class: "fk l" + hue + (flags & 4 ? "" : " weak"), d: path(points),
          "marker-start": "url(#" + (optional.has(start(line)) ? "maybe" : "one") + hue + ")",
          "marker-end": "url(#" + (flags & 2 ? "single" : "many") + hue + ")",
        });
        if (!shape.groups) {
          const from = columns.map((n) => table(child).rows[n]?.name).join(", ");
          element.append(svg("title", {}, table(child).name + " (" + from + ") → " + name));
        }
        layer.append(element);
        this.lines.push({ element, child, parent });
        this.boxes.get(child).near.add(parent);
        this.boxes.get(parent).near.add(child);
      }
    }

    // Shows one box with its neighbours; the rest steps back.
    highlight(number) {
      this.lit = number;
      const near = number === null ? null : this.boxes.get(number).near;
      this.sheet.classList.toggle("lit", number !== null);
      for (const [n, { element }] of this.boxes) {
        element.classList.toggle("on", near !== null && (n === number || near.has(n)));
        element.classList.toggle("self", n === number);
      }
      for (const { element, child, parent } of this.lines) {
        element.classList.toggle("on", child === number || parent === number);
      }
    }

    move(x, y, scale = this.scale) {
      [this.x, this.y, this.scale] = [x, y, scale];
      this.sheet.style.transform = `translate(${x}px,${y}px) scale(${scale})`;
    }

    zoom(by, x = this.stage.clientWidth / 2, y = this.stage.clientHeight / 2) {
      const scale = Math.min(3, Math.max(0.04, this.scale * by));
      const ratio = scale / this.scale;
      this.move(x - (x - this.x) * ratio, y - (y - this.y) * ratio, scale);
    }

    // All of it in the middle; as large as it is at most.
    fit() {
      const full = this.element.classList.contains("full");
      const room = this.stage.clientWidth - 24;
      if (room <= 0) return;
      const wide = Math.min(1, room / this.width);
      const tall = Math.min(this.height * wide + 24, innerHeight * 0.72);
      this.stage.style.height = full ? "" : Math.max(120, Math.round(tall)) + "px";
      const scale = Math.min(wide, (this.stage.clientHeight - 24) / this.height);
      this.move((this.stage.clientWidth - this.width * scale) / 2, (this.stage.clientHeight - this.height * scale) / 2, scale);
    }

    fill(on = !this.element.classList.contains("full")) {
      this.element.classList.toggle("full", on);
      root.classList.toggle("filled", on);
      this.fit();
    }

    // Brings a box into view.
    reveal({ x, y, width, height }) {
      this.stage.scrollTo(0, 0);
      const [left, top] = [this.x + x * this.scale, this.y + y * this.scale];
      const within = (at, size, room) => at >= 0 && at + Math.min(size * this.scale, room) <= room;
      const { clientWidth, clientHeight } = this.stage;
      if (within(left, width, clientWidth) && within(top, height, clientHeight)) return;
      this.move(clientWidth / 2 - (x + width / 2) * this.scale, clientHeight / 2 - (y + Math.min(height, 200) / 2) * this.scale);
    }

    boxOf(element) {
      const box = element.closest(".box");
      for (const [number, entry] of this.boxes) if (entry.element === box) return number;
      return null;
    }

    // The nearest box in a direction: what lies straight ahead before what lies aside.
    next(number, [dx, dy]) {
      const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];
      const here = middle(this.boxes.get(number));
      let [best, least] = [null, Infinity];
      for (const [n, entry] of this.boxes) {
        if (!$("a.name", entry.element)) continue;
        const there = middle(entry);
        const ahead = (there[0] - here[0]) * dx + (there[1] - here[1]) * dy;
        const aside = Math.abs((there[0] - here[0]) * dy) + Math.abs((there[1] - here[1]) * dx);
        if (n !== number && ahead > 0 && ahead + 2 * aside < least) [best, least] = [n, ahead + 2 * aside];
      }
      return best;
    }

    focus(number) {
      for (const link of $$("a.name", this.sheet)) link.tabIndex = -1;
      const link = $("a.name", this.boxes.get(number).element);
      link.tabIndex = 0;
      link.focus({ preventScroll: true });
      this.reveal(this.boxes.get(number));
      this.highlight(number);
    }

    listen() {
      const { stage } = this;
      stage.addEventListener("keydown", (event) => this.key(event));
      stage.addEventListener("focusin", (event) => {
        const number = this.boxOf(event.target);
        if (number === null || !event.target.matches(":focus-visible")) return;
        this.reveal(this.boxes.get(number));
        this.highlight(number);
      });
      stage.addEventListener("wheel", (event) => {
        const full = this.element.classList.contains("full");
        if (!event.ctrlKey && !event.metaKey && !full) return;
        event.preventDefault();
        const [x, y] = this.at(event);
        if (event.ctrlKey || event.metaKey) this.zoom(Math.exp(-event.deltaY * 0.004), x, y);
        else this.move(this.x - event.deltaX, this.y - event.deltaY);
      }, { passive: false });
      stage.addEventListener("pointerdown", (event) => this.down(event));
      stage.addEventListener("pointermove", (event) => this.drag(event));
      stage.addEventListener("pointerup", (event) => this.up(event));
      stage.addEventListener("pointercancel", (event) => this.pointers.delete(event.pointerId));
      stage.addEventListener("dragstart", (event) => event.preventDefault());
      // A drag that began on a link is no click on it.
      stage.addEventListener("click", (event) => this.dragged && event.preventDefault(), true);
    }

    at(event) {
      const { left, top } = this.stage.getBoundingClientRect();
      return [event.clientX - left, event.clientY - top];
    }

    down(event) {
      if (event.button > 0) return;
      this.pointers.set(event.pointerId, this.at(event));
      this.dragged = false;
      this.travelled = 0;
    }

    drag(event) {
      const before = this.pointers.get(event.pointerId);
      if (!before) return;
      const now = this.at(event);
      const [dx, dy] = [now[0] - before[0], now[1] - before[1]];
      this.travelled += Math.abs(dx) + Math.abs(dy);
      if (this.travelled < 5) return;
      if (!this.dragged) {
        this.dragged = true;
        this.stage.setPointerCapture(event.pointerId);
      }
      this.pointers.set(event.pointerId, now);
      if (this.pointers.size === 1) {
        this.move(this.x + dx, this.y + dy);
        return;
      }
      const [other] = [...this.pointers].filter(([id]) => id !== event.pointerId);
      const far = (p) => Math.hypot(p[0] - other[1][0], p[1] - other[1][1]) || 1;
      this.zoom(far(now) / far(before), other[1][0], other[1][1]);
    }

    up(event) {
      if (!this.pointers.delete(event.pointerId) || this.dragged || event.target.closest("a")) return;
      const number = this.boxOf(event.target);
      this.highlight(number === this.lit ? null : number);
    }

    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      const arrow = arrows[event.key];
      const number = this.boxOf(event.target);
      if (arrow && number !== null) {
        const next = this.next(number, arrow);
        if (next !== null) this.focus(next);
      } else if (arrow) this.move(this.x - arrow[0] * 60, this.y - arrow[1] * 60);
      else if (event.key === "+" || event.key === "=") this.zoom(1.3);
      else if (event.key === "-") this.zoom(1 / 1.3);
      else if (event.key === "0") this.fit();
      else if (event.key === " " && number !== null) this.highlight(number === this.lit ? null : number);
      else return;
      event.preventDefault();
    }
  }

  const pixels = (units) => units * 10;

  // A line from its first point and the ends of its pieces, level and upright in turn.
  function corners([x, y, ...ends]) {
    const points = [[x, y]];
    ends.forEach((end, n) => {
      if (n % 2) y = end;
      else x = end;
      points.push([x, y]);
    });
    return points.filter((p, n) => n === 0 || p[0] !== points[n - 1][0] || p[1] !== points[n - 1][1]);
  }

  const diagrams = new Map();

  // Draws the diagram of a section when it is first shown.
  function drawn(section) {
    const near = data.near[numbers.get(section)];
    const shape = near ?? data.diagrams[section.id];
    if (!shape?.b.length) return null;
    if (!diagrams.has(section.id)) {
      const diagram = new Diagram(shape, "Diagram: " + $("h2", section).textContent, near);
      diagrams.set(section.id, diagram);
      if (near) {
        $("table.cols", section).after(make("h3", "", "Diagram"), diagram.element);
      } else {
        ($(".cards", section) ?? $(".facts", section)).after(diagram.element);
      }
      diagram.fit();
    }
    return diagrams.get(section.id);
  }

  // ---- Sections ----

  let current = null;

  // The group of each table by the anchor of its section.
  const groups = new Map();

  // The tables of each group into the navigation, and the way back into their sections.
  function outline() {
    for (const details of $$("#nav > details")) {
      const way = $(":scope > a", details);
      if (!way) continue;
      const section = document.getElementById(way.hash.slice(1));
      const list = make("ul");
      if (section.id !== "overview") list.append(make("li", "", way));
      else way.remove();
      for (const row of body($("table.list", section))) {
        const link = $("a", row.cells[0]);
        if (!link) continue;
        list.append(make("li", "", link.cloneNode(true)));
        groups.set(link.hash.slice(1), { title: section.id === "overview" ? "" : $("h2", section).textContent, href: way.hash });
      }
      details.append(list);
    }
  }

  // Descriptions and findings that stand with the tables alone, in the lists of them.
  function gather(section) {
    for (const row of body($("table.list", section))) {
      const link = $("a", row.cells[0]);
      const said = link && $(".said", document.getElementById(link.hash.slice(1)));
      if (said && row.cells.length === 2) row.insertCell().textContent = (said.firstElementChild ?? said).textContent;
    }
    others(section);
    for (const list of $$("p[data-rule]", section)) {
      const tables = $$(".found li").filter((item) => $(":scope > i", item)?.textContent === list.dataset.rule);
      const links = new Map(tables.map((item) => {
        const table = item.closest("main > section");
        return [table, link("#" + table.id, $("h2", table).textContent)];
      }));
      list.replaceChildren(...commas([...links.values()]));
      delete list.dataset.rule;
    }
  }

  function link(href, text) {
    const element = make("a", "", text);
    element.href = href;
    return element;
  }

  const commas = (links) => links.flatMap((one, n) => (n ? [", ", ...[one].flat()] : [one].flat()));

  // On a large page, the other ends: who references a table, who uses a type.
  function others(section) {
    if (section.dataset.whole || !data.lean) return;
    section.dataset.whole = "yes";
    const number = numbers.get(section);
    const children = data.edges.filter((edge) => edge[1] === number);
    if (children.length) {
      const links = children.map(([child, , columns, flags]) => {
        const { name, href, rows } = table(child);
        const unusual = [flags & 2 && "at most one", flags >> 3 && "on delete " + DELETES[flags >> 3]].filter(Boolean);
        const one = link(href, name + (columns.length === 1 ? "." + rows[columns[0]].name : ""));
        return unusual.length ? [one, " (" + unusual.join(", ") + ")"] : one;
      });
      const place = $("table.named", section) ?? $(".erd", section) ?? $("table.cols", section);
      place.after(make("p", "by", "Referenced by ", ...commas(links)));
    }
    if (section.id !== "enums" && section.id !== "types") return;
    const users = new Map($$("article[id]", section).map((article) => ["#" + article.id, []]));
    for (const [n, table] of sections) {
      for (const row of data.tables[n] ? columns(table) : []) {
        users.get($("a", row.cells[1])?.hash)?.push([table, row.cells[0].textContent]);
      }
    }
    for (const article of $$("article[id]", section)) {
      const links = users.get("#" + article.id).map(([table, column]) =>
        link("#" + table.id + "&c=" + encodeURIComponent(column), $("h2", table).textContent + "." + column));
      if (links.length) article.append(make("p", "", "Used by ", ...commas(links)));
    }
  }

  const DELETES = ["", "restrict", "cascade", "set null", "set default"];

  // Where a section belongs.
  function crumb(section) {
    if (section.id === "overview" || $(".crumb", section)) return;
    const line = make("p", "crumb", link("#overview", "Overview"));
    const group = groups.get(section.id);
    if (group?.title) line.append(link(group.href, group.title));
    section.prepend(line);
  }

  function asked() {
    const [id, ...rest] = location.hash.slice(1).split("&");
    const column = rest.find((part) => part.startsWith("c="));
    try {
      return [id, column && decodeURIComponent(column.slice(2))];
    } catch {
      return [id, undefined];
    }
  }

  function show(first) {
    const [id, column] = asked();
    const named = id && document.getElementById(id);
    const element = named && main.contains(named) ? named : document.getElementById("overview");
    const section = element.closest("main > section") ?? document.getElementById("overview");
    const same = section === current;
    if (!same) {
      current?.classList.remove("on");
      section.classList.add("on");
      current = section;
      document.title = section.id === "overview" ? heading : $("h2", section).textContent + " · " + heading;
      mark(section.id);
    }
    crumb(section);
    gather(section);
    const diagram = drawn(section);
    diagrams.forEach((other) => other.element.classList.contains("full") && other !== diagram && other.fill(false));
    regions(section);
    root.classList.remove("open");
    $("#menu").setAttribute("aria-expanded", "false");
    const title = $("h2", section);
    title.tabIndex = -1;
    if (!first) title.focus({ preventScroll: true });
    const row = column === undefined ? null : light(section, column);
    if (row) row.scrollIntoView({ block: "center" });
    else if (element !== section) element.scrollIntoView();
    else if (!same) scrollTo(0, 0);
  }

  function light(section, column) {
    $(".hit", section)?.classList.remove("hit");
    const row = columns(section).find((row) => row.cells[0].textContent === column);
    row?.classList.add("hit");
    return row;
  }

  // The place in the navigation.
  function mark(id) {
    $("#nav [aria-current]")?.removeAttribute("aria-current");
    const link = $$("#nav a").find((a) => a.hash === "#" + id);
    if (!link) return;
    link.setAttribute("aria-current", "page");
    const group = link.closest("details");
    if (group) group.open = true;
    link.scrollIntoView({ block: "nearest" });
  }

  // What scrolls sideways can be reached and scrolled with keys.
  function regions(section) {
    for (const wide of $$("table, pre", section)) {
      const scrolls = wide.scrollWidth > wide.clientWidth;
      if (!scrolls) {
        wide.removeAttribute("tabindex");
        continue;
      }
      wide.tabIndex = 0;
      if (wide.localName === "table") continue;
      wide.setAttribute("role", "group");
      wide.setAttribute("aria-label", "SQL");
    }
  }

  // ---- Search ----

  const dialog = $("#search");
  const query = $("#query");
  const results = $("#results");
  const MOST = 60;
  let index = null;
  let chosen = -1;

  const WEIGHTS = { table: 9, view: 8, enum: 7, type: 7, function: 6, column: 4 };

  function entry(kind, name, where, extra, href) {
    const weight = WEIGHTS[kind] ?? 1;
    // What people call a table begins behind its schema.
    const begins = kind === "column" ? 0 : name.lastIndexOf(".") + 1;
    return { kind, name, where, extra, href, weight, begins, n: name.toLowerCase(), w: where.toLowerCase(), x: extra.toLowerCase() };
  }

  function build() {
    index = [];
    const text = (element) => element?.textContent.trim() ?? "";
    for (const section of $$("main > section")) {
      if (!section.id.startsWith("t=")) continue;
      const [name, href] = [text($("h2", section)), "#" + section.id];
      index.push(entry("table", name, groups.get(section.id)?.title ?? "", text($(".said", section)), href));
      for (const row of columns(section)) {
        const [column, , , , said] = row.cells;
        const to = href + "&c=" + encodeURIComponent(column.textContent);
        index.push(entry("column", column.textContent, name, typeOf(row) + " " + text(said), to));
        unlisted(section, name, row).forEach((key) => index.push(entry("key", key, name, "", to)));
      }
      for (const list of $$("table.named", section)) {
        for (const row of body(list)) {
          const kind = /index|key|unique/.test(text(row.cells[2])) ? "index" : text(row.cells[2]) ? "foreign key" : "constraint";
          index.push(entry(kind, text(row.cells[0]), name, text(row.cells[1]), href));
        }
      }
      for (const row of body($("table.fires", section))) {
        index.push(entry("trigger", text(row.cells[0]), name, text(row.cells[1]), href));
      }
      for (const policy of $$(".policy", section)) {
        index.push(entry("policy", text($("h4", policy)), name, text($("p", policy)), href));
      }
    }
    for (const article of $$("article[id]", main)) {
      const kind = article.closest("section").id.slice(0, -1);
      const extra = text($(".said", article)) + " " + text($(".values", article));
      index.push(entry(kind, text($("h3", article)), text($(".facts", article)), extra, "#" + article.id));
    }
  }

  // Names of keys that a large page does not list, as errors of the server say them.
  function unlisted(section, name, row) {
    if (!data.lean) return [];
    const bare = name.replace(/^.*\./, "");
    const marks = $$("b", row.cells[2] ?? row).map((mark) => mark.textContent);
    const names = [];
    if (marks.includes("PK")) names.push(bare + "_pkey");
    if (marks.includes("FK")) names.push(bare + "_" + row.cells[0].textContent + "_fkey");
    return names;
  }

  // How well a word is found: in the name before where it stands before what is said about it.
  function found(entry, word) {
    const at = entry.n.indexOf(word);
    const starts = at === 0 || entry.n.startsWith(word, entry.begins);
    if (starts) return entry.n.endsWith(word) ? 60 : 40;
    if (at > 0) return "_. ".includes(entry.n[at - 1]) ? 28 : 18;
    if (entry.w.includes(word)) return entry.w === word ? 14 : 9;
    return entry.x.includes(word) ? 3 : 0;
  }

  // Letters in their order with others between them.
  function scattered(entry, letters) {
    let at = -1;
    for (const c of letters) {
      at = entry.n.indexOf(c, at + 1);
      if (at < 0) return 0;
    }
    return 1;
  }

  function search(text) {
    if (!index) build();
    const words = text.toLowerCase().split(/[\s.]+/).filter(Boolean);
    if (!words.length) return { best: [], count: 0, words };
    const run = (score) => {
      const ranks = [];
      let count = 0;
      for (const entry of index) {
        let sum = score(entry);
        if (!sum) continue;
        count++;
        sum += entry.weight;
        const rank = (ranks[sum] ??= []);
        if (rank.length < MOST) rank.push(entry);
      }
      const best = [];
      for (let n = ranks.length - 1; n >= 0 && best.length < MOST; n--) best.push(...(ranks[n] ?? []));
      return { best: best.slice(0, MOST), count, words };
    };
    const all = run((entry) => {
      let sum = 0;
      for (const word of words) {
        const score = found(entry, word);
        if (!score) return 0;
        sum += score;
      }
      return sum;
    });
    return all.count || words.length > 1 ? all : run((entry) => scattered(entry, words[0]));
  }

  // A text with the words that were asked for marked.
  function marked(text, words) {
    const lower = text.toLowerCase();
    const parts = [];
    let at = 0;
    while (at < text.length) {
      const hits = words.map((word) => [lower.indexOf(word, at), word.length]).filter(([n]) => n >= 0);
      if (!hits.length || lower.length !== text.length) break;
      const [start, length] = hits.reduce((a, b) => (b[0] < a[0] ? b : a));
      parts.push(text.slice(at, start), make("mark", "", text.slice(start, start + length)));
      at = start + length;
    }
    return [...parts, text.slice(at)];
  }

  function option({ kind, name, where, extra, href }, words, n) {
    const element = make("div", "option",
      make("span", "kind " + kind.replace(/\W/g, ""), kind),
      make("span", "what", ...marked(name, words)),
      make("span", "where", where),
      make("span", "extra", ...marked(excerpt(extra, words), words)));
    element.id = "o" + n;
    element.setAttribute("role", "option");
    element.dataset.href = href;
    return element;
  }

  // What fits the dialog at once, the rest in the next frame.
  const AT_ONCE = 14;
  let rest = 0;

  function list() {
    const { best, count, words } = search(query.value);
    const options = (from, to) => best.slice(from, to).map((entry, n) => option(entry, words, from + n));
    results.replaceChildren(...options(0, AT_ONCE));
    const some = count > best.length ? `${best.length} of ${count} results` : count === 1 ? "1 result" : `${count} results`;
    $("#count").textContent = words.length ? (count ? some : "Nothing found") : `${index.length} names`;
    chosen = -1;
    choose(best.length ? 0 : -1, false);
    cancelAnimationFrame(rest);
    rest = requestAnimationFrame(() => {
      results.scrollTop = 0;
      results.append(...options(AT_ONCE));
    });
  }

  // The part of a long comment around the first word.
  function excerpt(text, words) {
    const at = Math.max(0, text.toLowerCase().indexOf(words[0]) - 30);
    return (at ? "…" : "") + text.slice(at, at + 110);
  }

  function choose(n, scroll = true) {
    results.children[chosen]?.removeAttribute("aria-selected");
    chosen = n;
    const option = results.children[n];
    option?.setAttribute("aria-selected", "true");
    if (scroll) option?.scrollIntoView({ block: "nearest" });
    if (option) query.setAttribute("aria-activedescendant", option.id);
    else query.removeAttribute("aria-activedescendant");
  }

  function open(option) {
    if (!option) return;
    dialog.close();
    if (location.hash === option.dataset.href) show(false);
    else location.hash = option.dataset.href;
  }

  function ask() {
    if (dialog.open) return;
    dialog.showModal();
    query.select();
    list();
  }

  $("#find").addEventListener("click", ask);
  $("button", dialog).addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  results.addEventListener("click", (event) => open(event.target.closest(".option")));
  query.addEventListener("input", list);
  query.addEventListener("keydown", (event) => {
    const last = results.children.length - 1;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (event.key === "Enter") open(results.children[chosen]);
    else if (event.key in steps && last >= 0) choose(Math.min(last, Math.max(0, chosen + steps[event.key])));
    else return;
    event.preventDefault();
  });

  // ---- The rest of the window ----

  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input");
    if ((event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !typing)) {
      event.preventDefault();
      ask();
    } else if (event.key === "Escape" && !dialog.open) {
      const diagram = diagrams.get(current?.id);
      if (root.classList.contains("open")) menu(false);
      else if (diagram && diagram.lit !== null && diagram.lit !== undefined) diagram.highlight(null);
      else if (diagram?.element.classList.contains("full")) diagram.fill(false);
    }
  });

  function menu(on) {
    root.classList.toggle("open", on);
    $("#menu").setAttribute("aria-expanded", String(on));
    if (!on) $("#menu").focus();
  }

  $("#menu").addEventListener("click", () => menu(!root.classList.contains("open")));

  const THEMES = { auto: ["◐", "as the system"], light: ["☀", "light"], dark: ["☾", "dark"] };

  function theme(name) {
    if (name === "auto") delete root.dataset.theme;
    else root.dataset.theme = name;
    const [sign, label] = THEMES[name];
    $("#theme span").textContent = sign;
    $("#theme").setAttribute("aria-label", "Colours: " + label);
    $("#theme").title = "Colours: " + label;
  }

  $("#theme").addEventListener("click", () => {
    const names = Object.keys(THEMES);
    const next = names[(names.indexOf(root.dataset.theme ?? "auto") + 1) % names.length];
    theme(next);
    try {
      localStorage.setItem("schemagen-theme", next);
    } catch {
      // The choice holds until the page is left.
    }
  });

  let waiting = 0;
  addEventListener("resize", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => {
      diagrams.get(current.id)?.fit();
      regions(current);
    });
  });
  addEventListener("hashchange", () => show(false));
  if (/Mac|iPhone|iPad/.test(navigator.platform)) $("#find kbd").textContent = "⌘ K";
  if (!calm.matches) root.classList.add("lively");
  theme(root.dataset.theme ?? "auto");
  symbols();
  number();
  outline();
  show(true);
  (window.requestIdleCallback ?? setTimeout)(() => index ?? build());
})();
