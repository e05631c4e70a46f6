# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "feast" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "mlops"
  }

  ui {
    description = "Feature store, online and offline."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "5m"
    progress_deadline = "10m"
    auto_revert       = true
  }

  group "feast" {
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
        static       = 6567
        to           = 6566
        host_network = "loopback"
      }
    }

    service {
      name     = "feast"
      provider = "consul"
      port     = "6566"
      tags     = ["e2i", "service", "mlops"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "feast"
        tier    = "mlops"
        version = "local"
      }

      check {
        name                     = "http"
        type                     = "http"
        port                     = "6566"
        path                     = "/health"
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
        sidecar_service {
          proxy {
            upstreams {
              destination_name = "redis"
              local_bind_port  = 19000
            }
          }
        }
      }
    }

    task "feast" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image        = "e2i-causal-analytics/feast:local"
        security_opt = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "mlops"
          "e2i.component" = "feature-store"
        }

        mount {
          type   = "bind"
          target = "/feast"
          source = "/opt/e2i/feature_repo"
        }

        mount {
          type   = "volume"
          target = "/feast/data"
          source = "e2i_feature_cache"
        }
      }

      env = {
        FEAST_OFFLINE_STORE_TYPE = "file"
        FEAST_ONLINE_STORE_TYPE  = "redis"
      }

      template {
        destination          = "secrets/runtime.env"
        env                  = true
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
FEAST_REDIS_HOST={{ with service "redis" }}{{ with index . 0 }}127.0.0.1{{ end }}{{ else }}{{ key "drover/waits-for/redis" }}{{ end }}
FEAST_REDIS_PORT={{ with service "redis" }}{{ with index . 0 }}19000{{ end }}{{ else }}{{ key "drover/waits-for/redis" }}{{ end }}
EOT
      }

      resources {
        cpu        = 1250
        memory     = 1024
        memory_max = 2048
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
