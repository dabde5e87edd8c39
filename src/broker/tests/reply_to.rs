//! Direct reply-to (semantics section 16). The texts and orders were measured on RabbitMQ 3.10.8.

use super::*;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const PSEUDO_QUEUE: &str = "amq.rabbitmq.reply-to";

fn await_replies(tag: &str) -> Command {
    Command::BasicConsume(Consume {
        no_ack: true,
        ..consumption(PSEUDO_QUEUE, tag)
    })
}

/// Publishes a question and says where its answer is to go.
fn asked(bench: &mut Bench) -> String {
    bench.declare("questions", FieldTable::new());
    let properties = Properties {
        reply_to: Some(ShortText::truncated(PSEUDO_QUEUE)),
        ..Properties::default()
    };
    bench.ok(HERE, publish("questions", "?", Some(properties)));
    let question = bench.take("questions");
    let reply_to = question.properties().and_then(|it| it.reply_to.clone());
    reply_to.expect("a name").to_string()
}

/// Answers among the latest effects.
fn answers(bench: &Bench) -> Vec<String> {
    let answers = bench.effects.iter().filter_map(|effect| match effect {
        Effect::DirectReply {
            channel,
            consumer_tag,
            delivery_tag,
            message,
        } => Some(format!(
            "{channel} {consumer_tag} <- {delivery_tag} {}",
            body(message)
        )),
        _ => None,
    });
    answers.collect()
}

#[test]
fn an_answer_goes_to_the_channel_that_asked_and_uses_no_delivery_tag_up() {
    let mut bench = Bench::new();
    let other = bench.open(2, 1);
    bench.ok(HERE, await_replies("r"));
    let name = asked(&mut bench);
    assert!(
        name.starts_with("amq.rabbitmq.reply-to.") && name.len() > 40,
        "{name}"
    );
    for answer in ["a", "b"] {
        bench.ok(other, publish(&name, answer, None));
        assert_eq!(answers(&bench), [format!("1.1 r <- 2 {answer}")]);
    }
    bench.publish("questions", "x");
    assert_eq!(bench.get(HERE, "questions"), "x tag 2, 0 left");
}

#[test]
fn a_mandatory_answer_is_delivered_and_returned() {
    let mut bench = Bench::new();
    bench.ok(HERE, await_replies("r"));
    let name = asked(&mut bench);
    let Command::BasicPublish(answer) = publish(&name, "a", None) else {
        panic!("a publish");
    };
    let answer = Publish {
        mandatory: true,
        ..answer
    };
    bench.ok(HERE, Command::BasicPublish(answer));
    assert_eq!(answers(&bench).len(), 1);
    assert!(
        bench
            .effects
            .iter()
            .any(|it| matches!(it, Effect::Return { .. }))
    );
}

#[test]
fn an_answer_is_handed_over_when_it_is_routed_even_in_a_transaction() {
    let mut bench = Bench::new();
    let other = bench.open(2, 1);
    bench.ok(HERE, await_replies("r"));
    let name = asked(&mut bench);
    bench.ok(other, Command::TxSelect);
    bench.ok(other, publish(&name, "a", None));
    assert_eq!(answers(&bench).len(), 1);
    bench.ok(other, Command::TxRollback);
    assert_eq!(answers(&bench).len(), 0);
}

#[test]
fn a_cc_key_and_a_dead_letter_lead_to_the_channel_as_well() {
    let mut bench = Bench::new();
    bench.ok(HERE, await_replies("r"));
    let name = asked(&mut bench);
    let keys = vec![FieldValue::text(&name)];
    let properties = Properties {
        headers: Some(FieldTable::new().with("CC", FieldValue::Array(keys))),
        ..Properties::default()
    };
    bench.ok(HERE, publish("nowhere", "a", Some(properties)));
    assert_eq!(answers(&bench), ["1.1 r <- 2 a"]);
    let arguments = FieldTable::new()
        .with("x-dead-letter-exchange", "")
        .with("x-dead-letter-routing-key", name.as_str())
        .with("x-max-length", 0);
    bench.declare("q", arguments);
    bench.publish("q", "b");
    assert_eq!(answers(&bench), ["1.1 r <- 2 b"]);
}

#[test]
fn a_name_can_be_declared_while_somebody_hears_it() {
    let mut bench = Bench::new();
    bench.ok(HERE, await_replies("r"));
    let name = asked(&mut bench);
    for passive in [true, false] {
        for queue in [name.as_str(), PSEUDO_QUEUE] {
            let queue = QueueName::truncated(queue);
            let declare = QueueDeclare {
                queue,
                passive,
                ..QueueDeclare::default()
            };
            let Reply::QueueDeclared {
                ready, consumers, ..
            } = bench.ok(HERE, Command::QueueDeclare(declare))
            else {
                panic!("declared");
            };
            assert_eq!((ready, consumers), (0, 1));
        }
    }
    bench.ok(
        HERE,
        Command::BasicCancel {
            consumer_tag: ConsumerTag::truncated("r"),
        },
    );
    let gone = format!("404 NOT_FOUND - no queue '{name}' in vhost '/'");
    assert_eq!(bench.refused(HERE, declare(&name, FieldTable::new())), gone);
    bench.open(1, 1);
    bench.ok(HERE, await_replies("r"));
    bench.ok(HERE, publish(&name, "late", None));
    assert_eq!(answers(&bench).len(), 0, "a name is never used again");
}

#[test]
fn what_cannot_be_is_refused_in_rabbitmqs_words() {
    let mut bench = Bench::new();
    assert_eq!(
        bench.refused(HERE, consume(PSEUDO_QUEUE, "r", FieldTable::new())),
        "406 PRECONDITION_FAILED - reply consumer cannot acknowledge"
    );
    bench.open(1, 1);
    bench.ok(HERE, await_replies("r"));
    assert_eq!(
        bench.refused(HERE, await_replies("s")),
        "406 PRECONDITION_FAILED - reply consumer already set"
    );
    bench.open(1, 1);
    let properties = Properties {
        reply_to: Some(ShortText::truncated(PSEUDO_QUEUE)),
        ..Properties::default()
    };
    assert_eq!(
        bench.refused(HERE, publish("q", "?", Some(properties))),
        "406 PRECONDITION_FAILED - fast reply consumer does not exist"
    );
}
