//! What is said about problems of a document or a file.
//!
//! Deliberately not here: finding them.
