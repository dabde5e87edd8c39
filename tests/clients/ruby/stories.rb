# Stories told with Bunny, Ruby's client.

story "the server says what it can do, and limits are agreed on" do |stage|
  connection = stage.connect(heartbeat: 11, channel_max: 12, frame_max: 8192)
  capabilities = connection.server_properties.fetch("capabilities")
  %w[publisher_confirms exchange_exchange_bindings basic.nack consumer_cancel_notify
     connection.blocked consumer_priorities authentication_failure_close per_consumer_qos
     direct_reply_to].each { |name| same(capabilities[name], true) }
  same([connection.heartbeat, connection.channel_max, connection.frame_max], [11, 12, 8192])
end

story "a wrong password is refused" do |stage|
  refused(Bunny::AuthenticationFailureError) { stage.connect(password: "wrong") }
end

story "an unknown virtual host is refused with 530" do |stage|
  error = refused(Bunny::NotAllowedError) { stage.connect(vhost: "no-such-vhost") }
  same(error.message, "Connection-level error: NOT_ALLOWED - vhost no-such-vhost not found")
end

story "each type of exchange routes" do |stage|
  channel = stage.channel
  got = %i[direct topic fanout].to_h do |type|
    exchange = stage.exchange(channel, type)
    queue = stage.queue(channel).bind(exchange, routing_key: "a.*")
    %w[a.* a.b b.a].each { |key| exchange.publish(key, routing_key: key) }
    [type, bodies(queue)]
  end
  same(got, direct: %w[a.*], topic: %w[a.* a.b], fanout: %w[a.* a.b b.a])
  exchange = stage.exchange(channel, :headers)
  queue = stage.queue(channel).bind(exchange, arguments: { "x-match" => "any", "a" => 1, "b" => 2 })
  [{ "a" => 1 }, { "a" => 2 }, { "b" => 2, "a" => 3 }].each_with_index do |headers, index|
    exchange.publish(index.to_s, headers: headers)
  end
  same(bodies(queue), %w[0 2])
end

story "exchanges are bound to exchanges" do |stage|
  channel = stage.channel
  source = stage.exchange(channel, :direct)
  target = stage.exchange(channel, :fanout).bind(source, routing_key: "key")
  queue = stage.queue(channel).bind(target)
  %w[key other].each { |key| source.publish(key, routing_key: key) }
  same(bodies(queue), %w[key])
  target.unbind(source, routing_key: "key")
  source.publish("late", routing_key: "key")
  same(bodies(queue), [])
end

story "properties and headers come back as they were sent" do |stage|
  channel = stage.channel
  queue = stage.queue(channel)
  headers = {
    "text" => "ça va 好", "yes" => true, "no" => false, "int" => 7, "long" => 2**40,
    "float" => 0.25, "time" => Time.at(1_700_000_000), "table" => { "in" => { "in" => [1] } },
    "array" => [1, "two", { "three" => 3 }], "void" => nil
  }
  sent = {
    content_type: "text/plain", content_encoding: "identity", headers: headers, priority: 4,
    correlation_id: "c", reply_to: "r", expiration: "60000", message_id: "m",
    timestamp: 1_700_000_000, type: "t", app_id: "a", user_id: "guest"
  }
  queue.publish("hello", persistent: true, **sent)
  _, properties, body = take(queue)
  same(body, "hello")
  # Bunny leaves open what the octets of a text mean.
  properties.headers["text"].force_encoding("UTF-8")
  same(properties.to_h, sent.merge(delivery_mode: 2, timestamp: Time.at(1_700_000_000)))
end

story "bodies of every size come back whole" do |stage|
  channel = stage.connect(frame_max: 4096).create_channel
  queue = stage.queue(channel)
  sizes = [0, 1, 4088, 4089, 8177, 300_000]
  sizes.each { |size| queue.publish("x" * size) }
  same(sizes.map { take(queue).last.bytesize }, sizes)
end

story "confirms come for all that was published, and a refusal is told" do |stage|
  channel = stage.channel
  channel.confirm_select
  queue = stage.queue(channel, arguments: { "x-max-length" => 5, "x-overflow" => "reject-publish" })
  5.times { |number| queue.publish(number.to_s) }
  same(channel.wait_for_confirms, true)
  queue.publish("too much")
  same(channel.wait_for_confirms, false)
  same(channel.nacked_set.to_a, [6])
  same(bodies(queue), %w[0 1 2 3 4])
end

story "a mandatory message without a queue comes back" do |stage|
  exchange = stage.channel.direct("amq.direct")
  returns = []
  exchange.on_return { |info, properties, body| returns << [info, properties, body] }
  exchange.publish("lost", routing_key: "nowhere", mandatory: true, message_id: "m")
  wait_for("the return") { returns.any? }
  info, properties, body = returns.first
  same([info.reply_code, info.reply_text, info.routing_key], [312, "NO_ROUTE", "nowhere"])
  same([properties.message_id, body], %w[m lost])
end

story "prefetch, acknowledging, giving back" do |stage|
  channel = stage.channel
  channel.prefetch(2)
  queue = stage.queue(channel)
  got = Queue.new
  queue.subscribe(manual_ack: true) { |delivery, _, body| got << [delivery, body] }
  4.times { |number| queue.publish(number.to_s) }
  wait_for("two") { got.size == 2 }
  # Another question is answered before anything more could come.
  stage.queue(stage.channel)
  same(got.size, 2)
  (first, zero), (_, one) = got.pop, got.pop
  same([zero, one], %w[0 1])
  channel.nack(first.delivery_tag, false, true)
  delivery, body = got.pop
  same([body, delivery.redelivered?], ["0", true])
  channel.ack(delivery.delivery_tag, true)
  same([got.pop.last, got.pop.last], %w[2 3])
end

story "a transaction, committed and rolled back" do |stage|
  channel = stage.channel
  queue = stage.queue(channel)
  channel.tx_select
  queue.publish("never")
  channel.tx_rollback
  queue.publish("kept")
  channel.tx_commit
  same(bodies(queue), %w[kept])
end

story "recover gives back everything" do |stage|
  channel = stage.channel
  queue = stage.queue(channel)
  queue.publish("again")
  queue.pop(manual_ack: true)
  channel.basic_recover(true)
  delivery, _, body = take(queue)
  same([body, delivery.redelivered?], ["again", true])
end

story "dead letters keep their history" do |stage|
  channel = stage.channel
  dead = stage.exchange(channel, :fanout)
  grave = stage.queue(channel).bind(dead)
  arguments = { "x-dead-letter-exchange" => dead.name, "x-message-ttl" => 30 }
  queue = stage.queue(channel, arguments: arguments)
  queue.publish("late")
  _, properties, body = take(grave)
  death = properties.headers["x-death"].first
  same([body, death["reason"], death["queue"], death["count"]], ["late", "expired", queue.name, 1])
  same(properties.headers["x-first-death-reason"], "expired")
end

story "the urgent come first" do |stage|
  queue = stage.queue(stage.channel, arguments: { "x-max-priority" => 3 })
  [["a", 1], ["b", 3], ["c", 0], ["d", 3]].each { |word, p| queue.publish(word, priority: p) }
  same(bodies(queue), %w[b d a c])
end

story "a consumer is told when its queue is deleted" do |stage|
  channel = stage.channel
  queue = stage.queue(channel)
  told = []
  consumer = Bunny::Consumer.new(channel, queue, "mine", true)
  consumer.on_cancellation { |cancel| told << cancel.consumer_tag }
  queue.subscribe_with(consumer)
  stage.channel.queue_delete(queue.name)
  wait_for("basic.cancel") { told == ["mine"] }
end

story "a question is answered by way of the direct reply-to" do |stage|
  server = stage.connect.create_channel
  questions = stage.queue(server)
  questions.subscribe do |_, properties, body|
    server.default_exchange.publish("re: #{body}", routing_key: properties.reply_to)
  end
  client = stage.connect.create_channel
  answers = Queue.new
  client.basic_consume("amq.rabbitmq.reply-to", "", true) { |_, _, body| answers << body }
  client.default_exchange.publish(
    "what?", routing_key: questions.name, reply_to: "amq.rabbitmq.reply-to"
  )
  same(answers.pop, "re: what?")
end

story "channel errors have their class, code and text" do |stage|
  missing = stage.name("missing")
  queue = stage.queue(stage.channel)
  [
    [Bunny::NotFound, 404, "NOT_FOUND - no queue '#{missing}' in vhost '#{VHOST}'",
     ->(channel) { channel.queue(missing, passive: true) }],
    [Bunny::NotFound, 404, "NOT_FOUND - no exchange '#{missing}' in vhost '#{VHOST}'",
     ->(channel) { channel.queue_bind(queue.name, missing) }],
    [Bunny::AccessRefused, 403,
     "ACCESS_REFUSED - queue name 'amq.mine' contains reserved prefix 'amq.*'",
     ->(channel) { channel.queue("amq.mine") }],
    [Bunny::PreconditionFailed, 406,
     "PRECONDITION_FAILED - inequivalent arg 'durable' for exchange 'amq.direct' in vhost " \
     "'#{VHOST}': received 'false' but current is 'true'",
     ->(channel) { channel.exchange_declare("amq.direct", "direct", durable: false) }]
  ].each do |error, code, text, act|
    refusal = refused(error) { act.call(stage.channel) }
    same([refusal.channel_close.reply_code, refusal.message], [code, text])
  end
  stage.queue(stage.channel)
end

# What Bunny would raise in the main thread.
class Complaints
  attr_reader :all

  def initialize
    @all = []
  end

  def raise(error)
    @all << error.message
  end
end

story "a connection error closes the connection with its text" do |stage|
  complaints = Complaints.new
  connection = stage.connect(session_error_handler: complaints)
  channel = connection.create_channel
  asking = Thread.new { channel.exchange_declare("odd", "x-unheard-of") }
  wait_for("the close") { complaints.all.any? }
  asking.kill
  text = "Connection-level error: COMMAND_INVALID - unknown exchange type 'x-unheard-of'"
  same(complaints.all, [text])
end

story "fifty channels work side by side" do |stage|
  connection = stage.connect
  queues = Array.new(50) { stage.queue(connection.create_channel) }
  queues.each_with_index { |queue, index| queue.publish(index.to_s) }
  same(queues.map { |queue| take(queue).last }, Array.new(50, &:to_s))
end

story "heartbeats keep a quiet connection open" do |stage|
  connection = stage.connect(heartbeat: 1)
  sleep 3.5
  same(stage.queue(connection.create_channel).message_count, 0)
end
