# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "api" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "application"
  }

  ui {
    description = "The platform's API and its agents."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "5m"
    progress_deadline = "10m"
    auto_revert       = true
  }

  group "api" {
    count = 1

    restart {
      attempts = 3
      interval = "1m"
      delay    = "15s"
      mode     = "delay"
    }

    reschedule {
      delay          = "30s"
      delay_function = "exponential"
      max_delay      = "10m"
      unlimited      = true
    }

    network {
      port "http" {
        static = 8000
        to     = 8000
      }
    }

    task "api" {
      driver       = "docker"
      kill_timeout = "45s"

      config {
        image   = "e2i-causal-analytics/api:production"
        command = "gunicorn"
        args = [
          "src.api.main:app",
          "--workers",
          "4",
          "--worker-class",
          "uvicorn.workers.UvicornWorker",
          "--bind",
          "0.0.0.0:8000",
          "--timeout",
          "120",
          "--graceful-timeout",
          "30",
          "--keep-alive",
          "5",
          "--max-requests",
          "1000",
          "--max-requests-jitter",
          "50",
          "--access-logfile",
          "-",
          "--error-logfile",
          "-",
        ]
        ports           = ["http"]
        network_mode    = "e2i_platform"
        network_aliases = ["api"]
        readonly_rootfs = true
        security_opt    = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "application"
          "e2i.component" = "api"
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
          target = "/tmp"

          tmpfs_options {
            size = 52428800
            mode = 1016
          }
        }

        mount {
          type   = "tmpfs"
          target = "/app/tmp"

          tmpfs_options {
            size = 104857600
            mode = 1016
          }
        }
      }

      env = {
        CORS_ORIGINS = "http://localhost:3002"
        ENABLE_HSTS  = "true"
        ENVIRONMENT  = "production"
        LOG_LEVEL    = "INFO"
        WORKERS      = "4"
      }

      template {
        destination          = "secrets/runtime.env"
        env                  = true
        change_mode          = "restart"
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

      resources {
        cpu        = 2500
        memory     = 2048
        memory_max = 5120
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }

      shutdown_delay = "5s"

      service {
        name         = "api"
        provider     = "consul"
        port         = "http"
        address_mode = "host"
        tags         = ["e2i", "service", "application"]

        meta {
          stack   = "e2i"
          kind    = "service"
          job     = "api"
          tier    = "application"
          version = "production"
        }

        check {
          name                     = "http"
          type                     = "http"
          port                     = "http"
          path                     = "/health"
          interval                 = "30s"
          timeout                  = "10s"
          failures_before_critical = 3
          address_mode             = "host"

          check_restart {
            limit = 1
            grace = "1m19s"
          }
        }
      }
    }
  }
}
