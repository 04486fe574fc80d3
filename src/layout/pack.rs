//! Rectangles beside and above one another in a page's shape, by a skyline.

use super::{Metrics, Point};

/// The widths that are tried: tenths of the square root of the area.
const TRIES: [i64; 8] = [8, 9, 10, 11, 12, 13, 15, 17];

/// Where each rectangle goes, with `apart` between them, and the size of the whole.
pub(super) fn pack(sizes: &[(i32, i32)], metrics: &Metrics) -> (Vec<Point>, (i32, i32)) {
    let widest = sizes.iter().map(|(width, _)| *width).max().unwrap_or(0);
    let apart = metrics.apart;
    let area: i64 = sizes
        .iter()
        .map(|(w, h)| i64::from(w + apart) * i64::from(h + apart) * i64::from(metrics.unit_y) / 10)
        .sum();
    let side = area.max(0).isqrt();
    let most = metrics.max_width.unwrap_or(i32::MAX).max(widest);
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    // High ones first leave the fewest holes; among equals the order stays.
    order.sort_by_key(|n| std::cmp::Reverse(sizes[*n].1));
    let mut best: Option<(i64, Vec<Point>, (i32, i32))> = None;
    for tenths in TRIES {
        let width = i32::try_from(side * tenths / 10).unwrap_or(i32::MAX);
        let width = width.max(widest).min(most);
        let (places, size) = skyline(sizes, &order, width, apart);
        let ratio =
            1000 * i64::from(size.0) / (i64::from(size.1) * i64::from(metrics.unit_y)).max(1);
        let shape = match ratio {
            75..=180 => 0,
            0..75 => (75 - ratio) * 4,
            _ => (ratio - 180) * 2,
        };
        let badness = (100 + shape) * i64::from(size.0) * i64::from(size.1) / 100;
        if best.as_ref().is_none_or(|(least, _, _)| badness < *least) {
            best = Some((badness, places, size));
        }
    }
    best.map(|(_, places, size)| (places, size))
        .unwrap_or_default()
}

/// Puts each rectangle where its top is highest, then leftmost, within a width.
fn skyline(
    sizes: &[(i32, i32)],
    order: &[usize],
    width: i32,
    apart: i32,
) -> (Vec<Point>, (i32, i32)) {
    let mut places = vec![Point::default(); sizes.len()];
    // Pieces of the lower border of what stands: where they begin, and how low they are.
    let mut line: Vec<(i32, i32)> = vec![(0, 0)];
    let (mut right, mut bottom) = (0, 0);
    for n in order {
        let (w, h) = sizes[*n];
        let mut best: Option<(i32, i32)> = None;
        for (i, (x, _)) in line.iter().enumerate() {
            if *x > 0 && x + w > width {
                break;
            }
            let under = line[i..]
                .iter()
                .take_while(|(begin, _)| *begin < x + w + apart);
            let y = under.map(|(_, y)| *y).max().unwrap_or(0);
            if best.is_none_or(|(least, _)| y < least) {
                best = Some((y, *x));
            }
        }
        let (y, x) = best.unwrap_or((bottom + apart, 0));
        places[*n] = Point { x, y };
        right = right.max(x + w);
        bottom = bottom.max(y + h);
        raise(&mut line, x, x + w + apart, y + h + apart);
    }
    (places, (right, bottom))
}

/// Lowers the border between two places.
fn raise(line: &mut Vec<(i32, i32)>, from: i32, to: i32, y: i32) {
    let before = line.iter().rev().find(|(x, _)| *x <= to);
    let rest = before.map_or(0, |(_, y)| *y);
    line.retain(|(x, _)| *x < from || *x > to);
    let at = line.partition_point(|(x, _)| *x < from);
    line.splice(at..at, [(from, y), (to, rest)]);
}

#[cfg(test)]
mod tests {
    use super::super::Effort;
    use super::*;

    #[test]
    fn nothing_overlaps_and_the_shape_is_a_page_s() {
        let sizes: Vec<(i32, i32)> = (0..60)
            .map(|n| (40 + n * 37 % 90, 30 + n * 53 % 140))
            .collect();
        let metrics = Metrics {
            lane_x: 10,
            lane_y: 10,
            stub: 20,
            gap_y: 20,
            apart: 10,
            frame_side: 10,
            frame_top: 10,
            unit_y: 10,
            max_width: None,
            effort: Effort::Whole,
        };
        let (places, (width, height)) = pack(&sizes, &metrics);
        assert!(width * 10 > height * 6 && width * 10 < height * 22);
        for (a, (p, s)) in places.iter().zip(&sizes).enumerate() {
            for (q, t) in places[..a].iter().zip(&sizes) {
                let apart = p.x + s.0 + 10 <= q.x
                    || q.x + t.0 + 10 <= p.x
                    || p.y + s.1 + 10 <= q.y
                    || q.y + t.1 + 10 <= p.y;
                assert!(apart, "{p:?} {s:?} {q:?} {t:?}");
            }
        }
    }
}
