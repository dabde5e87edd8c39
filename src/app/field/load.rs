//! The fields of a producer's load: which numbers there are depends on its shape.
//!
//! Deliberately not here: the producer's other fields.

use super::{Field, lines, parse, per_second, text};
use crate::app::view::FieldInput;
use crate::scenario::{Arrivals, LoadShape, Producer, RatePoint};
use crate::text::Words;
use crate::types::SimDuration;

/// Rates a load may have. Beyond a million a second one instant has many messages.
const RATE_MAX: f64 = 1e6;

fn shape_input(words: Words) -> FieldInput {
    super::choice(&[
        ("constant", words.shape_constant()),
        ("bursts", words.shape_bursts()),
        ("ramp", words.shape_ramp()),
        ("step", words.shape_step()),
        ("spike", words.shape_spike()),
        ("sine", words.shape_sine()),
        ("times", words.shape_times()),
        ("rates", words.shape_rates()),
    ])
}

fn shape_name(shape: &LoadShape) -> &'static str {
    match shape {
        LoadShape::Constant { .. } => "constant",
        LoadShape::Bursts { .. } => "bursts",
        LoadShape::Ramp { .. } => "ramp",
        LoadShape::Step { .. } => "step",
        LoadShape::Spike { .. } => "spike",
        LoadShape::Sine { .. } => "sine",
        LoadShape::Times { .. } => "times",
        LoadShape::Rates { .. } => "rates",
    }
}

/// A rate that stands for the whole shape, to begin another shape with.
pub(in crate::app) fn typical_rate(shape: &LoadShape) -> f64 {
    match shape {
        LoadShape::Constant { rate } | LoadShape::Bursts { rate, .. } => *rate,
        LoadShape::Ramp { from, to, .. } => from.max(*to),
        LoadShape::Step { before, after, .. } => before.max(*after),
        LoadShape::Spike { base, .. } => *base,
        LoadShape::Sine { mean, .. } => *mean,
        LoadShape::Times { .. } => 1.0,
        LoadShape::Rates { points, .. } => {
            points.iter().map(|point| point.rate).fold(0.0, f64::max)
        }
    }
}

fn set_shape(producer: &mut Producer, name: &str, words: Words) -> Result<(), String> {
    let shape = &mut producer.load.shape;
    if shape_name(shape) == name {
        return Ok(());
    }
    let rate = typical_rate(shape).max(0.1);
    let secs = SimDuration::from_secs;
    *shape = match name {
        "constant" => LoadShape::Constant { rate },
        "bursts" => LoadShape::Bursts {
            rate,
            on: secs(5),
            off: secs(10),
        },
        "ramp" => LoadShape::Ramp {
            from: 0.0,
            to: rate * 2.0,
            over: secs(60),
        },
        "step" => LoadShape::Step {
            before: rate,
            after: rate * 3.0,
            at: secs(20),
        },
        "spike" => LoadShape::Spike {
            base: rate,
            peak: rate * 10.0,
            at: secs(10),
            lasts: secs(10),
        },
        "sine" => LoadShape::Sine {
            mean: rate,
            amplitude: rate,
            period: secs(60),
        },
        "times" => LoadShape::Times {
            times: (1..=10).map(secs).collect(),
        },
        "rates" => LoadShape::Rates {
            points: vec![
                RatePoint {
                    at: SimDuration::ZERO,
                    rate,
                },
                RatePoint {
                    at: secs(30),
                    rate: rate * 3.0,
                },
            ],
            last: secs(30),
        },
        _ => return Err(words.error_choice().to_owned()),
    };
    Ok(())
}

/// Which number of a load.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RatePart {
    Rate,
    From,
    To,
    Before,
    After,
    Base,
    Peak,
    Mean,
    Amplitude,
}

fn rate_slot(shape: &mut LoadShape, part: RatePart) -> Option<&mut f64> {
    let (slot, own) = match shape {
        LoadShape::Constant { rate } | LoadShape::Bursts { rate, .. } => (rate, RatePart::Rate),
        LoadShape::Ramp { from, .. } if part == RatePart::From => (from, RatePart::From),
        LoadShape::Ramp { to, .. } => (to, RatePart::To),
        LoadShape::Step { before, .. } if part == RatePart::Before => (before, RatePart::Before),
        LoadShape::Step { after, .. } => (after, RatePart::After),
        LoadShape::Spike { base, .. } if part == RatePart::Base => (base, RatePart::Base),
        LoadShape::Spike { peak, .. } => (peak, RatePart::Peak),
        LoadShape::Sine { mean, .. } if part == RatePart::Mean => (mean, RatePart::Mean),
        LoadShape::Sine { amplitude, .. } => (amplitude, RatePart::Amplitude),
        LoadShape::Times { .. } | LoadShape::Rates { .. } => return None,
    };
    (own == part).then_some(slot)
}

fn get_rate(producer: &Producer, part: RatePart) -> Option<String> {
    let mut shape = producer.load.shape.clone();
    rate_slot(&mut shape, part).map(|rate| parse::show_number(*rate))
}

fn set_rate(
    producer: &mut Producer,
    part: RatePart,
    typed: &str,
    words: Words,
) -> Result<(), String> {
    let rate = parse::number(typed, words)?;
    if rate > RATE_MAX {
        return Err(words.error_rate_max().to_owned());
    }
    if let Some(slot) = rate_slot(&mut producer.load.shape, part) {
        *slot = rate;
    }
    Ok(())
}

/// Which time of a load.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TimePart {
    On,
    Off,
    Over,
    At,
    Lasts,
    Period,
    Last,
}

fn time_slot(shape: &mut LoadShape, part: TimePart) -> Option<&mut SimDuration> {
    let (slot, own) = match shape {
        LoadShape::Bursts { on, .. } if part == TimePart::On => (on, TimePart::On),
        LoadShape::Bursts { off, .. } => (off, TimePart::Off),
        LoadShape::Ramp { over, .. } => (over, TimePart::Over),
        LoadShape::Step { at, .. } => (at, TimePart::At),
        LoadShape::Spike { at, .. } if part == TimePart::At => (at, TimePart::At),
        LoadShape::Spike { lasts, .. } => (lasts, TimePart::Lasts),
        LoadShape::Sine { period, .. } => (period, TimePart::Period),
        LoadShape::Rates { last, .. } => (last, TimePart::Last),
        LoadShape::Constant { .. } | LoadShape::Times { .. } => return None,
    };
    (own == part).then_some(slot)
}

fn get_time(producer: &Producer, part: TimePart) -> Option<String> {
    let mut shape = producer.load.shape.clone();
    time_slot(&mut shape, part).map(|time| time.to_string())
}

fn set_time(
    producer: &mut Producer,
    part: TimePart,
    typed: &str,
    words: Words,
) -> Result<(), String> {
    let time = parse::duration(typed, words)?;
    if let Some(slot) = time_slot(&mut producer.load.shape, part) {
        *slot = time;
    }
    Ok(())
}

fn set_arrivals(producer: &mut Producer, typed: &str, words: Words) -> Result<(), String> {
    producer.load.arrivals = match typed {
        "regular" => Arrivals::Regular,
        "poisson" => Arrivals::Poisson,
        _ => return Err(words.error_choice().to_owned()),
    };
    Ok(())
}

macro_rules! rate_field {
    ($key:literal, $words:ident, $part:ident) => {
        Field {
            key: $key,
            words: |words| words.$words(),
            input: per_second,
            get: |producer| get_rate(producer, RatePart::$part),
            set: |producer, typed, words| set_rate(producer, RatePart::$part, typed, words),
        }
    };
}

macro_rules! time_field {
    ($key:literal, $words:ident, $part:ident) => {
        Field {
            key: $key,
            words: |words| words.$words(),
            input: text,
            get: |producer| get_time(producer, TimePart::$part),
            set: |producer, typed, words| set_time(producer, TimePart::$part, typed, words),
        }
    };
}

/// All fields of a load; each applies to some shapes.
pub(super) static FIELDS: &[Field<Producer>] = &[
    Field {
        key: "load.shape",
        words: |words| words.field_load_shape(),
        input: shape_input,
        get: |producer| Some(shape_name(&producer.load.shape).to_owned()),
        set: set_shape,
    },
    rate_field!("load.rate", field_rate, Rate),
    time_field!("load.on", field_on, On),
    time_field!("load.off", field_off, Off),
    rate_field!("load.from", field_from, From),
    rate_field!("load.to", field_to, To),
    time_field!("load.over", field_over, Over),
    rate_field!("load.before", field_before, Before),
    rate_field!("load.after", field_after, After),
    rate_field!("load.base", field_base, Base),
    rate_field!("load.peak", field_peak, Peak),
    time_field!("load.at", field_at, At),
    time_field!("load.lasts", field_lasts, Lasts),
    rate_field!("load.mean", field_mean_rate, Mean),
    rate_field!("load.amplitude", field_amplitude, Amplitude),
    time_field!("load.period", field_period, Period),
    Field {
        key: "load.times",
        words: |words| words.field_times(),
        input: lines,
        get: |producer| match &producer.load.shape {
            LoadShape::Times { times } => {
                let lines: Vec<String> = times.iter().map(ToString::to_string).collect();
                Some(lines.join("\n"))
            }
            LoadShape::Constant { .. }
            | LoadShape::Bursts { .. }
            | LoadShape::Ramp { .. }
            | LoadShape::Step { .. }
            | LoadShape::Spike { .. }
            | LoadShape::Sine { .. }
            | LoadShape::Rates { .. } => None,
        },
        set: |producer, typed, words| {
            let times = parse::times(typed, words)?;
            producer.load.shape = LoadShape::Times { times };
            Ok(())
        },
    },
    Field {
        key: "load.points",
        words: |words| words.field_points(),
        input: lines,
        get: |producer| match &producer.load.shape {
            LoadShape::Rates { points, .. } => Some(parse::show_points(points)),
            LoadShape::Constant { .. }
            | LoadShape::Bursts { .. }
            | LoadShape::Ramp { .. }
            | LoadShape::Step { .. }
            | LoadShape::Spike { .. }
            | LoadShape::Sine { .. }
            | LoadShape::Times { .. } => None,
        },
        set: |producer, typed, words| {
            let read = parse::points(typed, words)?;
            if let LoadShape::Rates { points, .. } = &mut producer.load.shape {
                *points = read;
            }
            Ok(())
        },
    },
    time_field!("load.last", field_last, Last),
    Field {
        key: "load.arrivals",
        words: |words| words.field_arrivals(),
        input: |words| {
            super::choice(&[
                ("regular", words.arrivals_regular()),
                ("poisson", words.arrivals_poisson()),
            ])
        },
        get: |producer| match (&producer.load.shape, producer.load.arrivals) {
            (LoadShape::Times { .. }, _) => None,
            (_, Arrivals::Regular) => Some("regular".to_owned()),
            (_, Arrivals::Poisson) => Some("poisson".to_owned()),
        },
        set: set_arrivals,
    },
    Field {
        key: "limit",
        words: |words| words.field_limit(),
        input: super::count,
        get: |producer| Some(parse::show_optional(producer.limit)),
        set: |producer, typed, words| {
            producer.limit = parse::optional(typed, words, |text, words| {
                parse::whole(text, 0, u64::MAX, words)
            })?;
            Ok(())
        },
    },
];
