# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "opik-minio" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "opik"
  }

  ui {
    description = "Opik's files."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "8m35s"
    progress_deadline = "17m10s"
    auto_revert       = true
  }

  group "opik-minio" {
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

      port "console_loopback" {
        static       = 9090
        to           = 9090
        host_network = "loopback"
      }

      hostname = "opik-minio"
    }

    service {
      name         = "opik-minio"
      provider     = "consul"
      port         = "9000"
      address_mode = "alloc"
      tags         = ["e2i", "service", "opik"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "opik-minio"
        tier    = "opik"
        version = "RELEASE.2025-03-12T18-04-18Z"
      }

      check {
        name                     = "http"
        type                     = "http"
        port                     = "9000"
        path                     = "/minio/health/live"
        interval                 = "10s"
        timeout                  = "5s"
        failures_before_critical = 30
        address_mode             = "alloc"

        check_restart {
          limit = 1
          grace = "24s"
        }
      }
    }

    service {
      name         = "opik-minio-console"
      provider     = "consul"
      port         = "9090"
      address_mode = "alloc"
      tags         = ["e2i", "service", "opik"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "opik-minio"
        tier    = "opik"
        version = "RELEASE.2025-03-12T18-04-18Z"
      }
    }

    task "opik-minio" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image        = "minio/minio:RELEASE.2025-03-12T18-04-18Z"
        command      = "server"
        args         = ["--console-address", ":9090", "/data"]
        security_opt = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "opik"
          "e2i.component" = "minio"
        }

        mount {
          type   = "volume"
          target = "/data"
          source = "e2i_opik_minio_data"
        }
      }

      template {
        destination          = "secrets/runtime.env"
        env                  = true
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
MINIO_ROOT_PASSWORD={{ with nomadVar "nomad/jobs" }}{{ .opik_minio_root_password.Value | toJSON }}{{ end }}
MINIO_ROOT_USER={{ with nomadVar "nomad/jobs" }}{{ .opik_minio_root_user.Value | toJSON }}{{ end }}
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
    }
  }
}
