//! Reasons and warnings are sentences that a person understands, and name the cells that they are about.

use crate::workbooks;
use playsheet_detect::propose;

fn is_sentence(text: &str) -> bool {
    text.ends_with('.') && !text.contains("  ") && !text.contains("..") && text.chars().count() < 400
}

#[test]
fn every_reason_names_its_cells() {
    for file in ["bmi", "loan", "quote", "catalogue", "budget", "shifts"] {
        let proposal = propose(&workbooks::example(&format!("{file}.xlsx")), file);
        for found in proposal.inputs.iter().chain(&proposal.outputs).chain(&proposal.alternatives) {
            let reason = &found.reason;
            assert!(
                is_sentence(reason) && reason.starts_with(&format!("{}: ", found.cell)),
                "{file}: {reason}"
            );
            assert!((0.0..=1.0).contains(&found.score), "{file}: {}", found.score);
        }
        for list in &proposal.lists {
            assert!(
                is_sentence(&list.reason) && list.reason.contains(&list.range),
                "{file}: {}",
                list.reason
            );
            assert!((0.5..=1.0).contains(&list.score), "{file}: {}", list.score);
        }
        for chart in &proposal.charts {
            let cells = |range: &String| range.rsplit('!').next().unwrap_or_default().to_owned();
            let named = chart
                .series
                .iter()
                .chain(&chart.categories)
                .all(|range| chart.reason.contains(&cells(range)));
            assert!(is_sentence(&chart.reason) && named, "{file}: {}", chart.reason);
        }
    }
}
