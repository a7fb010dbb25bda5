//! Charts: series of cells, drawn.

use serde::Serialize;

use super::values::{Bound, Caption, Color};
use crate::id::Id;
use crate::origin::Origin;
use crate::reference::Reference;
use crate::words::words;

/// A chart.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Chart {
    /// Its id.
    pub id: Id,
    /// What kind of chart it is.
    pub kind: ChartKind,
    /// Its heading.
    pub title: Option<Caption>,
    /// Where the legend stands; the view decides where there is none.
    pub legend: Option<Legend>,
    /// Whether series stand on top of each other.
    pub stacked: bool,
    /// Height in pixels, 16 to 4000.
    pub height: Option<u32>,
    /// The id of the page, section or list that a click leads to.
    pub drill: Option<String>,
    /// What it shows, for those who cannot see it.
    pub alternative: Option<Caption>,
    /// What is drawn.
    pub series: Vec<Series>,
    /// The axes, at most one on each side.
    pub axes: Vec<Axis>,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

impl Chart {
    /// An empty chart.
    pub fn new(kind: ChartKind) -> Self {
        Self { kind, ..Self::default() }
    }

    /// The chart with one more series.
    pub fn with(mut self, series: Series) -> Self {
        self.series.push(series);
        self
    }
}

words! {
    /// What kind of chart it is.
    #[derive(Default)]
    pub enum ChartKind {
        /// Bars from left to right.
        #[default]
        Bar = "bar",
        /// Bars from below.
        Column = "column",
        /// Bars on top of each other.
        Stacked = "stacked",
        /// Lines.
        Line = "line",
        /// Filled lines.
        Area = "area",
        /// Parts of a circle.
        Pie = "pie",
        /// Parts of a ring.
        Donut = "donut",
        /// Points.
        Scatter = "scatter",
        /// Bars and lines.
        Combo = "combo",
        /// A pointer between two ends.
        Gauge = "gauge",
        /// Steps that get smaller.
        Funnel = "funnel",
        /// Axes around a centre.
        Radar = "radar",
        /// Bars along time.
        Gantt = "gantt",
        /// A grid of shades.
        Heat = "heat",
    }
}

words! {
    /// Where the legend of a chart stands.
    pub enum Legend {
        /// Nowhere.
        None = "none",
        /// Above.
        Top = "top",
        /// At the right.
        Right = "right",
        /// Below.
        Bottom = "bottom",
        /// At the left.
        Left = "left",
    }
}

/// One series of a chart.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Series {
    /// Its id.
    pub id: Id,
    /// The values; `None` only in a definition that is refused.
    pub reference: Option<Reference>,
    /// What each value belongs to.
    pub categories: Option<Reference>,
    /// Its name.
    pub caption: Option<Caption>,
    /// Its colour; the next of the theme where there is none.
    pub color: Option<Color>,
    /// The axis its values are read on.
    pub axis: AxisSide,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

impl Series {
    /// A series of these values.
    pub fn new(reference: Reference) -> Self {
        Self { reference: Some(reference), ..Self::default() }
    }
}

words! {
    /// The side on which an axis of values stands.
    #[derive(Default)]
    pub enum AxisSide {
        /// The left one.
        #[default]
        Left = "left",
        /// The right one.
        Right = "right",
    }
}

/// An axis of values.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Axis {
    /// The side it stands on.
    pub side: AxisSide,
    /// Its name.
    pub caption: Option<Caption>,
    /// A number format code; that of the values where there is none.
    pub format: Option<String>,
    /// Where it starts.
    pub min: Option<Bound>,
    /// Where it ends.
    pub max: Option<Bound>,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}
