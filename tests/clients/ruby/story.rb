# How a story is told: a block with a title, run on a stage of its own against AMQP_URL.
#
# A story that fails says so in one line and the others go on. What is deliberately not here: any
# knowledge of which broker is at the other end.

require "bunny"
require "logger"
require "timeout"
require "uri"

URL = ENV.fetch("AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/%2f")
VHOST = URI.decode_www_form_component(URI(URL).path[1..] || "").then { |v| v.empty? ? "/" : v }

# No story may hold up the rest for longer (seconds).
LIMIT = 60
# How long to wait for something that a healthy broker does at once.
PATIENCE = 20

STORIES = []

# Puts a block among the stories to be told.
def story(title, &block)
  STORIES << ["bunny: #{title}", block]
end

# What does not hold.
class Unlike < StandardError; end

# Fails with both values when they differ.
def same(got, wanted)
  raise Unlike, "got #{got.inspect}, wanted #{wanted.inspect}" unless got == wanted
end

# Waits until the block is true.
def wait_for(what)
  limit = Process.clock_gettime(Process::CLOCK_MONOTONIC) + PATIENCE
  until yield
    raise Unlike, "waited #{PATIENCE} s for #{what}" if
      Process.clock_gettime(Process::CLOCK_MONOTONIC) > limit
    sleep 0.01
  end
end

# The error of this class that the block raises.
def refused(error)
  yield
rescue error => refusal
  refusal
else
  raise Unlike, "no #{error}"
end

# The connections and exchanges of one story; its queues are exclusive and go with them.
class Stage
  def initialize
    @connections = []
    @exchanges = []
    @number = 0
  end

  def connect(**options)
    plain = {
      logger: Logger.new(File::NULL), automatically_recover: false,
      recover_from_connection_close: false
    }
    connection = Bunny.new(URL, **plain, **options)
    @connections << connection
    connection.start
    connection
  end

  # A channel on the story's first connection.
  def channel
    connect if @connections.empty?
    @connections.first.create_channel
  end

  def name(word)
    @number += 1
    "stories.bunny.#{Process.pid}.#{object_id}.#{@number}.#{word}"
  end

  def queue(channel, **options)
    channel.queue("", exclusive: true, **options)
  end

  def exchange(channel, type, **options)
    exchange = channel.send(type, name(type), **options)
    @exchanges << exchange.name
    exchange
  end

  def clear
    unless @exchanges.empty?
      channel = connect.create_channel
      @exchanges.each { |exchange| channel.exchange_delete(exchange) }
    end
    @connections.each { |connection| connection.close if connection.open? }
  end
end

# The next message as [delivery, properties, body], which may be on its way still.
def take(queue)
  got = nil
  wait_for("a message in #{queue.name}") { (got = queue.pop).first }
  got
end

# The bodies of all that is ready.
def bodies(queue)
  found = []
  while (body = queue.pop.last)
    found << body
  end
  found
end

# Tells the stories that have one of the words; gives how many went well and how many not.
def tell(words)
  wanted = STORIES.select { |label, _| words.empty? || words.any? { |word| label.include?(word) } }
  failed = wanted.count do |label, block|
    stage = Stage.new
    begin
      Timeout.timeout(LIMIT) { block.call(stage) }
      puts "ok     #{label}"
      false
    rescue StandardError => error
      place = (error.backtrace || []).find { |line| line.include?("stories.rb") }.to_s
      line = place[/stories\.rb:\d+/]
      puts "FAILED #{label}\n       #{line}: #{error.class}: #{error.message}"
      true
    ensure
      Timeout.timeout(LIMIT) { stage.clear }
    end
  end
  [wanted.size - failed, failed]
end
