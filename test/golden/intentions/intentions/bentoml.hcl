# Rendered by drover from the stack e2i. Edit its stack file, not this one.
Kind = "service-intentions"
Name = "bentoml"
Sources = [
  {
    Name   = "alertmanager"
    Action = "allow"
  },
  {
    Name   = "api"
    Action = "allow"
  },
  {
    Name   = "falkordb"
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
    Name   = "grafana"
    Action = "allow"
  },
  {
    Name   = "loki"
    Action = "allow"
  },
  {
    Name   = "mlflow"
    Action = "allow"
  },
  {
    Name   = "node-exporter"
    Action = "allow"
  },
  {
    Name   = "opik-backend"
    Action = "allow"
  },
  {
    Name   = "postgres-exporter"
    Action = "allow"
  },
  {
    Name   = "prometheus"
    Action = "allow"
  },
  {
    Name   = "promtail"
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
