# Rendered by drover from the stack e2i. Edit its stack file, not this one.
Kind = "service-intentions"
Name = "postgres-exporter"
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
    Name   = "bentoml"
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
    Name   = "node-exporter"
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
    Name   = "*"
    Action = "deny"
  },
]
