//! What the machine is and how busy it is, because figures from a busy one mean little.

/// The machine in one line, such as `2 cores, load average 0.12 0.30 0.25`.
pub fn line() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    match load() {
        Some(load) => format!("{cores} cores, load average {load}"),
        None => format!("{cores} cores, load average not told by this system"),
    }
}

/// Processes that ran or waited to run, on average over 1, 5 and 15 minutes.
fn load() -> Option<String> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    let fields: Vec<&str> = text.split_whitespace().take(3).collect();
    (fields.len() == 3).then(|| fields.join(" "))
}
