# Rendered by drover from the stack e2i. Edit its stack file, not this one.
Kind = "service-intentions"
Name = "api"
Meta = {
  drover_stack = "e2i"
}
Sources = [
  {
    Name   = "alertmanager"
    Action = "allow"
  },
  {
    Name   = "frontend"
    Action = "allow"
  },
  {
    Name   = "prometheus"
    Action = "allow"
  },
  {
    Name   = "worker-heavy"
    Action = "allow"
  },
  {
    Name   = "worker-light"
    Action = "allow"
  },
  {
    Name   = "worker-medium"
    Action = "allow"
  },
  {
    Name   = "*"
    Action = "deny"
  },
]
