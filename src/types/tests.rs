//! What the shared words promise.

mod number;

use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_duration_prints_what_it_reads() {
    for text in ["0s", "250ms", "1500ms", "10m", "2h", "1d", "40us", "7ns"] {
        let span: SimDuration = text.parse().expect(text);
        assert_eq!(span.to_string(), text);
    }
    let half: SimDuration = "1.5s".parse().expect("a fraction");
    assert_eq!(half, SimDuration::from_millis(1500));
}

#[test]
fn a_text_that_is_no_duration_is_refused_with_an_example() {
    for text in [
        "",
        "ms",
        "5",
        "1,5s",
        "-1s",
        "1.s.s",
        "5 parsecs",
        "99999999999999d",
        "1.5.5s",
    ] {
        let error = text.parse::<SimDuration>().expect_err(text);
        assert!(error.to_string().contains("250ms"), "{error}");
    }
}

#[test]
fn drawn_seconds_become_whole_nanoseconds_and_never_wrap() {
    assert_eq!(SimDuration::from_secs_f64(1e-9), SimDuration::from_nanos(1));
    assert_eq!(SimDuration::from_secs_f64(-1.0), SimDuration::ZERO);
    assert_eq!(SimDuration::from_secs_f64(f64::NAN), SimDuration::ZERO);
    assert_eq!(SimDuration::from_secs_f64(1e30), SimDuration::MAX);
}

#[test]
fn a_name_has_at_most_255_octets() {
    assert!(QueueName::new("q".repeat(255)).is_ok());
    assert_eq!(
        QueueName::new("q".repeat(256)),
        Err(NameTooLong { octets: 256 })
    );
    assert_eq!(QueueName::truncated(&"é".repeat(200)).as_str().len(), 254);
}

#[test]
fn a_reply_text_is_cut_to_255_octets_with_three_dots() {
    let error = AmqpError::new(ReplyCode::NotFound, "x".repeat(400), MethodId::new(50, 10));
    let text = error.reply_text();
    assert_eq!(text.len(), 255);
    assert!(text.starts_with("NOT_FOUND - x") && text.ends_with("..."));
}

#[test]
fn a_blank_body_weighs_its_length_and_holds_no_octets() {
    let message = Message::blank(
        MessageId(1),
        ExchangeName::default(),
        RoutingKey::default(),
        None,
        1_000_000,
    );
    assert_eq!(message.body_octets(), 1_000_000);
    assert!(message.body().is_empty());
}

/// The map beside the standard one, doing the same with keys in no order.
#[test]
fn a_sorted_map_does_what_an_ordered_map_does() {
    let (mut map, mut twin) = (SortedMap::new(), std::collections::BTreeMap::new());
    let mut state = 7_u32;
    for step in 0..2_000_u32 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let key = (state >> 16) % 50;
        match (state >> 8) % 8 {
            0..=2 => assert_eq!(map.insert(key, step), twin.insert(key, step)),
            3 => assert_eq!(map.remove(&key), twin.remove(&key)),
            4 => *map.or_default(key) += 1,
            5 => assert_eq!(map.get(&key), twin.get(&key)),
            6 => assert_eq!(map.contains_key(&key), twin.contains_key(&key)),
            _ => {
                let keep = |key: u32, value: u32| !(key + value).is_multiple_of(5);
                map.retain(|key, value| keep(*key, *value));
                twin.retain(|key, value| keep(*key, *value));
            }
        }
        if (state >> 8) % 8 == 4 {
            *twin.entry(key).or_default() += 1;
        }
        assert!(map.iter().eq(twin.iter()), "step {step}");
    }
    let again: SortedMap<u32, u32> = twin.into_iter().rev().collect();
    assert_eq!(again, map);
    assert!(map.keys().is_sorted());
}

#[test]
fn numbered_things_are_found_in_order_whatever_was_taken_out() {
    let mut rising = Rising::default();
    let mut plain = std::collections::BTreeMap::new();
    // A fixed walk: mostly the next number, sometimes an old one again, and many taken out.
    let mut step = 1_u64;
    for next in 0..2_000_u64 {
        step = step.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let old = (step >> 33) % (next + 1);
        let number = if step >> 62 == 0 { old } else { next };
        rising.insert(number, next);
        plain.insert(number, next);
        if step >> 63 == 0 || next > 1_500 {
            assert_eq!(rising.remove(old), plain.remove(&old));
        }
        assert_eq!(rising.get(old), plain.get(&old));
        assert_eq!(rising.len(), plain.len());
    }
    assert!(
        rising
            .iter()
            .eq(plain.iter().map(|(key, value)| (*key, value)))
    );
    for number in 0..2_000 {
        assert_eq!(rising.remove(number), plain.remove(&number));
        assert_eq!(rising.remove(number), None);
    }
    assert!(rising.is_empty() && rising.iter().next().is_none());
}

#[test]
fn things_are_put_in_ascending_order_each_once() {
    let queues = [3, 1, 3, 2, 1].map(QueueId).to_vec();
    assert_eq!(ascending(queues, |it| it.0), [1, 2, 3].map(QueueId));
    assert_eq!(ascending(vec![1, 2], |it| it), [1, 2]);
}

#[test]
fn an_order_is_that_of_the_library_and_equal_ones_stay_as_they_were() {
    for count in 0..40_usize {
        let keys: Vec<usize> = (0..count).map(|at| at * 7 % 11).collect();
        let mut expected: Vec<usize> = (0..count).collect();
        expected.sort_by_key(|at| keys[*at]);
        let order = order_by(count, &|a, b| keys[a].cmp(&keys[b]));
        assert_eq!(order, expected, "of {count}");
    }
}
