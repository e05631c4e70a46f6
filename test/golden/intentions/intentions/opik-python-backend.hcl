# Rendered by drover from the stack e2i. Edit its stack file, not this one.
Kind = "service-intentions"
Name = "opik-python-backend"
Meta = {
  drover_stack = "e2i"
}
Sources = [
  {
    Name   = "opik-backend"
    Action = "allow"
  },
  {
    Name   = "*"
    Action = "deny"
  },
]
