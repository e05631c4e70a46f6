# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "opik-python-backend" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "opik"
  }

  ui {
    description = "Opik's evaluators."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "10m10s"
    progress_deadline = "20m20s"
    auto_revert       = true
  }

  group "opik-python-backend" {
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
        to = 8001
      }

      port "http_loopback" {
        static       = 8001
        to           = 8001
        host_network = "loopback"
      }
    }

    task "opik-python-backend" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image           = "ghcr.io/comet-ml/opik/opik-python-backend:1.10.8"
        ports           = ["http_loopback"]
        network_mode    = "e2i_opik"
        network_aliases = ["opik-python-backend"]
        hostname        = "opik-python-backend"
        security_opt    = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "opik"
          "e2i.component" = "python-backend"
        }

        mount {
          type   = "tmpfs"
          target = "/tmp"

          tmpfs_options {
            size = 104857600
            mode = 1016
          }
        }
      }

      env = {
        OPIK_OTEL_SDK_ENABLED                     = "false"
        OPIK_VERSION                              = "1.10.8"
        PYTHON_BACKEND_PORT                       = "8001"
        PYTHON_CODE_EXECUTOR_ALLOW_NETWORK        = "false"
        PYTHON_CODE_EXECUTOR_EXEC_TIMEOUT_IN_SECS = "3"
        PYTHON_CODE_EXECUTOR_STRATEGY             = "process"
        RQ_WORKER_ENABLED                         = "true"
      }

      template {
        destination          = "secrets/runtime.env"
        env                  = true
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
OPIK_REVERSE_PROXY_URL="http://"{{ with service "opik-frontend" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}opik-frontend.service.consul:80{{ end }}"/api"
OPIK_URL_OVERRIDE="http://"{{ with service "opik-backend" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}opik-backend.service.consul:8080{{ end }}
REDIS_URL="redis://:"{{ with nomadVar "nomad/jobs" }}{{ .opik_redis_password.Value | toJSON }}{{ end }}"@"{{ with service "opik-redis" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}opik-redis.service.consul:6379{{ end }}"/0"
EOT
      }

      resources {
        cpu    = 2500
        memory = 1024
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }

      shutdown_delay = "5s"

      service {
        name         = "opik-python-backend"
        provider     = "consul"
        port         = "http"
        address_mode = "driver"
        tags         = ["e2i", "service", "opik"]

        meta {
          stack   = "e2i"
          kind    = "service"
          job     = "opik-python-backend"
          tier    = "opik"
          version = "1.10.8"
        }

        check {
          name                     = "http"
          type                     = "http"
          port                     = "http"
          path                     = "/healthcheck"
          interval                 = "10s"
          timeout                  = "8s"
          failures_before_critical = 30
          address_mode             = "driver"

          check_restart {
            limit = 1
            grace = "29s"
          }
        }
      }
    }
  }
}
