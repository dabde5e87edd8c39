//! Axis marks at round numbers.
//!
//! Deliberately not here: drawing.

use crate::types::{fixed, power_of_ten};

/// The distance between marks, a 1, 2 or 5 with zeros, so that at most `most` marks fit into `span`.
#[must_use]
pub(super) fn step(span: f64, most: usize) -> f64 {
    if !span.is_finite() || span <= 0.0 || most == 0 {
        return 1.0;
    }
    let rough = span / most as f64;
    let decade = power_of_ten(libm::log10(rough).floor() as i32);
    let factor = match rough / decade {
        small if small <= 1.0 => 1.0,
        small if small <= 2.0 => 2.0,
        small if small <= 5.0 => 5.0,
        _ => 10.0,
    };
    factor * decade
}

/// Seconds of the time axis: minutes and hours are counted in sixties.
#[must_use]
pub(super) fn time_step(span: f64, most: usize) -> f64 {
    const ROUND: [f64; 13] = [
        1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0,
    ];
    let rough = step(span, most);
    if rough < 1.0 {
        return rough;
    }
    ROUND
        .into_iter()
        .find(|round| span / round <= most as f64)
        .unwrap_or_else(|| step(span / 3600.0, most) * 3600.0)
}

/// A value beside its mark: short, without trailing zeros.
#[must_use]
pub(super) fn number(value: f64, step: f64) -> String {
    if value >= 10_000.0 {
        let thousands = value / 1000.0;
        let digits = u32::from(thousands.fract() != 0.0);
        return format!("{}k", fixed(thousands, digits));
    }
    let digits = if step >= 1.0 {
        0
    } else {
        (-libm::log10(step).floor()).clamp(0.0, 6.0) as u32
    };
    fixed(value, digits)
}

/// A time beside its mark: `5 s`, `1:30`, `2:00:00`.
#[must_use]
pub(super) fn time(seconds: f64, step: f64) -> String {
    if step < 1.0 || seconds < 60.0 {
        return format!("{} s", number(seconds, step));
    }
    let whole = seconds.round() as u64;
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{rest:02}")
    } else {
        format!("{minutes}:{rest:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::{number, step, time, time_step};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn marks_stand_at_round_numbers() {
        assert_eq!(step(10.0, 5), 2.0);
        assert_eq!(step(0.7, 5), 0.2);
        assert_eq!(step(1234.0, 4), 500.0);
        assert_eq!(step(0.0, 4), 1.0);
    }

    #[test]
    fn times_are_counted_in_sixties() {
        assert_eq!(time_step(60.0, 6), 10.0);
        assert_eq!(time_step(3600.0, 6), 600.0);
        assert_eq!(time(90.0, 30.0), "1:30");
        assert_eq!(time(7200.0, 1800.0), "2:00:00");
        assert_eq!(time(0.5, 0.5), "0.5 s");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(number(12_000.0, 2000.0), "12k");
        assert_eq!(number(12_500.0, 500.0), "12.5k");
        assert_eq!(number(0.25, 0.05), "0.25");
        assert_eq!(number(3.0, 1.0), "3");
    }
}
