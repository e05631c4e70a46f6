# Rendered by drover from the stack e2i. Edit its stack file, not this one.
Kind = "service-intentions"
Name = "loki"
Meta = {
  drover_stack = "e2i"
}
Sources = [
  {
    Name   = "grafana"
    Action = "allow"
  },
  {
    Name   = "promtail"
    Action = "allow"
  },
  {
    Name   = "*"
    Action = "deny"
  },
]
