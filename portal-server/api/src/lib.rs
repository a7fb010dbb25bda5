//! Request and response types that portal and player share.
