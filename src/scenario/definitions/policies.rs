//! The policies of a definitions file, or of what a document carries of one.
//!
//! Operator policies are parameters of a component of that name. Deliberately not here: what a
//! policy does.

use super::entry::Fields;
use crate::scenario::Problem;
use crate::scenario::format::{Json, JsonObject};
use crate::scenario::locate::Path;
use crate::types::Policy;

/// The policies that can be read; the others were problems when the file was opened.
#[must_use]
pub fn policies(sections: &JsonObject) -> Vec<Policy> {
    let read = policies_of(sections).into_iter();
    read.filter_map(|(_, _, policy)| policy.ok()).collect()
}

/// Whether a parameter is an operator policy.
pub(super) fn is_operator_policy(entry: &Json) -> bool {
    entry.get("component").and_then(Json::as_str) == Some("operator_policy")
}

/// Each policy with its path and what the file says of it.
pub(super) fn policies_of(sections: &JsonObject) -> Vec<(Path, &Json, Result<Policy, Problem>)> {
    let vhost = sections.get("original_vhost_name").and_then(Json::as_str);
    let mut all = Vec::new();
    for section in ["policies", "parameters"] {
        let entries = sections.get(section).and_then(Json::as_array);
        for (index, entry) in entries.unwrap_or_default().iter().enumerate() {
            let around = Path::default().key(section).index(index);
            let Some(map) = entry.as_object() else {
                continue;
            };
            let path = &around;
            let fields = Fields { map, path, vhost };
            if section == "policies" {
                let read = fields.policy(None);
                all.push((around, entry, read));
            } else if let Some(value) = entry.get("value").filter(|_| is_operator_policy(entry))
                && let Some(map) = value.as_object()
            {
                let path = &around.key("value");
                let read = Fields { map, path, vhost }.policy(Some(&fields));
                all.push((path.clone(), value, read));
            }
        }
    }
    all
}
