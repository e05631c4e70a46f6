# Rendered by drover from the stack e2i. Edit its stack file, not this one.
Kind = "service-intentions"
Name = "opik-frontend"
Sources = [
  {
    Name   = "api"
    Action = "allow"
  },
  {
    Name   = "opik-backend"
    Action = "allow"
  },
  {
    Name   = "opik-clickhouse"
    Action = "allow"
  },
  {
    Name   = "opik-mc"
    Action = "allow"
  },
  {
    Name   = "opik-minio"
    Action = "allow"
  },
  {
    Name   = "opik-mysql"
    Action = "allow"
  },
  {
    Name   = "opik-python-backend"
    Action = "allow"
  },
  {
    Name   = "opik-redis"
    Action = "allow"
  },
  {
    Name   = "opik-zookeeper"
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
