//! libFuzzer in front of a harness.

pub use {libfuzzer_sys, playsheet_fuzz};

/// The program of one target.
#[macro_export]
macro_rules! fuzz {
    ($name:literal) => {
        $crate::libfuzzer_sys::fuzz_target!(
            init: $crate::say_panics(),
            |data: &[u8]| $crate::playsheet_fuzz::run($name, data)
        );
    };
}

/// Says what panicked and leaves it to libFuzzer whether that ends the run: libFuzzer's own hook would also end it where
/// the reader of .ods files catches what the library it uses does not expect.
pub fn say_panics() {
    std::panic::set_hook(Box::new(|info| {
        let is_caught = info.location().is_some_and(|place| place.file().contains("/calamine-"));
        if !is_caught {
            eprintln!("{info}");
        }
    }));
}
