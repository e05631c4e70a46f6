# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "postgres-exporter" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "observability"
  }

  ui {
    description = "Metrics of the Supabase database."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "5m"
    progress_deadline = "10m"
    auto_revert       = true
  }

  group "postgres-exporter" {
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
    }

    service {
      name     = "postgres-exporter"
      provider = "consul"
      port     = "9187"
      tags     = ["e2i", "service", "observability"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "postgres-exporter"
        tier    = "observability"
        version = "v0.16.0"
      }

      check {
        name                     = "http"
        type                     = "http"
        port                     = "9187"
        path                     = "/metrics"
        interval                 = "30s"
        timeout                  = "10s"
        failures_before_critical = 3
        address_mode             = "alloc"

        check_restart {
          limit = 1
          grace = "49s"
        }
      }

      connect {
        sidecar_service {}
      }
    }

    task "postgres-exporter" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image        = "prometheuscommunity/postgres-exporter:v0.16.0"
        security_opt = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "observability"
          "e2i.component" = "postgres-exporter"
        }
      }

      template {
        destination          = "secrets/runtime.env"
        env                  = true
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
DATA_SOURCE_NAME={{ with nomadVar "nomad/jobs" }}{{ .supabase_db_url.Value | toJSON }}{{ end }}
EOT
      }

      resources {
        cpu        = 250
        memory     = 64
        memory_max = 256
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
