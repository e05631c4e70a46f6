# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "alertmanager" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "observability"
  }

  ui {
    description = "Sends alerts on."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "5m"
    progress_deadline = "10m"
    auto_revert       = true
  }

  group "alertmanager" {
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
        static       = 9093
        to           = 9093
        host_network = "loopback"
      }
    }

    service {
      name     = "alertmanager"
      provider = "consul"
      port     = "9093"
      tags     = ["e2i", "service", "observability"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "alertmanager"
        tier    = "observability"
        version = "v0.28.1"
      }

      check {
        name                     = "http"
        type                     = "http"
        port                     = "9093"
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

      connect {
        sidecar_service {
          proxy {
            upstreams {
              destination_name = "api"
              local_bind_port  = 19000
            }
          }
        }
      }
    }

    task "alertmanager" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image        = "prom/alertmanager:v0.28.1"
        args         = ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"]
        security_opt = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "observability"
          "e2i.component" = "alertmanager"
        }

        mount {
          type     = "bind"
          target   = "/etc/alertmanager"
          source   = "local/etc/alertmanager"
          readonly = true
        }
      }

      template {
        destination          = "local/etc/alertmanager/alertmanager.yml"
        change_mode          = "signal"
        change_signal        = "SIGHUP"
        error_on_missing_key = true
        data                 = <<EOT
route:
  receiver: api
  group_by: [alertname, severity]
  repeat_interval: 12h

receivers:
  - name: api
    webhook_configs:
      - url: "http://{{ with service "api" }}{{ with index . 0 }}127.0.0.1:19000{{ end }}{{ else }}api.service.consul:8000{{ end }}/api/v1/webhooks/alertmanager"
        max_alerts: 10

# A critical alert hides the warning of the same name.
inhibit_rules:
  - source_matchers: [severity = critical]
    target_matchers: [severity = warning]
    equal: [alertname, instance]
EOT
      }

      resources {
        cpu        = 250
        memory     = 128
        memory_max = 512
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
