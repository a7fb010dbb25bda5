//! Looking for the place where a function of one number is zero.
//!
//! Nothing is known of the function but what trying it gives: it may have jumps, poles, flat parts and places without a
//! number. The search follows the slope from where it starts; if that leads nowhere it looks outward on both sides for a
//! change of sign, then for a place that only touches zero, then between what it knows. Invariants: it tries at most as
//! often as it may, no place twice, and keeps the best one.

use std::cmp::Ordering;

/// A place and the function's value there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    fn is_across(self, other: Point) -> bool {
        (self.y > 0.0) != (other.y > 0.0)
    }
}

/// What a try gives.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tried {
    /// The function's value.
    Number(f64),
    /// There is none at this place.
    Nothing,
    /// The search is to end.
    Stop,
}

/// Why a search ends early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// The best place is good enough, and nothing better is to be expected.
    Found,
    /// It has tried as often as it may.
    Spent,
    /// It was told to.
    Stopped,
}

type Go<T> = Result<T, Halt>;

/// Steps along the slope.
const MOST_SECANTS: u32 = 40;
/// Steps that close in on a change of sign: a few more than halving takes for all digits.
const MOST_REFINEMENTS: u32 = 120;
/// Steps outward on each side, and how many of them double the distance; the others take it times eight.
const ROUNDS: u32 = 30;
const DOUBLING: u32 = 16;
/// Halvings towards the end of where the function has values.
const MOST_TO_EDGE: u32 = 24;
/// Low places that are looked into, and steps for each.
const MOST_LOWS: usize = 3;
const MOST_LOWERINGS: u32 = 50;
/// Times that what is known is halved, and gaps for each, those nearest to the start first.
const MOST_PASSES: u32 = 8;
const MOST_GAPS: usize = 24;
/// The golden section's smaller part.
const GOLDEN: f64 = 0.381_966_011_250_105_1;

/// A search in progress.
pub(super) struct Search<'a> {
    ask: &'a mut dyn FnMut(f64) -> Tried,
    /// What is known, by place; `None` where there is no number.
    known: Vec<(f64, Option<f64>)>,
    left: u32,
    /// What is no more than this is good enough.
    tolerance: f64,
    /// What is no more than this cannot be improved.
    exact: f64,
    pub best: Option<Point>,
}

impl<'a> Search<'a> {
    pub fn new(tries: u32, tolerance: f64, ask: &'a mut dyn FnMut(f64) -> Tried) -> Search<'a> {
        Search { ask, known: Vec::new(), left: tries, tolerance, exact: 0.0, best: None }
    }

    /// Searches from `start`; `scale` is what the function's values are compared with. `None` where everything was
    /// tried that is worth while.
    pub fn run(&mut self, start: f64, scale: f64) -> Option<Halt> {
        self.exact = (scale.abs() * f64::EPSILON).min(self.tolerance);
        let ended = self.stages(start).err();
        match ended {
            Some(Halt::Spent) | None if self.is_good() => self.rounded(),
            Some(Halt::Found) => self.rounded(),
            other => other,
        }
    }

    /// Whether the function has one and the same value wherever it was tried.
    pub fn is_flat(&self) -> bool {
        let first = self.known.first().and_then(|(_, y)| *y);
        first.is_some() && self.known.iter().all(|(_, y)| *y == first)
    }

    fn stages(&mut self, start: f64) -> Go<()> {
        self.at(start)?;
        self.secant(start)?;
        self.outward(start)?;
        if self.is_flat() {
            return Ok(());
        }
        self.lows()?;
        for _ in 0..MOST_PASSES {
            self.gaps(start)?;
        }
        self.settle()
    }

    fn is_good(&self) -> bool {
        self.best.is_some_and(|best| best.y.abs() <= self.tolerance)
    }

    /// Ends the search if the best place is good enough.
    fn settle(&self) -> Go<()> {
        if self.is_good() { Err(Halt::Found) } else { Ok(()) }
    }

    /// The function's value at a place; tried once.
    fn at(&mut self, x: f64) -> Go<Option<f64>> {
        // Both zeros are one place.
        let x = x + 0.0;
        if !x.is_finite() {
            return Ok(None);
        }
        let place = match self.known.binary_search_by(|(known, _)| known.total_cmp(&x)) {
            Ok(place) => return Ok(self.known[place].1),
            Err(place) => place,
        };
        if self.left == 0 {
            return Err(Halt::Spent);
        }
        self.left -= 1;
        let y = match (self.ask)(x) {
            Tried::Number(y) if y.is_finite() => Some(y),
            Tried::Number(_) | Tried::Nothing => None,
            Tried::Stop => return Err(Halt::Stopped),
        };
        self.known.insert(place, (x, y));
        if let Some(y) = y {
            if self.best.is_none_or(|best| y.abs() < best.y.abs()) {
                self.best = Some(Point { x, y });
            }
            if y.abs() <= self.exact {
                return Err(Halt::Found);
            }
        }
        Ok(y)
    }

    fn point(&mut self, x: f64) -> Go<Option<Point>> {
        Ok(self.at(x)?.map(|y| Point { x, y }))
    }

    /// Follows the slope. Quick where the function is smooth; gives up at the first sign that it is not.
    fn secant(&mut self, start: f64) -> Go<()> {
        let Some(mut a) = self.point(start)? else { return Ok(()) };
        let step = first_step(start);
        let beside = match self.point(start + step)? {
            Some(point) => Some(point),
            None => self.point(start - step)?,
        };
        let Some(mut b) = beside else { return Ok(()) };
        if a.y.abs() < b.y.abs() && !a.is_across(b) {
            (a, b) = (b, a);
        }
        for _ in 0..MOST_SECANTS {
            if a.is_across(b) {
                return self.refine(a, b);
            }
            let reach = 100.0 * (b.x - a.x).abs().max(step);
            let wanted = b.x - b.y * (b.x - a.x) / (b.y - a.y);
            let wanted = wanted.clamp(b.x - reach, b.x + reach);
            if !wanted.is_finite() || wanted == b.x {
                break;
            }
            let next = match self.point(wanted)? {
                Some(next) => Some(next),
                None => self.point(b.x + (wanted - b.x) / 8.0)?,
            };
            match next {
                Some(next) if next.y.abs() < b.y.abs() || next.is_across(b) => (a, b) = (b, next),
                _ => break,
            }
        }
        self.settle()
    }

    /// Closes in on a change of sign between two places, by interpolation where that is safe and by halves where it
    /// is not. Source: Chandrupatla, A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear
    /// function without using derivatives, Advances in Engineering Software 28 (1997).
    fn refine(&mut self, a: Point, b: Point) -> Go<()> {
        let (mut near, mut far) = (b, a);
        let mut part = 0.5;
        for _ in 0..MOST_REFINEMENTS {
            let Some(next) = self.within(near, far, part)? else { break };
            let third = if next.is_across(near) {
                let third = far;
                far = near;
                third
            } else {
                near
            };
            near = next;
            let best = if near.y.abs() < far.y.abs() { near } else { far };
            let narrow = (2.0 * f64::EPSILON * best.x.abs() + 1e-30) / (far.x - near.x).abs();
            // A jump or a pole ends here too, with a value that is no zero.
            if narrow > 0.5 {
                break;
            }
            part = interpolated(near, far, third).clamp(narrow, 1.0 - narrow);
        }
        self.settle()
    }

    /// A place between two, and others where it has no number; `None` where none of them has.
    fn within(&mut self, near: Point, far: Point, part: f64) -> Go<Option<Point>> {
        for part in [part, 0.5, 0.25, 0.75, 0.1, 0.9] {
            let x = near.x + part * (far.x - near.x);
            if x == near.x || x == far.x {
                continue;
            }
            if let Some(point) = self.point(x)? {
                return Ok(Some(point));
            }
        }
        Ok(None)
    }

    /// Looks on both sides, further with each round, for a change of sign and for ends of where there are numbers.
    fn outward(&mut self, start: f64) -> Go<()> {
        let at_start = self.at(start)?;
        let mut last = [(start, at_start), (start, at_start)];
        let mut reach = first_step(start);
        for round in 0..ROUNDS {
            for (side, sign) in [1.0, -1.0].into_iter().enumerate() {
                let x = start + sign * reach;
                let now = (x, self.at(x)?);
                let (before, inside) = (last[side], |(x, y): (f64, Option<f64>)| y.map(|y| Point { x, y }));
                match (inside(before), inside(now)) {
                    (Some(a), Some(b)) if a.is_across(b) => self.refine(a, b)?,
                    (Some(a), None) => self.edge(a, now.0)?,
                    (None, Some(b)) => self.edge(b, before.0)?,
                    _ => {}
                }
                last[side] = now;
            }
            reach *= if round < DOUBLING { 2.0 } else { 8.0 };
        }
        Ok(())
    }

    /// Goes towards the end of where the function has numbers: near to it the function may run away through zero.
    fn edge(&mut self, inside: Point, outside: f64) -> Go<()> {
        let (mut inner, mut outer) = (inside, outside);
        for _ in 0..MOST_TO_EDGE {
            let x = inner.x + (outer - inner.x) / 2.0;
            if x == inner.x || x == outer {
                break;
            }
            match self.point(x)? {
                Some(point) if point.is_across(inner) => return self.refine(inner, point),
                Some(point) => inner = point,
                None => outer = x,
            }
        }
        self.settle()
    }

    /// Looks into places that are lower than those beside them: there the function may just touch zero.
    fn lows(&mut self) -> Go<()> {
        let point = |(x, y): (f64, Option<f64>)| y.map(|y| Point { x, y });
        let mut lows: Vec<[Point; 3]> = Vec::new();
        for three in self.known.windows(3) {
            let [Some(left), Some(low), Some(right)] = [point(three[0]), point(three[1]), point(three[2])]
            else {
                continue;
            };
            let is_low = low.y.abs() <= left.y.abs() && low.y.abs() <= right.y.abs();
            let is_slope = low.y.abs() < left.y.abs() || low.y.abs() < right.y.abs();
            if is_low && is_slope && !low.is_across(left) && !low.is_across(right) {
                lows.push([left, low, right]);
            }
        }
        lows.sort_by(|a, b| a[1].y.abs().total_cmp(&b[1].y.abs()));
        for [left, low, right] in lows.into_iter().take(MOST_LOWS) {
            self.lower(left, low, right)?;
        }
        Ok(())
    }

    /// Goes down between two places, by parabolas and by the golden section in turn.
    fn lower(&mut self, left: Point, low: Point, right: Point) -> Go<()> {
        let (mut left, mut low, mut right) = (left, low, right);
        for round in 0..MOST_LOWERINGS {
            let golden = match right.x - low.x > low.x - left.x {
                true => low.x + GOLDEN * (right.x - low.x),
                false => low.x - GOLDEN * (low.x - left.x),
            };
            let is_inside = |x: &f64| *x > left.x && *x < right.x && *x != low.x;
            let parabola = vertex(left, low, right).filter(|_| round % 2 == 0);
            let x = parabola.filter(is_inside).unwrap_or(golden);
            if !is_inside(&x) || right.x - left.x <= 1e-9 * low.x.abs() {
                break;
            }
            let Some(next) = self.point(x)? else { break };
            if next.is_across(low) {
                return self.refine(low, next);
            }
            match (next.y.abs() < low.y.abs(), next.x < low.x) {
                (true, true) => (right, low) = (low, next),
                (true, false) => (left, low) = (low, next),
                (false, true) => left = next,
                (false, false) => right = next,
            }
        }
        self.settle()
    }

    /// Halves what lies between known places, those nearest to the start first.
    fn gaps(&mut self, start: f64) -> Go<()> {
        let mut gaps: Vec<(f64, f64)> = Vec::new();
        for two in self.known.windows(2) {
            let (a, b) = (two[0].0, two[1].0);
            let is_wide = b - a > 1e-6 * a.abs().max(b.abs());
            if is_wide && two[0].1.is_some() && two[1].1.is_some() {
                gaps.push((a, b));
            }
        }
        let away = |(a, b): &(f64, f64)| (a + (b - a) / 2.0 - start).abs();
        gaps.sort_by(|a, b| away(a).partial_cmp(&away(b)).unwrap_or(Ordering::Equal));
        for (a, b) in gaps.into_iter().take(MOST_GAPS) {
            let Some(middle) = self.point(a + (b - a) / 2.0)? else { continue };
            for end in [a, b] {
                if let Some(end) = self.point(end)?.filter(|end| end.is_across(middle)) {
                    self.refine(end, middle)?;
                }
            }
        }
        Ok(())
    }

    /// Takes the value with the fewest digits that is as good: 5 rather than 4.999999999999999.
    fn rounded(&mut self) -> Option<Halt> {
        let Some(best) = self.best else { return Some(Halt::Spent) };
        for digits in [2_usize, 4, 6, 8, 10, 12, 14] {
            let Ok(x) = format!("{:.*e}", digits, best.x).parse::<f64>() else { continue };
            if x == best.x {
                break;
            }
            if (x - best.x).abs() > 1e-7 * best.x.abs() {
                continue;
            }
            let y = match self.at(x) {
                Ok(y) => y,
                Err(Halt::Found) => self.known_at(x),
                Err(Halt::Stopped) => return Some(Halt::Stopped),
                Err(Halt::Spent) => break,
            };
            if let Some(y) = y.filter(|y| y.abs() <= best.y.abs().max(self.exact)) {
                self.best = Some(Point { x, y });
                return Some(Halt::Found);
            }
        }
        self.best = Some(best);
        Some(Halt::Found)
    }

    fn known_at(&self, x: f64) -> Option<f64> {
        let place = self.known.binary_search_by(|(known, _)| known.total_cmp(&(x + 0.0))).ok()?;
        self.known[place].1
    }
}

/// A step that is small beside a number.
fn first_step(start: f64) -> f64 {
    (start.abs() * 0.01).max(0.01)
}

/// How far from `near` to `far` the zero lies by inverse quadratic interpolation; a half where that is not safe.
fn interpolated(near: Point, far: Point, third: Point) -> f64 {
    let along = (near.x - far.x) / (third.x - far.x);
    let across = (near.y - far.y) / (third.y - far.y);
    let is_safe = across * across < along && (1.0 - across) * (1.0 - across) < 1.0 - along;
    if !is_safe {
        return 0.5;
    }
    let first = near.y / (far.y - near.y) * third.y / (far.y - third.y);
    let second =
        (third.x - near.x) / (far.x - near.x) * near.y / (third.y - near.y) * far.y / (third.y - far.y);
    let part = first + second;
    if part.is_finite() { part } else { 0.5 }
}

/// The lowest place of the parabola through three points.
fn vertex(a: Point, b: Point, c: Point) -> Option<f64> {
    let (p, q) = ((b.x - a.x) * (b.y - c.y), (b.x - c.x) * (b.y - a.y));
    let x = b.x - ((b.x - a.x) * p - (b.x - c.x) * q) / (2.0 * (p - q));
    x.is_finite().then_some(x)
}
