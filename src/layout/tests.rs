//! What holds for every drawing, tried on made-up diagrams of all kinds.

use super::*;

const METRICS: Metrics = Metrics {
    lane_x: 10,
    lane_y: 10,
    stub: 40,
    gap_y: 30,
    apart: 50,
    frame_side: 20,
    frame_top: 40,
    unit_y: 10,
    max_width: None,
    effort: Effort::Whole,
};

/// Numbers that look random and are the same in every run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// Boxes of 2 to 12 rows; `lines` of them per hundred boxes, most to the first ones.
fn made_up(seed: u64, count: usize, lines: usize, frames: usize) -> Diagram {
    let mut draw = Draw(seed);
    let mut diagram = Diagram {
        frames: vec![100; frames],
        ..Diagram::default()
    };
    for _ in 0..count {
        let rows = 2 + i32::try_from(draw.below(11)).unwrap();
        let frame = draw.below(frames + 1);
        diagram.nodes.push(Node {
            width: 120 + 10 * i32::try_from(draw.below(15)).unwrap(),
            height: 30 + 20 * rows,
            frame: (frame < frames).then_some(frame),
        });
    }
    for _ in 0..count * lines / 100 {
        let child = draw.below(count);
        let parent = draw.below(draw_limit(&mut Draw(child as u64), count));
        let rows = (diagram.nodes[child].height - 30) / 20;
        let row = i32::try_from(draw.below(usize::try_from(rows).unwrap())).unwrap();
        // A line from a port to itself is nothing to draw.
        let row = row.max(i32::from(parent == child));
        diagram.edges.push(Edge {
            parent: Port {
                node: parent,
                y: 40,
            },
            child: Port {
                node: child,
                y: 40 + 20 * row,
            },
        });
    }
    diagram
}

/// Some boxes are referenced far more often than others.
fn draw_limit(draw: &mut Draw, count: usize) -> usize {
    1 + draw.below(count).min(draw.below(count))
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

/// Everything that is wrong with a layout.
fn problems(diagram: &Diagram, layout: &Layout) -> Vec<String> {
    let mut problems = Vec::new();
    for (n, a) in layout.boxes.iter().enumerate() {
        for (m, b) in layout.boxes[..n].iter().enumerate() {
            if overlap(*a, *b) {
                problems.push(format!("boxes {n} and {m} overlap"));
            }
        }
        let inside = a.x >= 0
            && a.y >= 0
            && a.x + a.width <= layout.width
            && a.y + a.height <= layout.height;
        if !inside {
            problems.push(format!("box {n} is outside of the drawing"));
        }
        for (f, frame) in layout.frames.iter().enumerate() {
            let within = overlap(*a, *frame);
            if within != (diagram.nodes[n].frame == Some(f)) {
                problems.push(format!("box {n} and frame {f}"));
            }
        }
    }
    for (n, edge) in diagram.edges.iter().enumerate() {
        line_problems(n, edge, layout, &mut problems);
    }
    problems
}

fn line_problems(n: usize, edge: &Edge, layout: &Layout, problems: &mut Vec<String>) {
    let line = &layout.routes[n];
    let at = |port: Port, point: Option<&Point>| {
        let rect = layout.boxes[port.node];
        point.is_some_and(|p| {
            p.y == rect.y + port.y && (p.x == rect.x || p.x == rect.x + rect.width)
        })
    };
    if !at(edge.parent, line.first()) || !at(edge.child, line.last()) {
        problems.push(format!("line {n} does not end at its ports: {line:?}"));
    }
    for ends in line.windows(2) {
        let (a, b) = (ends[0], ends[1]);
        if (a.x == b.x) == (a.y == b.y) {
            problems.push(format!("line {n} is not orthogonal: {line:?}"));
        }
        let piece = Rect {
            x: a.x.min(b.x),
            y: a.y.min(b.y),
            width: (a.x - b.x).abs(),
            height: (a.y - b.y).abs(),
        };
        for (m, rect) in layout.boxes.iter().enumerate() {
            let inner = Rect {
                x: rect.x + 1,
                y: rect.y + 1,
                width: rect.width - 2,
                height: rect.height - 2,
            };
            let touches = piece.x < inner.x + inner.width
                && inner.x < piece.x + piece.width.max(1)
                && piece.y < inner.y + inner.height
                && inner.y < piece.y + piece.height.max(1);
            if touches {
                problems.push(format!("line {n} runs through box {m}"));
            }
        }
    }
}

#[test]
fn nothing_overlaps_and_no_line_runs_through_a_box() {
    let none: &[String] = &[];
    for seed in 0..40 {
        let count = 1 + (seed as usize * 7) % 60;
        for (lines, frames) in [(0, 0), (80, 0), (150, 0), (300, 0), (120, 4), (60, 9)] {
            let diagram = made_up(seed, count, lines, frames);
            let layout = layout(&diagram, &METRICS);
            assert_eq!(
                problems(&diagram, &layout),
                none,
                "{seed} {count} {lines} {frames}"
            );
        }
    }
}

#[test]
fn drawings_have_the_shape_of_a_page() {
    let chain = Diagram {
        edges: (1..40)
            .map(|n| Edge {
                parent: Port { node: n - 1, y: 40 },
                child: Port { node: n, y: 60 },
            })
            .collect(),
        ..made_up(1, 40, 0, 0)
    };
    let star = Diagram {
        edges: (1..40)
            .map(|n| Edge {
                parent: Port { node: 0, y: 40 },
                child: Port { node: n, y: 60 },
            })
            .collect(),
        ..made_up(2, 40, 0, 0)
    };
    let mut all = vec![chain, star];
    all.extend((0..30).map(|seed| made_up(seed, 10 + seed as usize * 3, 130, 0)));
    all.extend((0..30).map(|seed| made_up(seed, 10 + seed as usize * 3, 20, 0)));
    for (n, diagram) in all.iter().enumerate() {
        let layout = layout(diagram, &METRICS);
        let ratio = f64::from(layout.width) / f64::from(layout.height);
        assert!(
            (0.6..=2.2).contains(&ratio),
            "{n}: {} x {}",
            layout.width,
            layout.height
        );
    }
}

#[test]
fn a_narrow_page_is_kept_to() {
    for seed in 0..20 {
        let diagram = made_up(seed, 25, 120, 0);
        let metrics = Metrics {
            max_width: Some(700),
            ..METRICS
        };
        let layout = layout(&diagram, &metrics);
        assert!(layout.width <= 700, "{seed}: {}", layout.width);
        assert_eq!(problems(&diagram, &layout), Vec::<String>::new());
    }
}

#[test]
fn the_same_diagram_is_drawn_the_same_way() {
    let diagram = made_up(5, 50, 150, 3);
    let (first, second) = (layout(&diagram, &METRICS), layout(&diagram, &METRICS));
    assert_eq!(first.boxes, second.boxes);
    assert_eq!(first.routes, second.routes);
}

#[test]
fn nothing_at_all_is_a_drawing_too() {
    let empty = layout(&Diagram::default(), &METRICS);
    assert_eq!((empty.width, empty.height), (0, 0));
    let alone = Diagram {
        frames: vec![100],
        ..Diagram::default()
    };
    assert_eq!(layout(&alone, &METRICS).frames, [Rect::default()]);
}

#[test]
fn lines_to_one_port_share_a_trunk() {
    let diagram = Diagram {
        edges: (1..6)
            .map(|n| Edge {
                parent: Port { node: 0, y: 40 },
                child: Port { node: n, y: 40 },
            })
            .collect(),
        ..made_up(3, 6, 0, 0)
    };
    let layout = layout(&diagram, &METRICS);
    let start = layout.routes[0][0];
    assert!(layout.routes.iter().all(|line| line[0] == start));
    let turns: std::collections::BTreeSet<i32> = layout
        .routes
        .iter()
        .filter(|line| line.len() == 4)
        .map(|line| line[1].x)
        .collect();
    assert!(turns.len() <= 2, "{turns:?}");
}
