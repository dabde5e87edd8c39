//! What may enter a document: finite numbers, names AMQP can carry, texts and lists within limits.
//!
//! Deliberately not here: what is allowed but unwise ([`validate`](crate::scenario::validate)).

use crate::scenario::limits::{
    CHOICES_MAX, NAME_OCTETS_MAX, POINTS_MAX, POSITION_MAX, TEXT_OCTETS_MAX,
};
use crate::scenario::{
    Choice, Consumer, Distribution, EdgeKind, HeaderChoice, LoadShape, Node, NodeKind, Options,
    Outage, Point, Problem, Producer, Shape,
};
use crate::types::{FieldTable, FieldValue, ProblemCode};

pub(super) fn clamp(position: Point) -> Point {
    Point {
        x: position.x.clamp(-POSITION_MAX, POSITION_MAX),
        y: position.y.clamp(-POSITION_MAX, POSITION_MAX),
    }
}

fn check_number(value: f64, path: &str) -> Result<(), Problem> {
    if value.is_finite() {
        Ok(())
    } else {
        Err(Problem::new(ProblemCode::NumberNotFinite).at_path(path))
    }
}

fn check_text(text: &str, path: &str) -> Result<(), Problem> {
    if text.len() <= TEXT_OCTETS_MAX {
        return Ok(());
    }
    Err(Problem::new(ProblemCode::TextTooLong)
        .at_path(path)
        .with("octets", text.len())
        .with("max", TEXT_OCTETS_MAX))
}

fn check_list(length: usize, max: usize, path: &str) -> Result<(), Problem> {
    if length <= max {
        return Ok(());
    }
    Err(Problem::new(ProblemCode::ListTooLong)
        .at_path(path)
        .with("length", length)
        .with("max", max))
}

fn check_short(name: &str, path: &str) -> Result<(), Problem> {
    if name.len() <= NAME_OCTETS_MAX {
        return Ok(());
    }
    Err(Problem::new(ProblemCode::NameTooLong)
        .at_path(path)
        .with("octets", name.len())
        .with("max", NAME_OCTETS_MAX))
}

/// The name of a node: an AMQP name, or what people call a client.
pub(super) fn check_name(shape: Shape, name: &str) -> Result<(), Problem> {
    match shape {
        Shape::Exchange | Shape::Queue => check_short(name, "name"),
        Shape::Producer | Shape::Consumer => check_text(name, "name"),
    }
}

/// Settings of the document.
pub(in crate::scenario) fn check_options(options: &Options) -> Result<(), Problem> {
    for (text, path) in [
        (&options.title, "title"),
        (&options.description, "description"),
    ] {
        if let Some(text) = text {
            check_text(&text.en, path)?;
            check_text(&text.zh, path)?;
        }
    }
    match options.speed {
        Some(Some(speed)) => check_number(speed, "speed"),
        Some(None) | None => Ok(()),
    }
}

/// A node as a whole.
pub(in crate::scenario) fn check_node(node: &Node) -> Result<(), Problem> {
    let checked = check_name(node.kind.shape(), &node.name).and_then(|()| match &node.kind {
        NodeKind::Producer(producer) => check_producer(producer),
        NodeKind::Exchange(exchange) => check_table(&exchange.arguments, "arguments"),
        NodeKind::Queue(queue) => check_table(&queue.arguments, "arguments"),
        NodeKind::Consumer(consumer) => check_consumer(consumer),
    });
    checked.map_err(|problem| problem.at_node(node.id))
}

/// A line's settings.
pub(in crate::scenario) fn check_edge_kind(kind: &EdgeKind) -> Result<(), Problem> {
    match kind {
        EdgeKind::Publish | EdgeKind::Consume => Ok(()),
        EdgeKind::Binding { arguments, .. } => check_table(arguments, "arguments"),
    }
}

fn check_producer(producer: &Producer) -> Result<(), Problem> {
    check_shape(&producer.load.shape)?;
    check_choice(&producer.routing_key, "routing_key", |key, path| {
        check_short(key, path)
    })?;
    check_list(producer.headers.len(), CHOICES_MAX, "headers")?;
    for HeaderChoice { name, value } in &producer.headers {
        check_short(name, "headers")?;
        check_choice(value, "headers", check_value)?;
    }
    check_distribution(&producer.size, "size")?;
    check_distribution(&producer.latency, "latency")?;
    check_outages(&producer.outages)
}

fn check_consumer(consumer: &Consumer) -> Result<(), Problem> {
    check_distribution(&consumer.service, "service")?;
    check_number(consumer.failures.share, "failures.share")?;
    check_distribution(&consumer.latency, "latency")?;
    check_outages(&consumer.outages)
}

fn check_outages(outages: &[Outage]) -> Result<(), Problem> {
    check_list(outages.len(), CHOICES_MAX, "outages")
}

fn check_choice<T>(
    choice: &Choice<T>,
    path: &str,
    check: impl Fn(&T, &str) -> Result<(), Problem>,
) -> Result<(), Problem> {
    match choice {
        Choice::Fixed(value) => check(value, path),
        Choice::Cycle(values) => {
            check_list(values.len(), CHOICES_MAX, path)?;
            values.iter().try_for_each(|value| check(value, path))
        }
        Choice::Drawn(values) => {
            check_list(values.len(), CHOICES_MAX, path)?;
            values.iter().try_for_each(|(value, _)| check(value, path))
        }
    }
}

fn check_distribution(distribution: &Distribution, path: &str) -> Result<(), Problem> {
    let numbers = match *distribution {
        Distribution::Fixed { value } => [value, 0.0],
        Distribution::Uniform { min, max } => [min, max],
        Distribution::Exponential { mean } => [mean, 0.0],
        Distribution::Lognormal { mean, deviation } => [mean, deviation],
    };
    numbers
        .into_iter()
        .try_for_each(|number| check_number(number, path))
}

fn check_shape(shape: &LoadShape) -> Result<(), Problem> {
    const PATH: &str = "load";
    let numbers = match shape {
        LoadShape::Constant { rate } | LoadShape::Bursts { rate, .. } => [*rate, 0.0],
        LoadShape::Ramp { from, to, .. } => [*from, *to],
        LoadShape::Step { before, after, .. } => [*before, *after],
        LoadShape::Spike { base, peak, .. } => [*base, *peak],
        LoadShape::Sine {
            mean, amplitude, ..
        } => [*mean, *amplitude],
        LoadShape::Times { times } => {
            check_list(times.len(), POINTS_MAX, "load.times")?;
            [0.0, 0.0]
        }
        LoadShape::Rates { points, .. } => {
            check_list(points.len(), POINTS_MAX, "load.points")?;
            for point in points {
                check_number(point.rate, "load.points")?;
            }
            [0.0, 0.0]
        }
    };
    numbers
        .into_iter()
        .try_for_each(|number| check_number(number, PATH))
}

fn check_table(table: &FieldTable, path: &str) -> Result<(), Problem> {
    check_list(table.len(), CHOICES_MAX, path)?;
    table
        .iter()
        .try_for_each(|(_, value)| check_value(value, path))
}

fn check_value(value: &FieldValue, path: &str) -> Result<(), Problem> {
    match value {
        FieldValue::F32(number) => check_number(f64::from(*number), path),
        FieldValue::F64(number) => check_number(*number, path),
        FieldValue::LongStr(octets) | FieldValue::Bytes(octets) => {
            check_list(octets.len(), TEXT_OCTETS_MAX, path)
        }
        FieldValue::Array(values) => {
            check_list(values.len(), CHOICES_MAX, path)?;
            values.iter().try_for_each(|value| check_value(value, path))
        }
        FieldValue::Table(table) => check_table(table, path),
        FieldValue::Bool(_)
        | FieldValue::I8(_)
        | FieldValue::U8(_)
        | FieldValue::I16(_)
        | FieldValue::U16(_)
        | FieldValue::I32(_)
        | FieldValue::U32(_)
        | FieldValue::I64(_)
        | FieldValue::Decimal(_)
        | FieldValue::Timestamp(_)
        | FieldValue::Void => Ok(()),
    }
}
