//! The yew page: draws view models and sends actions.
//!
//! Layer 6. Deliberately not here: any truth about the broker, the run or the document.
