# Rendered by drover from the stack e2i. Edit its stack file, not this one.
Kind = "service-intentions"
Name = "falkordb"
Meta = {
  drover_stack = "e2i"
}
Sources = [
  {
    Name   = "api"
    Action = "allow"
  },
  {
    Name   = "falkordb-browser"
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
