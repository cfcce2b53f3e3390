-- For wrk: one line that bench/client.py reads. Microseconds; failures are errors of the line and answers from 400 on.
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("measured %.3f %.3f %d %d %d\n", latency:percentile(50), latency:percentile(95),
    summary.requests, summary.duration, errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
