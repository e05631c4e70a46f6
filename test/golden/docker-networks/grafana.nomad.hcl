# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "grafana" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "observability"
  }

  ui {
    description = "Dashboards."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "5m"
    progress_deadline = "10m"
    auto_revert       = true
  }

  group "grafana" {
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
        static       = 3200
        to           = 3000
        host_network = "loopback"
      }
    }

    task "grafana" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image           = "grafana/grafana:11.5.2"
        ports           = ["http_loopback"]
        network_mode    = "e2i_monitoring"
        network_aliases = ["grafana"]
        readonly_rootfs = true
        security_opt    = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "observability"
          "e2i.component" = "grafana"
        }

        mount {
          type   = "volume"
          target = "/var/lib/grafana"
          source = "e2i_grafana_data"
        }

        mount {
          type     = "bind"
          target   = "/etc/grafana/provisioning/datasources/e2i.yml"
          source   = "local/etc/grafana/provisioning/datasources/e2i.yml"
          readonly = true
        }

        mount {
          type     = "bind"
          target   = "/etc/grafana/provisioning/dashboards/e2i.yml"
          source   = "local/etc/grafana/provisioning/dashboards/e2i.yml"
          readonly = true
        }

        mount {
          type     = "bind"
          target   = "/etc/grafana/provisioning/dashboards/workers.json"
          source   = "local/etc/grafana/provisioning/dashboards/workers.json"
          readonly = true
        }

        mount {
          type   = "tmpfs"
          target = "/tmp"

          tmpfs_options {
            size = 10485760
            mode = 1016
          }
        }
      }

      env = {
        GF_SERVER_ROOT_URL     = "http://localhost:3200"
        GF_USERS_ALLOW_SIGN_UP = "false"
      }

      template {
        destination          = "secrets/runtime.env"
        env                  = true
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
GF_SECURITY_ADMIN_PASSWORD={{ with nomadVar "nomad/jobs" }}{{ .grafana_admin_password.Value | toJSON }}{{ end }}
EOT
      }

      template {
        destination          = "local/etc/grafana/provisioning/datasources/e2i.yml"
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
apiVersion: 1
datasources:
  - name: Prometheus
    uid: prometheus
    type: prometheus
    access: proxy
    url: "http://{{ with service "prometheus" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/prometheus" }}{{ end }}"
    isDefault: true
  - name: Loki
    uid: loki
    type: loki
    access: proxy
    url: "http://{{ with service "loki" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/loki" }}{{ end }}"
EOT
      }

      template {
        destination = "local/etc/grafana/provisioning/dashboards/e2i.yml"
        change_mode = "restart"
        data        = <<EOT
apiVersion: 1
providers:
  - name: e2i
    folder: E2I
    type: file
    updateIntervalSeconds: 30
    options:
      path: /etc/grafana/provisioning/dashboards
EOT
      }

      template {
        destination     = "local/etc/grafana/provisioning/dashboards/workers.json"
        change_mode     = "restart"
        left_delimiter  = "[["
        right_delimiter = "]]"
        data            = <<EOT
{
  "uid": "e2i-overview",
  "title": "E2I overview",
  "timezone": "utc",
  "refresh": "30s",
  "time": { "from": "now-6h", "to": "now" },
  "panels": [
    {
      "id": 1,
      "type": "timeseries",
      "title": "Requests by status",
      "datasource": { "type": "prometheus", "uid": "prometheus" },
      "gridPos": { "x": 0, "y": 0, "w": 12, "h": 8 },
      "targets": [
        { "refId": "A", "expr": "sum by (status) (rate(http_requests_total[5m]))", "legendFormat": "{{status}}" }
      ]
    },
    {
      "id": 2,
      "type": "timeseries",
      "title": "Free memory",
      "datasource": { "type": "prometheus", "uid": "prometheus" },
      "gridPos": { "x": 12, "y": 0, "w": 12, "h": 8 },
      "fieldConfig": { "defaults": { "unit": "bytes" } },
      "targets": [{ "refId": "A", "expr": "node_memory_MemAvailable_bytes", "legendFormat": "{{instance}}" }]
    }
  ],
  "schemaVersion": 40
}
EOT
      }

      template {
        destination = "local/waited-for"
        change_mode = "noop"
        data        = <<EOT
prometheus{{ with service "prometheus" }}{{ else }}{{ key "drover/waits-for/prometheus" }}{{ end }}
loki{{ with service "loki" }}{{ else }}{{ key "drover/waits-for/loki" }}{{ end }}
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

      shutdown_delay = "5s"

      service {
        name         = "grafana"
        provider     = "consul"
        port         = "http"
        address_mode = "driver"
        tags         = ["e2i", "service", "observability"]

        meta {
          stack   = "e2i"
          kind    = "service"
          job     = "grafana"
          tier    = "observability"
          version = "11.5.2"
        }

        check {
          name                     = "http"
          type                     = "http"
          port                     = "http"
          path                     = "/api/health"
          interval                 = "30s"
          timeout                  = "10s"
          failures_before_critical = 3
          address_mode             = "driver"

          check_restart {
            limit = 1
            grace = "49s"
          }
        }
      }
    }
  }
}
