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
      port "s3" {
        to = 9000
      }

      port "console" {
        to = 9090
      }

      port "console_loopback" {
        static       = 9090
        to           = 9090
        host_network = "loopback"
      }
    }

    task "opik-minio" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image           = "minio/minio:RELEASE.2025-03-12T18-04-18Z"
        command         = "server"
        args            = ["--console-address", ":9090", "/data"]
        ports           = ["console_loopback"]
        network_mode    = "e2i_opik"
        network_aliases = ["opik-minio"]
        hostname        = "opik-minio"
        security_opt    = ["no-new-privileges:true"]
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

      shutdown_delay = "5s"

      service {
        name         = "opik-minio"
        provider     = "consul"
        port         = "s3"
        address_mode = "driver"
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
          port                     = "s3"
          path                     = "/minio/health/live"
          interval                 = "10s"
          timeout                  = "5s"
          failures_before_critical = 30
          address_mode             = "driver"

          check_restart {
            limit = 1
            grace = "24s"
          }
        }
      }

      service {
        name         = "opik-minio-console"
        provider     = "consul"
        port         = "console"
        address_mode = "driver"
        tags         = ["e2i", "service", "opik"]

        meta {
          stack   = "e2i"
          kind    = "service"
          job     = "opik-minio"
          tier    = "opik"
          version = "RELEASE.2025-03-12T18-04-18Z"
        }
      }
    }
  }
}
