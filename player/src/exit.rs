//! Errors of the command line, each with the exit code that tells whose fault it is.

use std::fmt;
use std::process::ExitCode;

/// What went wrong, said in one or two sentences.
#[derive(Debug)]
pub(crate) struct Failure {
    blame: Blame,
    message: String,
}

/// Who has to do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blame {
    /// The file, the definition or a value given.
    Input = 1,
    /// The way the command was written.
    Usage = 2,
    /// This program.
    Program = 3,
    /// Network, portal, secret store, disk.
    Surroundings = 4,
}

/// A result of the command line.
pub(crate) type Outcome<T> = Result<T, Failure>;

impl Failure {
    pub fn input(message: impl fmt::Display) -> Failure {
        Failure { blame: Blame::Input, message: message.to_string() }
    }

    pub fn usage(message: impl fmt::Display) -> Failure {
        Failure { blame: Blame::Usage, message: message.to_string() }
    }

    pub fn surroundings(message: impl fmt::Display) -> Failure {
        Failure { blame: Blame::Surroundings, message: message.to_string() }
    }

    /// What a room says of itself, under the class that it says.
    pub fn of_class(class: vault::ExitClass, error: &dyn fmt::Display) -> Failure {
        let blame = match class {
            vault::ExitClass::Input => Blame::Input,
            vault::ExitClass::Program => Blame::Program,
            vault::ExitClass::Surroundings => Blame::Surroundings,
        };
        Failure { blame, message: error.to_string() }
    }

    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.blame as u8)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<std::io::Error> for Failure {
    /// Writing results: a reader that went away is no failure of ours, but nothing more can be done.
    fn from(error: std::io::Error) -> Self {
        Failure::surroundings(format!("The output cannot be written: {error}."))
    }
}
