# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "scheduler" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "application"
  }

  ui {
    description = "Celery beat, the clock of the scheduled tasks. One only, or every task is sent twice."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "6m"
    progress_deadline = "12m"
    auto_revert       = true
  }

  group "scheduler" {
    count          = 1
    shutdown_delay = "1s"

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
    }

    service {
      name     = "scheduler"
      provider = "consul"
      tags     = ["e2i", "service", "application"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "scheduler"
        tier    = "application"
        version = "production"
      }

      check {
        name    = "script"
        type    = "script"
        task    = "scheduler"
        command = "/bin/sh"
        args = [
          "-c",
          "celery -A src.workers.celery_app inspect ping --timeout 10 2>/dev/null | grep -q pong || exit 1",
        ]
        interval = "1m"
        timeout  = "30s"

        check_restart {
          limit = 3
          grace = "49s"
        }
      }
    }

    task "scheduler" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image   = "e2i-causal-analytics/api:production"
        command = "celery"
        args = [
          "-A",
          "src.workers.celery_app",
          "beat",
          "--loglevel=INFO",
          "--scheduler=celery.beat:PersistentScheduler",
          "--schedule=/tmp/celerybeat-schedule",
        ]
        readonly_rootfs = true
        security_opt    = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "application"
          "e2i.component" = "scheduler"
        }

        mount {
          type     = "volume"
          target   = "/app/data/causal_outputs"
          source   = "e2i_causal_outputs"
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
      }

      template {
        destination          = "secrets/runtime.env"
        env                  = true
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
CELERY_BROKER_URL="redis://:"{{ with nomadVar "nomad/jobs" }}{{ .redis_password.Value | toJSON }}{{ end }}"@"{{ with service "redis" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/redis" }}{{ end }}"/1"
CELERY_RESULT_BACKEND="redis://:"{{ with nomadVar "nomad/jobs" }}{{ .redis_password.Value | toJSON }}{{ end }}"@"{{ with service "redis" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/redis" }}{{ end }}"/2"
SUPABASE_KEY={{ with nomadVar "nomad/jobs" }}{{ .supabase_key.Value | toJSON }}{{ end }}
SUPABASE_URL={{ with nomadVar "nomad/jobs" }}{{ .supabase_url.Value | toJSON }}{{ end }}
EOT
      }

      template {
        destination = "local/waited-for"
        change_mode = "noop"
        data        = <<EOT
worker-light{{ with service "worker-light" }}{{ else }}{{ key "drover/waits-for/worker-light" }}{{ end }}
EOT
      }

      resources {
        cpu        = 625
        memory     = 512
        memory_max = 1024
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
