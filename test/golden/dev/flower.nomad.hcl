# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "flower" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
  }

  ui {
    description = "Looks into the Celery workers."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "5m"
    progress_deadline = "10m"
    auto_revert       = true
  }

  group "flower" {
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

      port "http_loopback" {
        static       = 5555
        to           = 5555
        host_network = "loopback"
      }
    }

    service {
      name         = "flower"
      provider     = "consul"
      port         = "5555"
      address_mode = "alloc"
      tags         = ["e2i", "service"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "flower"
        version = "2.0.0"
      }

      check {
        name                     = "http"
        type                     = "http"
        port                     = "5555"
        path                     = "/healthcheck"
        interval                 = "30s"
        timeout                  = "10s"
        failures_before_critical = 3
        address_mode             = "alloc"

        check_restart {
          limit = 1
          grace = "49s"
        }
      }
    }

    task "flower" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image = "mher/flower:2.0.0"
      }

      env = {
        FLOWER_PORT = "5555"
      }

      template {
        destination          = "secrets/runtime.env"
        env                  = true
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
CELERY_BROKER_URL="redis://:"{{ with nomadVar "nomad/jobs" }}{{ .redis_password.Value | toJSON }}{{ end }}"@"{{ with service "redis" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/redis" }}{{ end }}"/1"
CELERY_RESULT_BACKEND="redis://:"{{ with nomadVar "nomad/jobs" }}{{ .redis_password.Value | toJSON }}{{ end }}"@"{{ with service "redis" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/redis" }}{{ end }}"/2"
FLOWER_BASIC_AUTH={{ with nomadVar "nomad/jobs" }}{{ .flower_user.Value | toJSON }}{{ end }}":"{{ with nomadVar "nomad/jobs" }}{{ .flower_password.Value | toJSON }}{{ end }}
EOT
      }

      resources {
        cpu    = 1250
        memory = 256
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
