# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "falkordb-browser" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "infrastructure"
  }

  ui {
    description = "Looks into the graph by hand."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "5m"
    progress_deadline = "10m"
    auto_revert       = true
  }

  group "falkordb-browser" {
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
        to = 3000
      }

      port "http_loopback" {
        static       = 3030
        to           = 3000
        host_network = "loopback"
      }
    }

    task "falkordb-browser" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image           = "falkordb/falkordb-browser:v1.7.1"
        ports           = ["http_loopback"]
        network_mode    = "e2i_platform"
        network_aliases = ["falkordb-browser"]
        security_opt    = ["no-new-privileges:true"]
        labels = {
          "e2i.service" = "infrastructure"
          "e2i.memory"  = "semantic-browser"
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
        cpu        = 625
        memory     = 256
        memory_max = 512
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }

      shutdown_delay = "5s"

      service {
        name         = "falkordb-browser"
        provider     = "consul"
        port         = "http"
        address_mode = "driver"
        tags         = ["e2i", "service", "infrastructure"]

        meta {
          stack   = "e2i"
          kind    = "service"
          job     = "falkordb-browser"
          tier    = "infrastructure"
          version = "v1.7.1"
        }

        check {
          name                     = "http"
          type                     = "http"
          port                     = "http"
          path                     = "/"
          interval                 = "30s"
          timeout                  = "10s"
          failures_before_critical = 3
          address_mode             = "driver"

          check_restart {
            limit = 1
            grace = "34s"
          }
        }
      }
    }
  }
}
