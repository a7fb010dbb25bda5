//! Copies of one formula that do not read each other, evaluated in chunks on as many threads as there are.
//!
//! Evaluating only reads the session, so the chunks of a round are evaluated at the same time and then stored one
//! after the other. Rows are cut into chunks in the same way however many threads there are, and each chunk has an
//! evaluator of its own: the values are the same bit for bit.

use crate::evaluate::Evaluator;
use crate::lanes::{Lane, Lanes, Rows};
use crate::model::{Vertex, VertexId};
use crate::program::{Meaning, Program};
use crate::recalc::Run;
use crate::session::Session;
use crate::together::CHUNK;
use formula::{BinaryOp, Node};
use functions::{Body, Environment, Pool};
use std::cell::Cell as Slot;
use std::sync::{Arc, OnceLock};
use values::{Cell, Row};

/// Chunks of one round for each thread: enough that none waits long for the slowest, few enough for the memory.
const ROUND: usize = 16;
/// Fewer chunks than this are done before another thread has woken up.
const WORTHWHILE: usize = 4;

/// Functions of a few machine instructions.
const CHEAP: [&str; 14] = [
    "ABS", "AND", "AVERAGE", "COUNT", "INT", "ISBLANK", "ISERROR", "ISNUMBER", "MAX", "MIN", "NOT", "OR",
    "ROUND", "SUM",
];

/// Rows that are evaluated together, as offsets in their vertex.
#[derive(Clone, Copy, Debug)]
struct Chunk {
    first: u32,
    last: u32,
}

/// What a chunk gave.
struct Evaluated {
    /// `None` where something stands in the way.
    lane: Option<Lane>,
    /// Units of work that it took.
    units: u64,
}

impl Run<'_> {
    /// Evaluates copies that do not read each other; gives whether that could be done.
    pub(crate) fn evaluate_lanes(&mut self, vertex: &Vertex, id: VertexId, first: u32, last: u32) -> bool {
        let Some(program) = &vertex.program else { return false };
        // Whoever counts units wants to stop at the same cell each time.
        let counts = self.environment.budget != u64::MAX;
        let pool = self.environment.pool.as_deref().filter(|_| !counts && is_costly(program));
        let most = pool.map_or(1, |pool| ROUND * pool.threads());
        let mut from = first;
        while from <= last && !self.stop() {
            let round;
            (round, from) = self.round(vertex, id, (from, last), most);
            let evaluated = self.evaluate_round(vertex, program, &round, pool);
            if self.environment.is_cancelled() {
                continue;
            }
            for (chunk, evaluated) in round.iter().zip(evaluated) {
                let Some(Evaluated { lane: Some(lane), units }) = evaluated else { return false };
                self.budget.set(self.budget.get().saturating_sub(units));
                self.charge(chunk.last - chunk.first + 1);
                if self.is_spent() {
                    return true;
                }
                let Chunk { first, last } = *chunk;
                self.put_lane(id, first, last, lane.stored((last - first + 1) as usize));
            }
        }
        true
    }

    /// The chunks that come next, and where the one after them begins. Rows that nothing reached are settled.
    fn round(
        &mut self,
        vertex: &Vertex,
        id: VertexId,
        (mut from, last): (u32, u32),
        most: usize,
    ) -> (Vec<Chunk>, u32) {
        let mut round = Vec::new();
        while from <= last && round.len() < most {
            let to = last.min(from + CHUNK - 1);
            let (first, end) = match self.to_evaluate(vertex, id, from, to) {
                Some((first, last)) => {
                    round.push(Chunk { first, last });
                    (first, last + 1)
                }
                None => (to + 1, to + 1),
            };
            if first > from {
                self.session.settle(id, from, first - 1);
            }
            from = end;
        }
        (round, from)
    }

    /// What the chunks of a round give; nothing for those that were left out because somebody asked to stop.
    fn evaluate_round(
        &self,
        vertex: &Vertex,
        program: &Arc<Program>,
        round: &[Chunk],
        pool: Option<&dyn Pool>,
    ) -> Vec<Option<Evaluated>> {
        let (session, environment, budget) = (&*self.session, self.environment, self.budget.get());
        let work = |chunk: &Chunk| evaluate(session, environment, vertex, program, *chunk, budget);
        on_threads(pool.filter(|_| round.len() >= WORTHWHILE), environment, round, work)
    }

    /// Stores what copies gave, as cells hold it.
    pub(crate) fn put_lane(&mut self, id: VertexId, first: u32, last: u32, lane: Lane) {
        match lane {
            Lane::Numbers(numbers) => {
                self.session.put_rows(id, first, numbers.into_iter());
            }
            other => {
                let values = other.into_values((last - first + 1) as usize);
                self.session.put_rows(id, first, values.into_iter());
            }
        }
    }
}

/// What work gives for each item, on as many threads as there are; nothing for those that were left out because somebody
/// asked to stop.
pub(crate) fn on_threads<I: Sync, T: Send + Sync>(
    pool: Option<&dyn Pool>,
    environment: &Environment,
    items: &[I],
    work: impl Fn(&I) -> T + Sync,
) -> Vec<Option<T>> {
    let unless_cancelled = |item: &I| (!environment.is_cancelled()).then(|| work(item));
    let Some(pool) = pool.filter(|_| items.len() > 1) else {
        return items.iter().map(unless_cancelled).collect();
    };
    let results: Vec<OnceLock<T>> = items.iter().map(|_| OnceLock::new()).collect();
    pool.each(items.len(), &|place| {
        if let (Some(item), Some(result)) = (items.get(place), results.get(place))
            && let Some(given) = unless_cancelled(item)
        {
            result.get_or_init(|| given);
        }
    });
    results.into_iter().map(OnceLock::into_inner).collect()
}

/// Whether a formula computes more than it moves: of the others, a second thread only carries values to and fro.
fn is_costly(program: &Program) -> bool {
    let is_costly = |(node, meaning): (&Node, &Meaning)| match (node, meaning) {
        (Node::Call { .. }, Meaning::Function(function)) => {
            !matches!(function.body, Body::Control(_)) && !CHEAP.contains(&function.name)
        }
        (Node::Call { .. } | Node::Invoke { .. }, _) => true,
        (Node::Binary { op, .. }, _) => *op == BinaryOp::Concat,
        _ => false,
    };
    program.formula.nodes().iter().zip(&program.meanings).any(is_costly)
}

/// What one chunk gives, in whatever thread this is.
fn evaluate(
    session: &Session,
    environment: &Environment,
    vertex: &Vertex,
    program: &Arc<Program>,
    chunk: Chunk,
    budget: u64,
) -> Evaluated {
    let top = vertex.family.top.0;
    let host = Cell { row: Row(top + chunk.first), col: vertex.family.col };
    let rows = Rows::span(top + chunk.first, top + chunk.last);
    let left = Slot::new(budget);
    let evaluator = Evaluator::new(session, environment, &left, vertex.sheet, host);
    let lane = evaluator.of_fresh(|evaluator| Lanes { evaluator, program }.formula(&rows));
    Evaluated { lane, units: budget.saturating_sub(left.get()) }
}
