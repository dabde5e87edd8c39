//! Tells the stories of lapin, the Rust client: `brokerlab-lapin-stories [WORD ...]` with AMQP_URL set.
//!
//! A story that fails says so in one line and the others go on. What is deliberately not here: any
//! knowledge of which broker is at the other end.

mod stage;
mod stories;

use std::process::ExitCode;
use std::time::Duration;
use stories::STORIES;

/// No story may hold up the rest for longer; a healthy one takes a fraction of it.
const LIMIT: Duration = Duration::from_secs(60);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (mut ok, mut failed) = (0, 0);
    for (title, tell) in STORIES {
        let label = format!("lapin: {title}");
        if !words.is_empty() && !words.iter().any(|word| label.contains(word)) {
            continue;
        }
        let told = match tokio::time::timeout(LIMIT, tell()).await {
            Ok(told) => told.map_err(|error| error.to_string()),
            Err(_) => Err(format!("no end within {} s", LIMIT.as_secs())),
        };
        match told {
            Ok(()) => {
                ok += 1;
                println!("ok     {label}");
            }
            Err(reason) => {
                failed += 1;
                println!("FAILED {label}\n       {reason}");
            }
        }
    }
    println!("rust: {ok} stories ok, {failed} failed");
    if failed > 0 || (ok == 0 && words.is_empty()) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
