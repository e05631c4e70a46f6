# Rendered by drover from the stack e2i. Edit its stack file, not this one.
Kind = "service-intentions"
Name = "api"
Sources = [
  {
    Name   = "alertmanager"
    Action = "allow"
  },
  {
    Name   = "bentoml"
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
    Name   = "frontend"
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
    Name   = "opik-clickhouse"
    Action = "allow"
  },
  {
    Name   = "opik-frontend"
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
