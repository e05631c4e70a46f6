# Rendered by drover from the stack e2i. Edit its stack file, not this one.
Kind = "service-intentions"
Name = "promtail"
Meta = {
  drover_stack = "e2i"
}
Sources = [
  {
    Name   = "*"
    Action = "deny"
  },
]
