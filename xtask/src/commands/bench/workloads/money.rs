//! Loans: a payment plan of 360 months each, with interest and principal by month, the rate of return and the present
//! value of all payments.

use super::random::Random;
use super::{Content, Row, Scope, Sheet, Workload, column, formula, number, numbers, text};

/// Months of each loan.
const MONTHS: u32 = 360;

/// So many loans, each with a row for its payout and one for every month.
pub fn finance(n: u32) -> Workload {
    let mut random = Random::new("finance");
    let loans = (1..=n).map(move |loan| loan_row(loan, &mut random));
    let plan =
        (1..=n).flat_map(|loan| first_days().zip(0..).map(move |(day, month)| plan_row(loan, month, day)));
    let rates = [("spread", 0.0025), ("discount", 0.05)].map(|(name, rate)| vec![text(name), number(rate)]);
    let rows = n * (MONTHS + 1);
    let sums = ["Loans!F1:F", "Loans!H1:H", "Sched!C1:C"];
    let mut sums: Vec<String> =
        sums.iter().zip([n, n, rows]).map(|(range, last)| format!("SUM({range}{last})")).collect();
    sums.push(format!("AVERAGE(Loans!G1:G{n})"));
    let mut outputs: Vec<(&str, String)> = (1..=4).map(|row| ("Sum", format!("A{row}"))).collect();
    outputs.extend(["F1", "G1", "H1"].map(|cell| ("Loans", cell.to_owned())));
    outputs.extend([MONTHS + 1, MONTHS / 2].map(|row| ("Sched", format!("E{row}"))));
    let workload = Workload::new(
        vec![
            Sheet::new("Loans", loans),
            Sheet::new("Sched", plan),
            Sheet::new("Params", rates.into_iter()),
            column("Sum", sums),
        ],
        vec![
            numbers("loan_principal", "Loans", format!("B{}", n / 2), Scope::Local, |k| {
                100_000.0 + 1_000.0 * k
            }),
            numbers("spread", "Params", "B1", Scope::All, |k| 0.003 + 0.000_5 * k),
            numbers("discount", "Params", "B2", Scope::Column, |k| 0.051 + 0.001 * k),
        ],
        outputs,
    );
    // Rates of return are found by trial; engines stop at different digits.
    Workload { tolerance: 1e-6, ..workload }
}

fn loan_row(loan: u32, random: &mut Random) -> Row {
    let first = (loan - 1) * (MONTHS + 1) + 1;
    let last = first + MONTHS;
    vec![
        text(format!("L{loan:04}")),
        number(random.within(50, 900) * 1_000),
        number(f64::from(random.within(200, 901)) / 10_000.0),
        number(MONTHS),
        formula(format!("C{loan}+Params!$B$1")),
        formula(format!("PMT(E{loan}/12,D{loan},-B{loan})")),
        formula(format!("IRR(Sched!F{first}:F{last},0.005)*12")),
        formula(format!("XNPV(Params!$B$2,Sched!F{first}:F{last},Sched!B{first}:B{last})")),
    ]
}

/// Month, day, interest, principal, balance and payment.
fn plan_row(loan: u32, month: u32, day: u32) -> Row {
    let row = (loan - 1) * (MONTHS + 1) + 1 + month;
    if month == 0 {
        let balance = formula(format!("Loans!B{loan}"));
        let payment = formula(format!("-Loans!B{loan}"));
        return vec![number(0), number(day), Content::Empty, Content::Empty, balance, payment];
    }
    let terms = format!("(Loans!$E${loan}/12,A{row},Loans!$D${loan},-Loans!$B${loan})");
    vec![
        number(month),
        number(day),
        formula(format!("IPMT{terms}")),
        formula(format!("PPMT{terms}")),
        formula(format!("E{}-D{row}", row - 1)),
        formula(format!("C{row}+D{row}")),
    ]
}

/// The first days of months from January 2024 on, as spreadsheets count days.
fn first_days() -> impl Iterator<Item = u32> {
    const JANUARY_2024: u32 = 45_292;
    const LENGTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    // No month until 2054 lies in a year of a century, so every fourth year has its leap day.
    let length = |month: u32| LENGTHS.get(month as usize % 12).unwrap_or(&30) + u32::from(month % 48 == 1);
    (0..=MONTHS).scan(JANUARY_2024, move |day, month| {
        let first = *day;
        *day += length(month);
        Some(first)
    })
}
