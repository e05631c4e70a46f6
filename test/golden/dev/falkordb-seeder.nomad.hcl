# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "falkordb-seeder" {
  type        = "batch"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "batch"
  }

  ui {
    description = "Fills an empty graph."
  }

  group "falkordb-seeder" {
    count = 1

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

    task "falkordb-seeder" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image      = "e2i-causal-analytics/api:development"
        entrypoint = ["python", "/app/scripts/seed_falkordb_init.py"]

        mount {
          type     = "bind"
          target   = "/app/scripts"
          source   = "/opt/e2i/scripts"
          readonly = true
        }

        mount {
          type     = "bind"
          target   = "/app/src"
          source   = "/opt/e2i/src"
          readonly = true
        }

        mount {
          type     = "bind"
          target   = "/app/config"
          source   = "/opt/e2i/config"
          readonly = true
        }
      }

      template {
        destination          = "secrets/runtime.env"
        env                  = true
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
FALKORDB_HOST={{ with service "falkordb" }}{{ with index . 0 }}{{ .Address }}{{ end }}{{ else }}{{ key "drover/waits-for/falkordb" }}{{ end }}
FALKORDB_PASSWORD={{ with nomadVar "nomad/jobs" }}{{ .falkordb_password.Value | toJSON }}{{ end }}
FALKORDB_PORT={{ with service "falkordb" }}{{ with index . 0 }}{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/falkordb" }}{{ end }}
EOT
      }

      resources {
        cpu    = 1250
        memory = 512
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
