# Tells the stories of Bunny, Ruby's client: `ruby run.rb [WORD ...]` with AMQP_URL set.

$stdout.sync = true
require_relative "story"
require_relative "stories"

ok, failed = tell(ARGV)
puts "ruby: #{ok} stories ok, #{failed} failed"
exit(failed.zero? && (ok.positive? || ARGV.any?) ? 0 : 1)
