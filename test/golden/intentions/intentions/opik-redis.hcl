# Rendered by drover from the stack e2i. Edit its stack file, not this one.
Kind = "service-intentions"
Name = "opik-redis"
Meta = {
  drover_stack = "e2i"
}
Sources = [
  {
    Name   = "opik-backend"
    Action = "allow"
  },
  {
    Name   = "opik-python-backend"
    Action = "allow"
  },
  {
    Name   = "*"
    Action = "deny"
  },
]
