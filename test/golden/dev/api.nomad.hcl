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
    healthy_deadline  = "7m30s"
    progress_deadline = "15m"
    auto_revert       = true
  }

  group "api" {
    count          = 1
    shutdown_delay = "5s"

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
      mode = "bridge"

      port "http" {
        static = 8000
        to     = 8000
      }

      port "debugger_loopback" {
        static       = 5678
        to           = 5678
        host_network = "loopback"
      }
    }

    service {
      name         = "api"
      provider     = "consul"
      port         = "8000"
      address_mode = "alloc"
      tags         = ["e2i", "service", "application"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "api"
        tier    = "application"
        version = "development"
      }

      check {
        name                     = "http"
        type                     = "http"
        port                     = "8000"
        path                     = "/health"
        interval                 = "1m"
        timeout                  = "30s"
        failures_before_critical = 3
        address_mode             = "alloc"

        check_restart {
          limit = 1
          grace = "2m19s"
        }
      }
    }

    service {
      name         = "api-debugger"
      provider     = "consul"
      port         = "5678"
      address_mode = "alloc"
      tags         = ["e2i", "service", "application"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "api"
        tier    = "application"
        version = "development"
      }
    }

    task "api" {
      driver       = "docker"
      kill_timeout = "45s"

      config {
        image   = "e2i-causal-analytics/api:development"
        command = "uvicorn"
        args = [
          "src.api.main:app",
          "--reload",
          "--reload-dir",
          "/app/src",
          "--host",
          "0.0.0.0",
          "--port",
          "8000",
          "--log-level",
          "debug",
        ]
        readonly_rootfs = true
        security_opt    = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "application"
          "e2i.component" = "api"
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
        CORS_ORIGINS            = "http://localhost:3002"
        DEBUGPY_ENABLE          = "true"
        DEBUGPY_PORT            = "5678"
        ENABLE_HSTS             = "true"
        ENVIRONMENT             = "development"
        LOG_LEVEL               = "DEBUG"
        PYTHONDONTWRITEBYTECODE = "1"
        PYTHONUNBUFFERED        = "1"
        WORKERS                 = "4"
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
        cpu        = 1250
        memory     = 512
        memory_max = 2048
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
