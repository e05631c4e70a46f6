# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "opik-mc" {
  type        = "batch"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "batch"
  }

  ui {
    description = "Makes Opik's bucket."
  }

  group "opik-mc" {
    count          = 1
    shutdown_delay = "1s"

    restart {
      attempts = 0
      mode     = "fail"
    }

    reschedule {
      attempts  = 0
      unlimited = false
    }

    network {
      mode = "bridge"
    }

    service {
      name     = "opik-mc"
      provider = "consul"
      tags     = ["e2i", "batch"]

      meta {
        stack   = "e2i"
        kind    = "batch"
        job     = "opik-mc"
        version = "RELEASE.2025-03-12T17-29-24Z"
      }

      connect {
        sidecar_service {
          proxy {
            upstreams {
              destination_name = "opik-minio"
              local_bind_port  = 19000
            }
          }
        }
      }
    }

    task "opik-mc" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image      = "minio/mc:RELEASE.2025-03-12T17-29-24Z"
        entrypoint = ["/bin/sh", "-c"]
        args = [
          "mc alias set s3 \"$MINIO_URL\" \"$MINIO_USER\" \"$MINIO_PASSWORD\" --api S3v4\nmc mb --ignore-existing s3/public\nmc anonymous set download s3/public/\n",
        ]
        labels = {
          "e2i.service"   = "opik"
          "e2i.component" = "minio-init"
        }
      }

      template {
        destination          = "secrets/runtime.env"
        env                  = true
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
MINIO_PASSWORD={{ with nomadVar "nomad/jobs" }}{{ .opik_minio_root_password.Value | toJSON }}{{ end }}
MINIO_URL="http://"{{ with service "opik-minio" }}{{ with index . 0 }}127.0.0.1:19000{{ end }}{{ else }}{{ key "drover/waits-for/opik-minio" }}{{ end }}
MINIO_USER={{ with nomadVar "nomad/jobs" }}{{ .opik_minio_root_user.Value | toJSON }}{{ end }}
EOT
      }

      resources {
        cpu    = 250
        memory = 128
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
