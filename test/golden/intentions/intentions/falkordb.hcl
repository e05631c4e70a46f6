# Rendered by drover from the stack e2i. Edit its stack file, not this one.
Kind = "service-intentions"
Name = "falkordb"
Sources = [
  {
    Name   = "api"
    Action = "allow"
  },
  {
    Name   = "bentoml"
    Action = "allow"
  },
  {
    Name   = "falkordb-browser"
    Action = "allow"
  },
  {
    Name   = "feast"
    Action = "allow"
  },
  {
    Name   = "mlflow"
    Action = "allow"
  },
  {
    Name   = "redis"
    Action = "allow"
  },
  {
    Name   = "scheduler"
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
