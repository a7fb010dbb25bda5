//! PIVOTBY: values summed up for groups of rows and groups of columns.

use super::array_of;
use super::axis::{Entry, Group, ROOT, Sort, Tree};
use super::grouping::{Headers, data_rows, total_depth};
use super::summary::{Functions, Summary};
use crate::{Args, Context, Function, Param, to_text};
use std::borrow::Cow;
use values::{Array, CellError, Result, Value};

pub(crate) const FUNCTIONS: &[Function] = &[Function::context(
    "PIVOTBY",
    &[
        Param::array("row_fields"),
        Param::array("col_fields"),
        Param::array("values"),
        Param::array("function"),
        Param::number("field_headers").optional(),
        Param::number("row_total_depth").optional(),
        Param::array("row_sort_order").optional(),
        Param::number("col_total_depth").optional(),
        Param::array("col_sort_order").optional(),
        Param::array("filter_array").optional(),
        Param::number("relative_to").optional(),
    ],
    pivotby,
)
.giving_array()];

/// Which values a function like PERCENTOF compares a cell's with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    Column,
    Row,
    All,
    ParentColumn,
    ParentRow,
}

impl Whole {
    fn of(args: &Args<'_>) -> Result<Whole> {
        Ok(match args.number_if_given(10, 0.0) {
            0.0 => Whole::Column,
            1.0 => Whole::Row,
            2.0 => Whole::All,
            3.0 => Whole::ParentColumn,
            4.0 => Whole::ParentRow,
            _ => return Err(CellError::Value),
        })
    }
}

fn pivotby(args: &Args<'_>, context: &dyn Context) -> Result<Value> {
    let (row_fields, col_fields) = (array_of(args.value(0), context)?, array_of(args.value(1), context)?);
    let values = array_of(args.value(2), context)?;
    if row_fields.rows() != values.rows() || col_fields.rows() != values.rows() {
        return Err(CellError::Value);
    }
    let functions = Functions::of(args.value(3), context)?;
    let headers = Headers::of(args, 4, &values, &functions)?;
    let rows = data_rows(values.rows(), headers, args.value(9), context)?;
    let summary = Summary { values: &values, pairs: functions.paired(values.cols())?, context };
    let (row_depth, col_depth) =
        (total_depth(args, 5, row_fields.cols())?, total_depth(args, 7, col_fields.cols())?);
    let whole = Whole::of(args)?;
    let row_sort = Sort::of(args.value(6), row_fields.cols(), functions.width(&summary.pairs), context)?;
    let col_sort = Sort::of(args.value(8), col_fields.cols(), 1, context)?;
    let mut row_tree = Tree::new(&row_fields, &rows, &row_sort, context)?;
    let mut col_tree = Tree::new(&col_fields, &rows, &col_sort, context)?;
    // Both sides sort by their totals: rows only where there is a column of them, columns only where they have one.
    if let Some((pair, descends)) = row_sort.by_result.filter(|_| col_depth != 0) {
        row_tree.sort_by_values(descends, |_| true, |group| summary.of(pair, &group.rows, &rows))?;
    }
    if let Some((_, descends)) = col_sort.by_result {
        let levels = col_fields.cols();
        let has_columns = |group: &Group| {
            let level = group.level + 1;
            level == levels || i64::from(level) < col_depth.abs()
        };
        col_tree.sort_by_values(descends, has_columns, |group| summary.of(0, &group.rows, &group.rows))?;
    }
    let columns = Columns::new(&col_tree, col_depth);
    let table = Table { row_tree, col_tree, columns, summary, functions, headers, whole };
    table.laid_out(&row_fields, &col_fields, row_depth, context)
}

/// The columns of groups: in the order of the fields, totals behind what they sum up, and in the order shown.
struct Columns {
    entries: Vec<Entry>,
    /// Places of the entries as they show.
    shown: Vec<usize>,
    /// Totals in the order in which Excel writes them, each with the first place of its group.
    totals: Vec<(usize, usize)>,
}

impl Columns {
    fn new(tree: &Tree, depth: i64) -> Columns {
        let entries = tree.entries(depth.abs());
        let mut places = vec![0; tree.groups.len()];
        let mut first = vec![usize::MAX; tree.groups.len()];
        for (place, entry) in entries.iter().enumerate() {
            places[entry.group] = place;
            let mut group = entry.group;
            first[group] = first[group].min(place);
            while group != ROOT {
                group = tree.groups[group].parent;
                first[group] = first[group].min(place);
            }
        }
        let mut totals: Vec<(usize, usize)> = entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| !tree.is_leaf(entry.group))
            .map(|(place, entry)| (place, first[entry.group]))
            .collect();
        totals.sort_by_key(|(place, first)| (*first, tree.groups[entries[*place].group].level));
        let shown = tree.entries(depth).into_iter().map(|entry| places[entry.group]).collect();
        Columns { entries, shown, totals }
    }
}

struct Table<'a> {
    row_tree: Tree,
    col_tree: Tree,
    columns: Columns,
    summary: Summary<'a>,
    functions: Functions<'a>,
    headers: Headers,
    whole: Whole,
}

impl Table<'_> {
    fn laid_out(
        &self,
        row_fields: &Array,
        col_fields: &Array,
        depth: i64,
        context: &dyn Context,
    ) -> Result<Value> {
        let stacked = self.functions.stacked;
        let names_columns = self.headers.label_rows(self.summary.values, &self.functions);
        let lead = row_fields.cols() as usize + usize::from(stacked) + usize::from(names_columns);
        let per = self.functions.width(&self.summary.pairs);
        let width = lead + self.columns.shown.len() * per;
        let entries = self.row_tree.entries(depth);
        let height = (entries.len() * if stacked { self.summary.pairs.len() } else { 1 }) as u64;
        super::charge_array(height + u64::from(col_fields.cols()) + 3, width as u64, context)?;
        let mut cells = self.heading(row_fields, col_fields, lead, per, names_columns)?;
        let labels = self.headers.of_pairs(self.summary.values, &self.summary.pairs);
        let in_columns = self.columns_of_rows();
        for entry in &entries {
            let results = self.results(entry.group, &in_columns)?;
            if !stacked {
                cells.extend_from_slice(&entry.labels);
                cells.extend(self.placed(&results));
                continue;
            }
            for (nth, pair) in self.summary.pairs.iter().enumerate() {
                cells.extend_from_slice(&entry.labels);
                cells.push(pair.name.clone());
                cells.extend(labels.get(nth).filter(|_| names_columns).cloned());
                cells.extend(self.columns.shown.iter().map(|place| results[*place][nth].clone()));
            }
        }
        Array::new((cells.len() / width) as u32, width as u32, cells).map(Value::from)
    }

    /// The names of the column fields in one text, the labels of the columns, a line for each field, the names of
    /// functions, and those of row fields and value columns.
    fn heading(
        &self,
        row_fields: &Array,
        col_fields: &Array,
        lead: usize,
        per: usize,
        names_columns: bool,
    ) -> Result<Vec<Value>> {
        let blank = |count: usize| std::iter::repeat_n(Value::from(""), count);
        let names = self.headers.names(row_fields, "Row Field");
        let shown = &self.columns.shown;
        let mut cells: Vec<Value> = Vec::new();
        if self.headers.shown {
            let locale = self.summary.context.environment().locale;
            let mut joined: Vec<String> = Vec::new();
            for name in self.headers.names(col_fields, "Column Field") {
                joined.push(to_text(&name, locale)?.to_string());
            }
            cells.extend(blank(lead));
            cells.push(joined.join(", ").into());
            cells.extend(blank(shown.len() * per - 1));
        }
        for level in 0..col_fields.cols() {
            if names_columns && level + 1 == col_fields.cols() {
                cells.extend_from_slice(&names);
                cells.extend(blank(lead - names.len()));
            } else {
                cells.extend(blank(lead));
            }
            for place in shown {
                let label = self.columns.entries[*place].label(level);
                cells.extend(std::iter::repeat_n(label.clone(), per));
            }
        }
        let pairs = &self.summary.pairs;
        if self.functions.named_across() {
            cells.extend(blank(lead));
            shown.iter().for_each(|_| cells.extend(pairs.iter().map(|pair| pair.name.clone())));
        }
        if self.headers.shown && !names_columns {
            cells.extend_from_slice(&names);
            cells.extend(blank(lead - names.len()));
            let labels = self.headers.of_pairs(self.summary.values, pairs);
            shown.iter().for_each(|_| cells.extend(labels.iter().take(per).cloned()));
        }
        Ok(cells)
    }

    /// For each row of the data the places of the columns that it belongs to.
    fn columns_of_rows(&self) -> Vec<Vec<usize>> {
        let mut columns = vec![Vec::new(); self.summary.values.rows() as usize];
        for (place, entry) in self.columns.entries.iter().enumerate() {
            for row in &self.col_tree.groups[entry.group].rows {
                columns[*row as usize].push(place);
            }
        }
        columns
    }

    /// The values of a group of rows in each column; empty text where they have no rows in common.
    fn results(&self, group: usize, in_columns: &[Vec<usize>]) -> Result<Vec<Vec<Value>>> {
        let mut buckets: Vec<Vec<u32>> = vec![Vec::new(); self.columns.entries.len()];
        for row in &self.row_tree.groups[group].rows {
            for place in in_columns.get(*row as usize).into_iter().flatten() {
                buckets[*place].push(*row);
            }
        }
        let cells = buckets.iter().zip(&self.columns.entries);
        cells.map(|(rows, column)| self.cell(rows, group, column.group)).collect()
    }

    fn cell(&self, rows: &[u32], row: usize, column: usize) -> Result<Vec<Value>> {
        if rows.is_empty() {
            return Ok(vec!["".into(); self.summary.pairs.len()]);
        }
        let (down, across) = (&self.row_tree.groups, &self.col_tree.groups);
        let common = |row: usize, column: usize| -> Vec<u32> {
            let inside = |row: &u32| across[column].rows.binary_search(row).is_ok();
            down[row].rows.iter().copied().filter(inside).collect()
        };
        let whole = match self.whole {
            _ if !self.summary.compares() => Cow::Borrowed(&[][..]),
            Whole::Column => Cow::Borrowed(&*across[column].rows),
            Whole::Row => Cow::Borrowed(&*down[row].rows),
            Whole::All => Cow::Borrowed(&*down[ROOT].rows),
            Whole::ParentColumn => Cow::Owned(common(row, across[column].parent)),
            Whole::ParentRow => Cow::Owned(common(down[row].parent, column)),
        };
        self.summary.all_of(rows, &whole)
    }

    /// The values of a line in the order shown. Totals are written before everything else, as many columns along as
    /// there are functions for each column of their group: with one function over several value columns that is
    /// somewhere else than their own place, and what the leaves leave of them stays there, as in Excel.
    fn placed(&self, results: &[Vec<Value>]) -> Vec<Value> {
        let (width, stride) = (self.summary.pairs.len(), self.functions.count());
        let mut line = vec![Value::from(""); results.len() * width];
        for (place, first) in &self.columns.totals {
            let start = first * width + (place - first) * stride;
            line[start..start + width].clone_from_slice(&results[*place]);
        }
        for (place, entry) in self.columns.entries.iter().enumerate() {
            if self.col_tree.is_leaf(entry.group) {
                line[place * width..(place + 1) * width].clone_from_slice(&results[place]);
            }
        }
        let shown = self.columns.shown.iter();
        shown.flat_map(|place| line[place * width..(place + 1) * width].iter().cloned()).collect()
    }
}
