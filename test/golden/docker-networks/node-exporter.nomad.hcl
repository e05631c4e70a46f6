# Rendered by drover from the stack e2i. Edit its stack file, not this one.
# One allocation on every node that fits.
job "node-exporter" {
  type        = "system"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "system"
    tier         = "observability"
  }

  ui {
    description = "Metrics of every node."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "5m"
    progress_deadline = "10m"
    auto_revert       = true
  }

  group "node-exporter" {
    restart {
      attempts = 3
      interval = "1m"
      delay    = "15s"
      mode     = "delay"
    }

    network {
      port "metrics" {
        to = 9100
      }
    }

    task "node-exporter" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image = "prom/node-exporter:v1.9.0"
        args = [
          "--path.procfs=/host/proc",
          "--path.sysfs=/host/sys",
          "--path.rootfs=/rootfs",
          "--collector.filesystem.mount-points-exclude=^/(sys|proc|dev|host|etc)($|/)",
        ]
        network_mode    = "e2i_monitoring"
        network_aliases = ["node-exporter"]
        security_opt    = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "observability"
          "e2i.component" = "node-exporter"
        }

        mount {
          type     = "bind"
          target   = "/host/proc"
          source   = "/proc"
          readonly = true
        }

        mount {
          type     = "bind"
          target   = "/host/sys"
          source   = "/sys"
          readonly = true
        }

        mount {
          type     = "bind"
          target   = "/rootfs"
          source   = "/"
          readonly = true
        }
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

      shutdown_delay = "5s"

      service {
        name         = "node-exporter"
        provider     = "consul"
        port         = "metrics"
        address_mode = "driver"
        tags         = ["e2i", "system", "observability"]

        meta {
          stack   = "e2i"
          kind    = "system"
          job     = "node-exporter"
          tier    = "observability"
          version = "v1.9.0"
        }

        check {
          name                     = "http"
          type                     = "http"
          port                     = "metrics"
          path                     = "/metrics"
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
