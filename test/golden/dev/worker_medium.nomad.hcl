# Rendered by drover from the stack e2i. Edit its stack file, not this one.
# A queue worker. As a batch job, an allocation that exits 0 is complete and is not replaced, so that an idle
# worker can leave by itself and no busy one is ever stopped to lower the count. Submit it with
# -preserve-counts: a plain `nomad job run` sets the count back to the one below.
job "worker_medium" {
  type        = "batch"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "worker"
    tier         = "application"
  }

  ui {
    description = "Analytics, reports, aggregations."
  }

  group "worker_medium" {
    count          = 1
    shutdown_delay = "1s"

    # Bounds that Nomad enforces on every scale; enabled = false keeps other autoscalers away.
    scaling {
      enabled = false
      min     = 1
      max     = 3

      policy {
        drover = {
          queues      = ["analytics", "reports", "aggregations"]
          concurrency = 1
        }
      }
    }

    restart {
      attempts = 3
      interval = "1m"
      delay    = "15s"
      mode     = "delay"
    }

    reschedule {
      attempts       = 0
      interval       = "0s"
      delay          = "30s"
      delay_function = "constant"
      unlimited      = true
    }

    network {
      mode = "bridge"
    }

    service {
      name     = "worker-medium"
      provider = "consul"
      tags     = ["e2i", "worker", "application"]

      meta {
        stack   = "e2i"
        kind    = "worker"
        job     = "worker_medium"
        tier    = "application"
        version = "development"
      }

      check {
        name    = "script"
        type    = "script"
        task    = "worker_medium"
        command = "celery"
        args = [
          "-A",
          "src.workers.celery_app",
          "inspect",
          "ping",
          "--destination",
          "worker_medium@$${NOMAD_ALLOC_ID}",
        ]
        interval = "45s"
        timeout  = "15s"
      }
    }

    task "worker_medium" {
      driver       = "docker"
      kill_timeout = "2h30m"

      config {
        image   = "e2i-causal-analytics/api:development"
        command = "celery"
        args = [
          "-A",
          "src.workers.celery_app",
          "worker",
          "--loglevel=DEBUG",
          "--concurrency=1",
          "--queues=analytics,reports,aggregations",
          "--prefetch-multiplier=1",
          "--hostname=worker_medium@$${NOMAD_ALLOC_ID}",
          "--without-gossip",
          "--without-mingle",
          "--max-tasks-per-child=50",
          "--pool=solo",
          "--",
          "worker_disable_prefetch=(bool)1",
          "task_acks_late=(bool)1",
          "broker_transport_options=(json){\"visibility_timeout\":10800}",
        ]
        security_opt = ["no-new-privileges:true"]
        labels = {
          "e2i.service"     = "application"
          "e2i.component"   = "worker"
          "e2i.worker_tier" = "medium"
        }

        mount {
          type   = "bind"
          target = "/app/src"
          source = "/opt/e2i/src"
        }

        mount {
          type   = "bind"
          target = "/app/config"
          source = "/opt/e2i/config"
        }

        mount {
          type   = "bind"
          target = "/app/tests"
          source = "/opt/e2i/tests"
        }

        mount {
          type   = "volume"
          target = "/app/data/ml_artifacts"
          source = "e2i_ml_artifacts"
        }

        mount {
          type   = "volume"
          target = "/app/data/causal_outputs"
          source = "e2i_causal_outputs"
        }

        mount {
          type   = "volume"
          target = "/app/data/agent_outputs"
          source = "e2i_agent_outputs"
        }

        mount {
          type   = "volume"
          target = "/app/data/experiment_designs"
          source = "e2i_experiment_designs"
        }

        mount {
          type     = "volume"
          target   = "/app/data/feature_cache"
          source   = "e2i_feature_cache"
          readonly = true
        }

        mount {
          type   = "tmpfs"
          target = "/app/tmp"

          tmpfs_options {
            size = 2147483648
            mode = 1016
          }
        }
      }

      env = {
        ENVIRONMENT             = "development"
        LOG_LEVEL               = "DEBUG"
        PYTHONDONTWRITEBYTECODE = "1"
        PYTHONUNBUFFERED        = "1"
        WORKER_TYPE             = "medium"
      }

      template {
        destination          = "secrets/runtime.env"
        env                  = true
        change_mode          = "noop"
        error_on_missing_key = true
        data                 = <<EOT
ANTHROPIC_API_KEY={{ with nomadVar "nomad/jobs" }}{{ .anthropic_api_key.Value | toJSON }}{{ end }}
BENTOML_SERVICE_URL="http://"{{ with service "bentoml" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}bentoml.service.consul:3000{{ end }}
CELERY_BROKER_URL="redis://:"{{ with nomadVar "nomad/jobs" }}{{ .redis_password.Value | toJSON }}{{ end }}"@"{{ with service "redis" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/redis" }}{{ end }}"/1"
CELERY_RESULT_BACKEND="redis://:"{{ with nomadVar "nomad/jobs" }}{{ .redis_password.Value | toJSON }}{{ end }}"@"{{ with service "redis" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/redis" }}{{ end }}"/2"
FALKORDB_URL="redis://:"{{ with nomadVar "nomad/jobs" }}{{ .falkordb_password.Value | toJSON }}{{ end }}"@"{{ with service "falkordb" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/falkordb" }}{{ end }}"/0"
FEAST_URL="http://"{{ with service "feast" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}feast.service.consul:6566{{ end }}
MLFLOW_TRACKING_URI="http://"{{ with service "mlflow" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/mlflow" }}{{ end }}
OPIK_URL="http://"{{ with service "opik-backend" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}opik-backend.service.consul:8080{{ end }}
REDIS_URL="redis://:"{{ with nomadVar "nomad/jobs" }}{{ .redis_password.Value | toJSON }}{{ end }}"@"{{ with service "redis" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/redis" }}{{ end }}"/0"
SUPABASE_ANON_KEY={{ with nomadVar "nomad/jobs" }}{{ .supabase_key.Value | toJSON }}{{ end }}
SUPABASE_KEY={{ with nomadVar "nomad/jobs" }}{{ .supabase_key.Value | toJSON }}{{ end }}
SUPABASE_SERVICE_KEY={{ with nomadVar "nomad/jobs" }}{{ .supabase_service_key.Value | toJSON }}{{ end }}
SUPABASE_URL={{ with nomadVar "nomad/jobs" }}{{ .supabase_url.Value | toJSON }}{{ end }}
EOT
      }

      template {
        destination = "local/waited-for"
        change_mode = "noop"
        data        = <<EOT
api{{ with service "api" }}{{ else }}{{ key "drover/waits-for/api" }}{{ end }}
EOT
      }

      resources {
        cpu        = 5000
        memory     = 4096
        memory_max = 8192
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
