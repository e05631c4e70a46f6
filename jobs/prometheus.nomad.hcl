# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "prometheus" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "observability"
  }

  ui {
    description = "Metrics and alert rules."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "5m"
    progress_deadline = "10m"
    auto_revert       = true
  }

  group "prometheus" {
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
        static       = 9091
        to           = 9090
        host_network = "loopback"
      }
    }

    service {
      name         = "prometheus"
      provider     = "consul"
      port         = "9090"
      address_mode = "alloc"
      tags         = ["e2i", "service", "observability"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "prometheus"
        tier    = "observability"
        version = "v3.2.1"
      }

      check {
        name                     = "http"
        type                     = "http"
        port                     = "9090"
        path                     = "/-/healthy"
        interval                 = "30s"
        timeout                  = "10s"
        failures_before_critical = 3
        address_mode             = "alloc"

        check_restart {
          limit = 1
          grace = "34s"
        }
      }
    }

    task "prometheus" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image = "prom/prometheus:v3.2.1"
        args = [
          "--config.file=/etc/prometheus/prometheus.yml",
          "--storage.tsdb.path=/prometheus",
          "--storage.tsdb.retention.time=30d",
          "--web.enable-lifecycle",
        ]
        readonly_rootfs = true
        security_opt    = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "observability"
          "e2i.component" = "prometheus"
        }

        mount {
          type   = "volume"
          target = "/prometheus"
          source = "e2i_prometheus_data"
        }

        mount {
          type     = "bind"
          target   = "/etc/prometheus"
          source   = "local/etc/prometheus"
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

      template {
        destination          = "local/etc/prometheus/prometheus.yml"
        change_mode          = "signal"
        change_signal        = "SIGHUP"
        error_on_missing_key = true
        data                 = <<EOT
# Addresses are filled in by Nomad when the task starts, and again when one moves.
global:
  scrape_interval: 15s
  evaluation_interval: 15s

rule_files: [alerts.yml]

alerting:
  alertmanagers:
    - static_configs:
        - targets: ["{{ with service "alertmanager" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}alertmanager.service.consul:9093{{ end }}"]

scrape_configs:
  - job_name: prometheus
    static_configs:
      - targets: [localhost:9090]
  - job_name: api
    static_configs:
      - targets: ["{{ with service "api" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}api.service.consul:8000{{ end }}"]
  - job_name: bentoml
    scrape_interval: 30s
    static_configs:
      - targets: ["{{ with service "bentoml" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}bentoml.service.consul:3000{{ end }}"]
  - job_name: node
    static_configs:
      - targets: ["{{ with service "node-exporter" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}node-exporter.service.consul:9100{{ end }}"]
  - job_name: postgres
    scrape_interval: 30s
    static_configs:
      - targets: ["{{ with service "postgres-exporter" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}postgres-exporter.service.consul:9187{{ end }}"]
EOT
      }

      template {
        destination     = "local/etc/prometheus/alerts.yml"
        change_mode     = "signal"
        change_signal   = "SIGHUP"
        left_delimiter  = "[["
        right_delimiter = "]]"
        data            = <<EOT
groups:
  - name: api
    rules:
      - alert: ApiErrors
        expr: sum(rate(http_requests_total{status=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.05
        for: 5m
        labels: { severity: critical }
        annotations:
          summary: The API fails more than one request in twenty
          description: "{{ $value | humanizePercentage }} of the requests of the last five minutes ended in a 5xx."
      - alert: ApiSlow
        expr: histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m]))) > 2
        for: 5m
        labels: { severity: warning }
        annotations:
          summary: The API is slow
          description: "One request in twenty takes longer than {{ $value | humanizeDuration }}."
  - name: nodes
    rules:
      - alert: DiskAlmostFull
        expr: node_filesystem_avail_bytes{mountpoint="/"} / node_filesystem_size_bytes{mountpoint="/"} < 0.15
        for: 5m
        labels: { severity: warning }
        annotations:
          summary: "The disk of {{ $labels.instance }} is almost full"
      - alert: MemoryAlmostFull
        expr: 1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes > 0.9
        for: 5m
        labels: { severity: critical }
        annotations:
          summary: "The memory of {{ $labels.instance }} is almost full"
EOT
      }

      resources {
        cpu        = 1250
        memory     = 512
        memory_max = 2048
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
