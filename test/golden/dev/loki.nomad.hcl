# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "loki" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "observability"
  }

  ui {
    description = "Logs."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "5m"
    progress_deadline = "10m"
    auto_revert       = true
  }

  group "loki" {
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
        static       = 3101
        to           = 3100
        host_network = "loopback"
      }
    }

    service {
      name         = "loki"
      provider     = "consul"
      port         = "3100"
      address_mode = "alloc"
      tags         = ["e2i", "service", "observability"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "loki"
        tier    = "observability"
        version = "3.4.2"
      }

      check {
        name                     = "http"
        type                     = "http"
        port                     = "3100"
        path                     = "/ready"
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

    task "loki" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image        = "grafana/loki:3.4.2"
        args         = ["-config.file=/etc/loki/local-config.yaml"]
        security_opt = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "observability"
          "e2i.component" = "loki"
        }

        mount {
          type   = "volume"
          target = "/loki"
          source = "e2i_loki_data"
        }

        mount {
          type     = "bind"
          target   = "/etc/loki/local-config.yaml"
          source   = "local/etc/loki/local-config.yaml"
          readonly = true
        }
      }

      template {
        destination = "local/etc/loki/local-config.yaml"
        change_mode = "restart"
        data        = <<EOT
auth_enabled: false

server:
  http_listen_port: 3100

common:
  path_prefix: /loki
  replication_factor: 1
  storage:
    filesystem:
      chunks_directory: /loki/chunks
      rules_directory: /loki/rules
  ring:
    kvstore:
      store: inmemory

schema_config:
  configs:
    - from: "2024-01-01"
      store: tsdb
      object_store: filesystem
      schema: v13
      index:
        prefix: index_
        period: 24h

limits_config:
  retention_period: 720h

compactor:
  working_directory: /loki/compactor
  retention_enabled: true
  delete_request_store: filesystem
EOT
      }

      resources {
        cpu        = 625
        memory     = 256
        memory_max = 1024
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
