//! Small dense matrices: products, LU factors with partial pivoting, and least squares by Householder QR.

use crate::Context;
use crate::call::MAX_ARRAY;
use values::{CellError, Result, Value};

/// A matrix, row by row.
#[derive(Clone, Debug)]
pub(crate) struct Matrix {
    rows: usize,
    cols: usize,
    numbers: Vec<f64>,
}

impl Matrix {
    /// `numbers` are `rows` × `cols`, row by row; missing ones are 0.
    pub(crate) fn new(rows: usize, cols: usize, mut numbers: Vec<f64>) -> Matrix {
        numbers.resize(rows * cols, 0.0);
        Matrix { rows, cols, numbers }
    }

    /// Reads an argument that must hold numbers only: the first that is none decides, an error as that error, anything
    /// else, empty cells too, as `#VALUE!`.
    pub(crate) fn read(value: &Value, context: &dyn Context) -> Result<Matrix> {
        if let Value::Error(error) = value {
            return Err(*error);
        }
        let view = context.look(value)?;
        if view.count() > MAX_ARRAY {
            return Err(CellError::Value);
        }
        // Behind what is stored all is empty, and reading ends there.
        let stored = u64::from(view.used_rows()) * u64::from(view.used_cols());
        context.spend(stored)?;
        let mut numbers = Vec::with_capacity(stored as usize);
        for value in view.iter() {
            match value {
                Value::Number(number) => numbers.push(*number),
                Value::Error(error) => return Err(*error),
                _ => return Err(CellError::Value),
            }
        }
        Ok(Matrix::new(view.rows() as usize, view.cols() as usize, numbers))
    }

    /// All zeros.
    pub(crate) fn zero(rows: usize, cols: usize) -> Matrix {
        Matrix::new(rows, cols, Vec::new())
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) fn cols(&self) -> usize {
        self.cols
    }

    pub(crate) fn numbers(&self) -> &[f64] {
        &self.numbers
    }

    pub(crate) fn at(&self, row: usize, col: usize) -> f64 {
        self.numbers[row * self.cols + col]
    }

    pub(crate) fn set(&mut self, row: usize, col: usize, number: f64) {
        self.numbers[row * self.cols + col] = number;
    }

    fn swap_rows(&mut self, a: usize, b: usize) {
        for col in 0..self.cols {
            self.numbers.swap(a * self.cols + col, b * self.cols + col);
        }
    }

    /// Rows become columns.
    pub(crate) fn transposed(&self) -> Matrix {
        let numbers =
            (0..self.cols).flat_map(|col| (0..self.rows).map(move |row| self.at(row, col))).collect();
        Matrix::new(self.cols, self.rows, numbers)
    }

    /// The product; the caller has seen to it that the sizes fit.
    pub(crate) fn times(&self, other: &Matrix) -> Matrix {
        let mut product = Matrix::zero(self.rows, other.cols);
        for row in 0..self.rows {
            for col in 0..other.cols {
                let sum = (0..self.cols).fold(0.0, |sum, k| sum + self.at(row, k) * other.at(k, col));
                product.set(row, col, sum);
            }
        }
        product
    }

    /// Brings a square matrix to its LU factors in place, largest pivot first, and carries `beside` along.
    /// Gives the sign of the row order, or `None` where a pivot is 0.
    fn eliminate(&mut self, mut beside: Option<&mut Matrix>) -> Option<f64> {
        let mut sign = 1.0;
        for step in 0..self.rows {
            let mut pivot = step;
            for row in step + 1..self.rows {
                if self.at(row, step).abs() > self.at(pivot, step).abs() {
                    pivot = row;
                }
            }
            let head = self.at(pivot, step);
            if head == 0.0 || !head.is_finite() {
                return None;
            }
            if pivot != step {
                self.swap_rows(pivot, step);
                if let Some(beside) = beside.as_deref_mut() {
                    beside.swap_rows(pivot, step);
                }
                sign = -sign;
            }
            for row in step + 1..self.rows {
                let factor = self.at(row, step) / head;
                if factor == 0.0 {
                    continue;
                }
                for col in step..self.cols {
                    self.set(row, col, self.at(row, col) - factor * self.at(step, col));
                }
                if let Some(beside) = beside.as_deref_mut() {
                    for col in 0..beside.cols {
                        beside.set(row, col, beside.at(row, col) - factor * beside.at(step, col));
                    }
                }
            }
        }
        Some(sign)
    }

    /// The determinant of a square matrix.
    pub(crate) fn determinant(mut self) -> f64 {
        match self.eliminate(None) {
            Some(sign) => (0..self.rows).fold(sign, |product, k| product * self.at(k, k)),
            None => 0.0,
        }
    }

    /// The inverse of a square matrix, `None` where it is singular.
    pub(crate) fn inverse(mut self) -> Option<Matrix> {
        let mut result = Matrix::zero(self.rows, self.rows);
        for k in 0..self.rows {
            result.set(k, k, 1.0);
        }
        self.eliminate(Some(&mut result))?;
        for col in 0..self.rows {
            for row in (0..self.rows).rev() {
                let known =
                    (row + 1..self.rows).fold(0.0, |sum, k| sum + self.at(row, k) * result.at(k, col));
                result.set(row, col, (result.at(row, col) - known) / self.at(row, row));
            }
        }
        result.numbers.iter().all(|number| number.is_finite()).then_some(result)
    }
}

/// A least squares fit by the columns of a matrix.
#[derive(Clone, Debug)]
pub(crate) struct Fit {
    /// One coefficient a column; 0 for a column that depends on those before it.
    pub(crate) coefficients: Vec<f64>,
    /// The columns that took part.
    pivots: Vec<usize>,
    /// Its upper triangle, in these columns, is the factor R of the matrix.
    triangle: Matrix,
}

impl Fit {
    /// How many columns took part.
    pub(crate) fn rank(&self) -> usize {
        self.pivots.len()
    }

    /// Whether a column took part.
    pub(crate) fn uses(&self, col: usize) -> bool {
        self.pivots.contains(&col)
    }

    /// pᵀ(XᵀX)⁻¹p: the variance of the fitted value at `point`, in units of the residuals' variance.
    pub(crate) fn variance_at(&self, point: &[f64]) -> f64 {
        let mut solved: Vec<f64> = Vec::with_capacity(self.pivots.len());
        for (k, col) in self.pivots.iter().enumerate() {
            let known =
                solved.iter().enumerate().fold(0.0, |sum, (j, part)| sum + self.triangle.at(j, *col) * part);
            solved.push((point[*col] - known) / self.triangle.at(k, *col));
        }
        solved.iter().fold(0.0, |sum, part| sum + part * part)
    }
}

/// Fits `y` by Householder reflections, each time by the column with the most that the ones before do not explain,
/// as LINEST does. A column of which that is below 1e-12 of its length is left out: it is collinear.
pub(crate) fn least_squares(x: Matrix, y: &[f64]) -> Fit {
    let (rows, cols) = (x.rows, x.cols);
    let mut work = x;
    let whole: Vec<f64> = (0..cols).map(|col| length(&work, 0, col)).collect();
    let mut right = y.to_vec();
    let mut pivots: Vec<usize> = Vec::with_capacity(cols);
    while pivots.len() < rows {
        let step = pivots.len();
        let free = (0..cols).filter(|col| !pivots.contains(col));
        let left = free.map(|col| (length(&work, step, col), col));
        let left = left.filter(|(rest, col)| *rest > whole[*col] * 1e-12);
        // Of equally long ones the first.
        let Some((rest, col)) = left.reduce(|best, next| if next.0 > best.0 { next } else { best }) else {
            break;
        };
        reflect(&mut work, &mut right, step, col, rest);
        pivots.push(col);
    }
    let mut coefficients = vec![0.0; cols];
    for k in (0..pivots.len()).rev() {
        let later = pivots.iter().skip(k + 1);
        let known = later.fold(0.0, |sum, col| sum + work.at(k, *col) * coefficients[*col]);
        coefficients[pivots[k]] = (right[k] - known) / work.at(k, pivots[k]);
    }
    Fit { coefficients, pivots, triangle: work }
}

fn length(matrix: &Matrix, from: usize, col: usize) -> f64 {
    (from..matrix.rows).fold(0.0, |sum, row| sum + matrix.at(row, col) * matrix.at(row, col)).sqrt()
}

/// Turns the part of `col` from row `step` on into one number, and every column along with it.
fn reflect(work: &mut Matrix, right: &mut [f64], step: usize, col: usize, length: f64) {
    let rows = work.rows;
    let head = work.at(step, col);
    let turned = if head > 0.0 { -length } else { length };
    let mut axis: Vec<f64> = (step..rows).map(|row| work.at(row, col)).collect();
    axis[0] = head - turned;
    let square = axis.iter().fold(0.0, |sum, part| sum + part * part);
    if square == 0.0 {
        return;
    }
    for other in 0..work.cols {
        let dot = axis.iter().enumerate().fold(0.0, |sum, (k, part)| sum + part * work.at(step + k, other));
        for (k, part) in axis.iter().enumerate() {
            work.set(step + k, other, work.at(step + k, other) - 2.0 * dot / square * part);
        }
    }
    let dot = axis.iter().enumerate().fold(0.0, |sum, (k, part)| sum + part * right[step + k]);
    for (k, part) in axis.iter().enumerate() {
        right[step + k] -= 2.0 * dot / square * part;
    }
}
