//! How a benchmark measures and how it says what it found.
//!
//! A benchmark is a program `benches/<area>.rs` with `harness = false` that says `mod support;`
//! and calls [`bench`] or [`rate`] once for each figure. Every figure is one line on standard
//! output, seven fields with tabs between them:
//!
//! ```text
//! bench<TAB>name<TAB>median<TAB>unit<TAB>min<TAB>max<TAB>note
//! ```
//!
//! `cargo xtask bench` collects these lines from all programs into one table. The same program
//! also runs in a headless browser (`--browser`), built as the page is; so it reads no files
//! and starts no threads unless `required-features` keeps it native. Not here: statistics beyond median, least and greatest; choosing which benchmark
//! runs beyond a word in the name.
#![allow(
    dead_code,
    reason = "each benchmark uses its own part of these helpers"
)]
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

pub(crate) use std::hint::black_box;
use std::time::Duration;

/// Repetitions of one figure unless a benchmark asks for another number.
pub(crate) const REPETITIONS: usize = 9;

/// Pairs of one ratio: more, since the two of a pair disturb each other.
const PAIRS: usize = 31;

/// How long a figure is run before it is measured, once at least: a processor that stood idle takes
/// its time to reach its speed, and the first figure of a program would pay for it.
const WARM_UP: Duration = Duration::from_millis(300);

/// What one figure was: the middle, the least and the greatest of its repetitions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figure {
    /// The middle repetition.
    pub(crate) median: f64,
    /// The least.
    pub(crate) min: f64,
    /// The greatest.
    pub(crate) max: f64,
}

impl Figure {
    /// Sorts the samples and takes their middle and ends; no samples give zeros.
    pub(crate) fn of(mut samples: Vec<f64>) -> Self {
        samples.sort_by(f64::total_cmp);
        let at = |index: usize| samples.get(index).copied().unwrap_or(0.0);
        let last = samples.len().saturating_sub(1);
        Self {
            median: at(last / 2),
            min: at(0),
            max: at(last),
        }
    }
}

/// Whether a figure of this name was asked for: `cargo bench -- WORD` keeps those whose name
/// contains the word.
pub(crate) fn wanted(name: &str) -> bool {
    let words = clock::words();
    words.is_empty() || words.iter().any(|word| name.contains(word))
}

/// Measures the time of one operation, in nanoseconds. `run` does `operations` of them, after
/// a warm-up that is not measured, [`REPETITIONS`] times over; what `setup` makes is not measured.
pub(crate) fn bench<S, R>(
    name: &str,
    operations: u64,
    setup: impl FnMut() -> S,
    run: impl FnMut(S) -> R,
    note: &str,
) -> Option<Figure> {
    let per_operation = |elapsed: Duration| elapsed.as_nanos() as f64 / operations as f64;
    measure(name, "ns", REPETITIONS, setup, run, per_operation, note)
}

/// Measures operations a second: like [`bench`], the other way up.
pub(crate) fn rate<S, R>(
    name: &str,
    operations: u64,
    setup: impl FnMut() -> S,
    run: impl FnMut(S) -> R,
    note: &str,
) -> Option<Figure> {
    let per_second = |elapsed: Duration| operations as f64 / elapsed.as_secs_f64();
    measure(name, "/s", REPETITIONS, setup, run, per_second, note)
}

/// Measures `repetitions` runs and prints what `figure` makes of each run's time; `None` when
/// nobody asked for this name.
pub(crate) fn measure<S, R>(
    name: &str,
    unit: &str,
    repetitions: usize,
    mut setup: impl FnMut() -> S,
    mut run: impl FnMut(S) -> R,
    figure: impl Fn(Duration) -> f64,
    note: &str,
) -> Option<Figure> {
    if !wanted(name) {
        return None;
    }
    let begun = clock::now();
    loop {
        black_box(run(setup()));
        if clock::now().saturating_sub(begun) >= WARM_UP {
            break;
        }
    }
    let mut samples = Vec::with_capacity(repetitions);
    for _ in 0..repetitions {
        samples.push(figure(timed(&mut setup, &mut run)));
    }
    let figure = Figure::of(samples);
    print(name, figure, unit, note);
    Some(figure)
}

/// How long one run takes. What `setup` makes is not measured, nor is freeing what comes of it.
pub(crate) fn timed<S, R>(setup: impl FnOnce() -> S, run: impl FnOnce(S) -> R) -> Duration {
    let input = setup();
    let start = clock::now();
    let result = black_box(run(black_box(input)));
    let elapsed = clock::now().saturating_sub(start);
    drop(result);
    elapsed
}

/// How many times as fast `ours` is as `theirs`: the two are run in turn, and each pair gives one
/// sample, so that a slow minute of the machine falls on both.
pub(crate) fn ratio(
    name: &str,
    mut ours: impl FnMut() -> Duration,
    mut theirs: impl FnMut() -> Duration,
    note: &str,
) {
    if !wanted(name) {
        return;
    }
    let _ = (ours(), theirs());
    let samples = (0..PAIRS).map(|_| {
        let (ours, theirs) = (ours(), theirs());
        theirs.as_secs_f64() / ours.as_secs_f64()
    });
    print(name, Figure::of(samples.collect()), "x", note);
}

/// Prints one figure that was measured elsewhere (a size, a ratio of two figures).
pub(crate) fn print(name: &str, figure: Figure, unit: &str, note: &str) {
    let Figure { median, min, max } = figure;
    clock::say(&format!(
        "bench\t{name}\t{median}\t{unit}\t{min}\t{max}\t{note}"
    ));
}

/// Prints one exact value, for instance bytes counted rather than timed.
pub(crate) fn print_exact(name: &str, value: f64, unit: &str, note: &str) {
    if wanted(name) {
        print(
            name,
            Figure {
                median: value,
                min: value,
                max: value,
            },
            unit,
            note,
        );
    }
}

/// The machine's clock and voice, natively.
#[cfg(not(target_arch = "wasm32"))]
mod clock {
    use std::sync::OnceLock;
    use std::time::{Duration, Instant};

    /// Time since the first call.
    pub(super) fn now() -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }

    pub(super) fn say(line: &str) {
        println!("{line}");
    }

    /// What was asked for on the command line.
    pub(super) fn words() -> Vec<String> {
        std::env::args()
            .skip(1)
            .filter(|word| !word.starts_with("--"))
            .collect()
    }
}

/// The browser's clock and voice. Its clock ticks every tenth of a millisecond or so: let a
/// run take some ten milliseconds.
#[cfg(target_arch = "wasm32")]
mod clock {
    use std::time::Duration;
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = performance, js_name = now)]
        fn performance_now() -> f64;
        #[wasm_bindgen(js_namespace = console, js_name = log)]
        fn console_log(line: &str);
        /// Given by the page that runs us, `tests/e2e/bench/program.mjs`.
        #[wasm_bindgen(js_namespace = globalThis, js_name = benchWords)]
        fn bench_words() -> String;
    }

    /// Time since the page was opened.
    pub(super) fn now() -> Duration {
        Duration::from_secs_f64(performance_now() / 1000.0)
    }

    pub(super) fn say(line: &str) {
        console_log(line);
    }

    /// What was asked for on the command line.
    pub(super) fn words() -> Vec<String> {
        bench_words()
            .split_whitespace()
            .map(str::to_owned)
            .collect()
    }
}
