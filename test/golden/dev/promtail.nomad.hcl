# Rendered by drover from the stack e2i. Edit its stack file, not this one.
# One allocation on every node that fits.
job "promtail" {
  type        = "system"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "system"
    tier         = "observability"
  }

  ui {
    description = "Ships the logs of every container to Loki."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "5m"
    progress_deadline = "10m"
    auto_revert       = true
  }

  group "promtail" {
    shutdown_delay = "5s"

    restart {
      attempts = 3
      interval = "1m"
      delay    = "15s"
      mode     = "delay"
    }

    network {
      mode = "bridge"
    }

    service {
      name         = "promtail"
      provider     = "consul"
      port         = "9080"
      address_mode = "alloc"
      tags         = ["e2i", "system", "observability"]

      meta {
        stack   = "e2i"
        kind    = "system"
        job     = "promtail"
        tier    = "observability"
        version = "3.4.2"
      }

      check {
        name                     = "http"
        type                     = "http"
        port                     = "9080"
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

    task "promtail" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image        = "grafana/promtail:3.4.2"
        args         = ["-config.file=/etc/promtail/config.yml"]
        security_opt = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "observability"
          "e2i.component" = "promtail"
        }

        mount {
          type     = "bind"
          target   = "/var/lib/docker/containers"
          source   = "/var/lib/docker/containers"
          readonly = true
        }

        mount {
          type     = "bind"
          target   = "/var/run/docker.sock"
          source   = "/var/run/docker.sock"
          readonly = true
        }

        mount {
          type     = "bind"
          target   = "/etc/promtail/config.yml"
          source   = "local/etc/promtail/config.yml"
          readonly = true
        }
      }

      template {
        destination          = "local/etc/promtail/config.yml"
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
server:
  http_listen_port: 9080
  grpc_listen_port: 0

positions:
  filename: /tmp/positions.yaml

clients:
  - url: "http://{{ with service "loki" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/loki" }}{{ end }}/loki/api/v1/push"

scrape_configs:
  - job_name: containers
    static_configs:
      - targets: [localhost]
        labels:
          job: docker
          __path__: /var/lib/docker/containers/*/*-json.log
    pipeline_stages:
      - docker: {}
EOT
      }

      template {
        destination = "local/waited-for"
        change_mode = "noop"
        data        = <<EOT
loki{{ with service "loki" }}{{ else }}{{ key "drover/waits-for/loki" }}{{ end }}
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
