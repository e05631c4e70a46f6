# Rendered by drover from the stack e2i. Edit its stack file, not this one.
Kind = "service-intentions"
Name = "opik-zookeeper"
Meta = {
  drover_stack = "e2i"
}
Sources = [
  {
    Name   = "opik-clickhouse"
    Action = "allow"
  },
  {
    Name   = "*"
    Action = "deny"
  },
]
