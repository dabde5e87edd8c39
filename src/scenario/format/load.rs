//! A producer's load in JSON: its shape and the shape's numbers in one object.
//!
//! Deliberately not here: loads recorded in a table ([`read_rates`](crate::scenario::read_rates)).

use super::cursor::{Cursor, Fields, Read};
use super::json::{Json, JsonObject};
use crate::scenario::{Arrivals, Load, LoadShape, RatePoint};
use crate::types::SimDuration;

const SHAPES: [&str; 8] = [
    "constant", "bursts", "ramp", "step", "spike", "sine", "times", "rates",
];

pub(super) fn read_load(at: &Cursor<'_>) -> Read<Load> {
    let mut fields = at.fields()?;
    let shape = read_shape(&mut fields)?;
    let mut arrivals = Arrivals::default();
    fields.set("arrivals", &mut arrivals, read_arrivals)?;
    fields.finish()?;
    Ok(Load { shape, arrivals })
}

fn read_arrivals(at: &Cursor<'_>) -> Read<Arrivals> {
    at.one_of(&[
        ("regular", Arrivals::Regular),
        ("poisson", Arrivals::Poisson),
    ])
}

fn read_shape(fields: &mut Fields<'_>) -> Read<LoadShape> {
    fn rate(fields: &mut Fields<'_>, key: &'static str) -> Read<f64> {
        fields.need(key)?.number()
    }
    fn span(fields: &mut Fields<'_>, key: &'static str) -> Read<SimDuration> {
        fields.need(key)?.span()
    }
    let word = fields.need("shape")?;
    Ok(match word.text()? {
        "constant" => LoadShape::Constant {
            rate: rate(fields, "rate")?,
        },
        "bursts" => LoadShape::Bursts {
            rate: rate(fields, "rate")?,
            on: span(fields, "on")?,
            off: span(fields, "off")?,
        },
        "ramp" => LoadShape::Ramp {
            from: rate(fields, "from")?,
            to: rate(fields, "to")?,
            over: span(fields, "over")?,
        },
        "step" => LoadShape::Step {
            before: rate(fields, "before")?,
            after: rate(fields, "after")?,
            at: span(fields, "at")?,
        },
        "spike" => LoadShape::Spike {
            base: rate(fields, "base")?,
            peak: rate(fields, "peak")?,
            at: span(fields, "at")?,
            lasts: span(fields, "lasts")?,
        },
        "sine" => LoadShape::Sine {
            mean: rate(fields, "mean")?,
            amplitude: rate(fields, "amplitude")?,
            period: span(fields, "period")?,
        },
        "times" => LoadShape::Times {
            times: fields.need("times")?.list(Cursor::span)?,
        },
        "rates" => LoadShape::Rates {
            points: fields.need("points")?.list(read_point)?,
            last: span(fields, "last")?,
        },
        _ => return Err(word.none_of(&SHAPES)),
    })
}

fn read_point(at: &Cursor<'_>) -> Read<RatePoint> {
    let mut fields = at.fields()?;
    let point = RatePoint {
        at: fields.need("at")?.span()?,
        rate: fields.need("rate")?.number()?,
    };
    fields.finish()?;
    Ok(point)
}

fn write_point(point: &RatePoint) -> Json {
    let out = JsonObject::new().with("at", span(&point.at));
    out.with("rate", point.rate).into()
}

pub(super) fn write_load(load: &Load) -> Json {
    let mut out = JsonObject::new();
    write_shape(&mut out, &load.shape);
    let arrivals = match load.arrivals {
        Arrivals::Regular => "regular",
        Arrivals::Poisson => "poisson",
    };
    out.set("arrivals", arrivals.into());
    out.into()
}

fn write_shape(out: &mut JsonObject, shape: &LoadShape) {
    let word = match shape {
        LoadShape::Constant { .. } => "constant",
        LoadShape::Bursts { .. } => "bursts",
        LoadShape::Ramp { .. } => "ramp",
        LoadShape::Step { .. } => "step",
        LoadShape::Spike { .. } => "spike",
        LoadShape::Sine { .. } => "sine",
        LoadShape::Times { .. } => "times",
        LoadShape::Rates { .. } => "rates",
    };
    let mut put = |key, value| out.set(key, value);
    let rate = |rate: &f64| Json::from(*rate);
    put("shape", word.into());
    match shape {
        LoadShape::Constant { rate: always } => put("rate", rate(always)),
        LoadShape::Bursts {
            rate: on_rate,
            on,
            off,
        } => {
            put("rate", rate(on_rate));
            put("on", span(on));
            put("off", span(off));
        }
        LoadShape::Ramp { from, to, over } => {
            put("from", rate(from));
            put("to", rate(to));
            put("over", span(over));
        }
        LoadShape::Step { before, after, at } => {
            put("before", rate(before));
            put("after", rate(after));
            put("at", span(at));
        }
        LoadShape::Spike {
            base,
            peak,
            at,
            lasts,
        } => {
            put("base", rate(base));
            put("peak", rate(peak));
            put("at", span(at));
            put("lasts", span(lasts));
        }
        LoadShape::Sine {
            mean,
            amplitude,
            period,
        } => {
            put("mean", rate(mean));
            put("amplitude", rate(amplitude));
            put("period", span(period));
        }
        LoadShape::Times { times } => put("times", times.iter().map(span).collect()),
        LoadShape::Rates { points, last } => {
            put("points", points.iter().map(write_point).collect());
            put("last", span(last));
        }
    }
}

/// A time as text: `250ms`.
pub(super) fn span(span: &SimDuration) -> Json {
    span.to_string().into()
}
