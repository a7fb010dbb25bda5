//! How an app's data is held on a device, and what in it is confidential.

use serde::Serialize;

use super::values::Period;
use crate::origin::Origin;
use crate::reference::Reference;
use crate::words::words;

/// How the data is held on a device.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Offline {
    /// How long the app may run without the portal, 30 days at most.
    pub lease: Option<Period>,
    /// How old a workbook may get before it must be fetched again.
    pub max_age: Option<Period>,
    /// Whether the data is deleted when the lease ends, instead of only locked.
    pub wipe: bool,
    /// Whether people may take data out of the app.
    pub allow_export: bool,
    /// Whether the screen may be recorded.
    pub screenshot: Screenshot,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

impl Default for Offline {
    fn default() -> Self {
        Self {
            lease: None,
            max_age: None,
            wipe: false,
            allow_export: true,
            screenshot: Screenshot::default(),
            origin: Origin::default(),
        }
    }
}

words! {
    /// Whether the screen may be recorded.
    #[derive(Default)]
    pub enum Screenshot {
        /// Yes.
        #[default]
        Allow = "allow",
        /// No, where the system can prevent it.
        Deny = "deny",
    }
}

/// What is confidential.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Privacy {
    /// How confidential the data is.
    pub classification: Classification,
    /// Cells that logs and exports must not show.
    pub hide: Vec<Reference>,
    /// How long data that people enter is kept.
    pub retention: Option<Period>,
    /// Where it came from.
    #[serde(skip)]
    pub origin: Origin,
}

words! {
    /// How confidential data is.
    #[derive(Default)]
    pub enum Classification {
        /// For everyone.
        #[default]
        Public = "public",
        /// For members of the organisation.
        Internal = "internal",
        /// For named people.
        Confidential = "confidential",
        /// About persons.
        Personal = "personal",
    }
}
